/** Runs once after the next paint, however often it is asked to. */
export function afterPaint(run: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() =>
      setTimeout(() => {
        isAsked = false;
        run();
      }),
    );
  };
}
