/** Titles, slugs, lists and escaping. */

const idle = new Set(
  "a an the with and for to of in on that which please me my our build create make write develop generate want would like app application project simple small new using use some i you can could".split(
    " ",
  ),
);

export function keywords(prompt: string): string[] {
  return prompt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s+#.-]/gu, " ")
    .split(/\s+/)
    .map((word) => word.replace(/^[.-]+|[.-]+$/g, ""))
    .filter((word) => word !== "" && !idle.has(word));
}

export function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** 3 to 6 words. */
export function titleOf(prompt: string): string {
  const words = prompt
    .replace(/[^\p{L}\p{N}\s'+#.-]/gu, " ")
    .split(/\s+/)
    .filter(Boolean);
  const kept = words.filter((word) => !["a", "an", "the", "please", "me"].includes(word.toLowerCase())).slice(0, 6);
  const fill = ["in", "this", "project"];
  while (kept.length < 3) kept.push(fill[kept.length] ?? "here");
  return capitalise(kept.join(" ").replace(/[.,;:-]+$/, ""));
}

/** `pomodoro-timer` */
export function slug(text: string): string {
  const made = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 40);
  return made === "" ? "project" : made;
}

export function list(items: readonly string[]): string {
  return items.map((item) => `- ${item}`).join("\n");
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

export function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}
