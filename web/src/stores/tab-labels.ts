/**
 * Labels of open files: the name, and where two have the same one as many folders as tell them apart.
 * `src/a/index.ts` and `src/b/index.ts` are `index.ts` with `a` and `b`.
 */
export function tabLabels(paths: readonly string[]): Map<string, { name: string; folder: string }> {
  const byName = new Map<string, string[]>();
  for (const path of new Set(paths)) {
    // Names that look alike need their folders as well.
    const name = nameOf(path).normalize("NFC");
    byName.set(name, [...(byName.get(name) ?? []), path]);
  }
  const labels = new Map<string, { name: string; folder: string }>();
  for (const alike of byName.values())
    for (const path of alike) labels.set(path, { name: nameOf(path), folder: folderThatTells(path, alike) });
  return labels;
}

function folderThatTells(path: string, alike: readonly string[]): string {
  if (alike.length === 1) return "";
  const folders = path.split("/").slice(0, -1);
  const others = alike.filter((other) => other !== path).map((other) => other.split("/").slice(0, -1));
  for (let depth = 1; depth <= folders.length; depth++) {
    const end = folders.slice(-depth).join("/");
    if (others.every((other) => other.slice(-depth).join("/") !== end)) return end;
  }
  return folders.length === 0 ? "./" : folders.join("/");
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
