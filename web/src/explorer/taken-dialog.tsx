import { text } from "#text/explorer.ts";
import { Dialog } from "../components/dialog.tsx";
import type { OnTaken } from "./transfers.ts";

/** Asks what to do with uploads whose paths exist. */
export default function TakenDialog(props: {
  taken: readonly string[];
  count: number;
  onAnswer(onTaken: OnTaken): void;
  onClose(): void;
}) {
  const answer = (label: string, onTaken: OnTaken, isMain = false) => (
    <button class="button" classList={{ "button-main": isMain }} onClick={() => props.onAnswer(onTaken)}>
      {label}
    </button>
  );
  return (
    <Dialog open title={text.takenTitle} onClose={props.onClose}>
      <p class="text-sm">
        {props.taken.length === 1
          ? text.takenOne(props.taken[0] ?? "")
          : text.takenMany(props.taken.length, props.count)}
      </p>
      <div class="flex flex-wrap gap-2">
        {answer(text.replace, "replace", true)}
        {answer(text.keepBoth, "keep-both")}
        {answer(text.skip, "skip")}
      </div>
    </Dialog>
  );
}
