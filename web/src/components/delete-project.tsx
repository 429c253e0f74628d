import { createSignal } from "solid-js";
import { Dialog } from "./dialog.tsx";

/** Confirms an irreversible deletion by the project's typed name. */
export default function DeleteProjectDialog(props: { name: string; onClose(): void; onDelete(): void }) {
  const [typed, setTyped] = createSignal("");
  const fits = () => typed().trim() === props.name.trim();
  return (
    <Dialog open title="Delete project" onClose={props.onClose}>
      <form
        class="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (fits()) props.onDelete();
        }}
      >
        <p class="text-sm">
          All files and conversations of <strong>{props.name}</strong> go, and cannot be brought back.
        </p>
        <label class="flex flex-col gap-1 text-sm">
          Type its name to confirm
          <input
            class="field"
            autofocus
            value={typed()}
            onInput={(event) => setTyped(event.currentTarget.value)}
            autocomplete="off"
          />
        </label>
        <button class="button button-bad" disabled={!fits()}>
          Delete for good
        </button>
      </form>
    </Dialog>
  );
}
