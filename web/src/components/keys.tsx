import { For } from "solid-js";

/** Keys as they are printed on a keyboard. */
export function Keys(props: { keys: readonly string[] }) {
  return (
    <span class="inline-flex gap-1">
      <For each={props.keys}>{(key) => <kbd class="key">{key}</kbd>}</For>
    </span>
  );
}
