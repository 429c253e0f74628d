/** Lists, slugs, case and escaping. */

export function capitalise(text: string): string {
  return text.charAt(0).toLocaleUpperCase() + text.slice(1);
}

/** `pomodoro-timer` */
export function slug(text: string): string {
  const made = text
    .replace(/[äöüß]/gi, (letter) => ({ ä: "ae", ö: "oe", ü: "ue", ß: "ss" })[letter.toLowerCase()] ?? letter)
    .normalize("NFD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40)
    .replace(/-$/, "");
  return made === "" ? "project" : made;
}

export function bullets(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

export function code(path: string): string {
  return `\`${path}\``;
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (found) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[found] ?? "&quot;");
}

/** Without what could end a string, a comment or a tag in any of the languages that projects are written in. */
export function harmless(text: string): string {
  return text
    .replace(/["'`\\{}<>*$\p{Cc}]/gu, (found) => (found === "'" ? "’" : " "))
    .replace(/\s+/g, " ")
    .trim();
}
