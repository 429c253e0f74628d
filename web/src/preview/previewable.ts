/** Files that a preview shows as more than their text. */
const shown = /\.(?:html?|md|markdown|svg)$/i;

export function isPreviewable(path: string): boolean {
  return shown.test(path);
}
