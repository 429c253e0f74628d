import { text } from "#text/common.ts";
import { createSignal } from "solid-js";
import { Dialog } from "./dialog.tsx";

/** Confirms an irreversible deletion by the project's typed name. */
export default function DeleteProjectDialog(props: { name: string; onClose(): void; onDelete(): void }) {
  const [typed, setTyped] = createSignal("");
  const fits = () => typed().trim() === props.name.trim();
  return (
    <Dialog open title={text.deleteProject} onClose={props.onClose}>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits()) props.onDelete();
        }}
      >
        <p class="text-sm">{text.deleteProjectAbout(props.name)}</p>
        <label class="flex flex-col gap-1 text-sm">
          {text.typeName}
          <input
            class="field"
            autofocus
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
            autocomplete="off"
          />
        </label>
        <button class="button button-bad" disabled={!fits()}>
          {text.deletePermanently}
        </button>
      </form>
    </Dialog>
  );
}
