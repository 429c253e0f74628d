/** The point below a pressed button, for a menu. */
export function below(event: { currentTarget: HTMLElement }): { x: number; y: number } {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  return { x: left, y: bottom + 4 };
}
