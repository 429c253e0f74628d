import { For } from "solid-js";

/** A shortcut as key caps. */
export function Keys(props: { keys: readonly string[] }) {
  return (
    <span class="inline-flex gap-1">
      <For each={props.keys}>{(key) => <kbd class="key">{key}</kbd>}</For>
    </span>
  );
}
