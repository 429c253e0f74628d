import { For, Show } from "solid-js";
import type { ToolChange } from "@slipway/contract/run";
import { text } from "#text/agent.ts";

/** One file that a call has changed, with the difference. */
export function ChangeView(props: { change: ToolChange; onOpen(path: string): void }) {
  return (
    <div>
      <p class="flex items-center gap-2 px-3 py-1 text-xs text-quiet">
        {text.ops[props.change.op]}{" "}
        <Show when={props.change.op !== "deleted"} fallback={<span class="font-mono">{props.change.path}</span>}>
          <button class="font-mono text-accent underline" onClick={() => props.onOpen(props.change.path)}>
            {props.change.path}
          </button>
        </Show>
      </p>
      <Show when={props.change.diff}>{(diff) => <Diff text={diff()} />}</Show>
    </div>
  );
}

function Diff(props: { text: string }) {
  return (
    <pre
      class="max-h-80 overflow-auto bg-code py-1 font-mono text-xs"
      aria-label={text.changes}
      role="region"
      tabindex="0"
    >
      <For each={props.text.split("\n").filter((line) => !/^(?:---|\+\+\+|===)/.test(line))}>
        {(line) => (
          <div
            class="px-3 whitespace-pre"
            classList={{
              "bg-good-soft": line.startsWith("+"),
              "bg-bad-soft": line.startsWith("-"),
              "text-quiet": line.startsWith("@@"),
            }}
          >
            {line || " "}
          </div>
        )}
      </For>
    </pre>
  );
}
