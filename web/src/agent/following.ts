import { createSignal } from "solid-js";

/** Pixels from the end within which a reader is at the end. */
const endWithin = 60;

/**
 * Keeps the end of a growing list in view, until the reader scrolls up. What is in the list changes its height at any
 * time (text arrives, code is highlighted, an answer ends), so its size is watched, and not what causes it.
 */
export function createFollowing() {
  const [follows, setFollows] = createSignal(true);
  let scroller: HTMLElement | undefined;
  let last = { top: 0, height: 0 };

  function toEnd(): void {
    if (scroller) scroller.scrollTop = scroller.scrollHeight;
  }

  return {
    follows,
    /** Goes to the end and stays there. */
    follow(): void {
      setFollows(true);
      toEnd();
    },
    attach(element: HTMLElement, content: HTMLElement): () => void {
      scroller = element;
      const observer = new ResizeObserver(() => follows() && toEnd());
      observer.observe(content);
      observer.observe(element);
      return () => observer.disconnect();
    },
    onScroll(): void {
      if (!scroller) return;
      const { scrollTop: top, scrollHeight: height, clientHeight } = scroller;
      if (height - top - clientHeight < endWithin) setFollows(true);
      // A list that has shrunk moves by itself, which is not the reader's doing.
      else if (top < last.top && height >= last.height) setFollows(false);
      last = { top, height };
    },
  };
}
