/** A command's text without its front matter, with `$ARGUMENTS` and `$1` to `$9` filled in; else they come after it. */
export function fillIn(content: string, given: string): string {
  const text = content.replace(/^\uFEFF?---\r?\n[^]*?\r?\n---[^\S\n]*(?:\r?\n|$)/, "").trim();
  const words = given.trim().split(/\s+/);
  const placed = text.replace(/\$(ARGUMENTS\b|[1-9](?!\d))/g, (_, which: string) =>
    which === "ARGUMENTS" ? given.trim() : (words[Number(which) - 1] ?? ""),
  );
  return placed === text && given.trim() !== "" ? `${text}\n\n${given.trim()}` : placed;
}
