import { createEffect, onCleanup, onMount } from "solid-js";
import { createGrowing } from "./growing.ts";

/** A list or a table that grows is rendered again as a whole: after this many times what the last time took. */
const restFactor = 6;

/**
 * A text that is still being written. Each update renders its last block alone, so that a delta costs the same in a long
 * answer as in a short one.
 */
export default function GrowingMarkdown(props: { text: string }) {
  let element!: HTMLDivElement;
  let resting: ReturnType<typeof setTimeout> | undefined;
  onMount(() => {
    const growing = createGrowing(element);
    createEffect(() => {
      const { text } = props;
      if (resting === undefined) update(text);
    });
    function update(text: string): void {
      const began = performance.now();
      const isWhole = growing.update(text);
      if (isWhole) return;
      const took = performance.now() - began;
      resting = setTimeout(() => {
        resting = undefined;
        update(props.text);
      }, took * restFactor);
    }
  });
  onCleanup(() => clearTimeout(resting));
  return <div ref={element} class="prose" />;
}
