import { For } from "solid-js";
import { text } from "#text/terminal.ts";

const keys: readonly { label: string; name: string; data: string }[] = [
  { label: text.keys.escape, name: text.keys.escape, data: "\x1b" },
  { label: text.keys.tab, name: text.keys.tab, data: "\t" },
  { label: "↑", name: text.keys.up, data: "\x1b[A" },
  { label: "↓", name: text.keys.down, data: "\x1b[B" },
  { label: "←", name: text.keys.left, data: "\x1b[D" },
  { label: "→", name: text.keys.right, data: "\x1b[C" },
  { label: "|", name: "|", data: "|" },
];

/** Keys that a touch keyboard lacks. A pressed one leaves the focus in the terminal, and the keyboard open. */
export function ExtraKeys(props: { isControlHeld: boolean; onControl(): void; onKey(data: string): void }) {
  return (
    <div
      role="toolbar"
      aria-label={text.extraKeys}
      class="hidden shrink-0 gap-1 overflow-x-auto border-t border-line bg-panel p-1 pointer-coarse:flex max-md:flex"
      onPointerDown={(event) => event.preventDefault()}
    >
      <button
        class="button h-11 min-w-11 grow px-1.5"
        classList={{ "button-main": props.isControlHeld }}
        aria-pressed={props.isControlHeld}
        onClick={() => props.onControl()}
      >
        {text.keys.ctrl}
      </button>
      <For each={keys}>
        {({ label, name, data }) => (
          <button class="button h-11 min-w-9 grow px-1.5" aria-label={name} onClick={() => props.onKey(data)}>
            {label}
          </button>
        )}
      </For>
    </div>
  );
}
