import { afterPaint } from "../components/after-paint.ts";

/** Milliseconds after a key in which another may follow. */
const rest = 60;
/** Milliseconds that a person who types without a rest waits at the most. */
const longest = 250;

/**
 * Gives way to typing: what comes while keys are pressed is taken together, between the paint of one key and the next. Without
 * keys it is taken at once.
 */
export function betweenKeys<T>(take: (items: readonly T[]) => void) {
  let waiting: T[] = [];
  let since = 0;
  let keyAt = -Infinity;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isListening = false;
  const takeAfterPaint = afterPaint(flush);

  function onKey(): void {
    keyAt = performance.now();
    if (waiting.length > 0 && keyAt - since > longest) takeAfterPaint();
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    const items = waiting;
    waiting = [];
    take(items);
  }

  function flushAtRest(): void {
    const left = keyAt + rest - performance.now();
    if (left <= 0) return flush();
    timer = setTimeout(flushAtRest, left);
  }

  return {
    add(items: readonly T[]): void {
      if (!isListening) addEventListener("keydown", onKey, { capture: true, passive: true });
      isListening = true;
      if (waiting.length === 0) since = performance.now();
      waiting.push(...items);
      if (timer === undefined) flushAtRest();
    },
    /** Takes what waits, before something that comes after it. */
    flush,
    close(): void {
      clearTimeout(timer);
      removeEventListener("keydown", onKey, { capture: true });
    },
  };
}
