/** The time in milliseconds since 1970. Tests can replace it. */
let source: () => number = () => Date.now();

export function now(): number {
  return source();
}

/** For tests. Returns a function that restores the real clock. */
export function hold(time: () => number): () => void {
  source = time;
  return () => {
    source = () => Date.now();
  };
}

/** UTC calendar month as `2026-11`. */
export function month(time: number = now()): string {
  return new Date(time).toISOString().slice(0, 7);
}

/** The first instant of the next UTC calendar month. */
export function nextMonth(time: number = now()): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
}
