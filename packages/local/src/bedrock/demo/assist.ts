import { escapeRegExp } from "./words.ts";

/** Editor assistance without a model: completions from the file itself, and edits with only one meaning. */

function part(prompt: string, name: string): string {
  const begin = prompt.indexOf(`<${name}>`);
  const end = prompt.lastIndexOf(`</${name}>`);
  return begin < 0 || end < 0 ? "" : prompt.slice(begin + name.length + 2, end);
}

/** The rest of another line that starts the same way, else a closing brace. */
export function completeCode(prompt: string): string {
  const before = part(prompt, "before");
  const after = part(prompt, "after");
  const line = before.slice(before.lastIndexOf("\n") + 1);
  const start = line.trimStart();
  if (start.length >= 3) {
    const lines = `${before}\n${after}`.split("\n");
    const like = lines.find((each) => each.trimStart().startsWith(start) && each.trimStart().length > start.length);
    if (like) return like.trimStart().slice(start.length);
    const word = /[\p{L}_$][\p{L}\p{N}_$]{2,}$/u.exec(line)?.[0];
    const known =
      word &&
      new RegExp(`\\b${escapeRegExp(word)}[\\p{L}\\p{N}_$]+`, "u").exec(
        `${before.slice(0, -word.length)}\n${after}`,
      )?.[0];
    if (known && word) return known.slice(word.length);
  }
  const indent = /^\s*/.exec(line)?.[0] ?? "";
  if (/\{\s*$/.test(line) && !after.trimStart().startsWith("}")) return `\n${indent}  \n${indent}}`;
  return "";
}

export function editCode(prompt: string): string {
  const selection = part(prompt, "selection");
  const instruction = part(prompt, "instruction").trim();
  const quoted = "[\"'`“]?([^\"'`”]+?)[\"'`”]?";
  const renamed = new RegExp(
    `\\b(?:rename|replace|change)\\s+${quoted}\\s+(?:to|with|by|into)\\s+${quoted}\\.?$`,
    "i",
  ).exec(instruction);
  if (renamed?.[1] && renamed[2] !== undefined) return selection.replaceAll(renamed[1], renamed[2]);
  const lines = selection.replace(/\n$/, "").split("\n");
  const ends = selection.endsWith("\n") ? "\n" : "";
  if (/\bupper ?case\b/i.test(instruction)) return selection.toUpperCase();
  if (/\blower ?case\b/i.test(instruction)) return selection.toLowerCase();
  if (/\bsort\b/i.test(instruction)) return lines.toSorted((a, b) => a.localeCompare(b, "en")).join("\n") + ends;
  if (/\b(?:unique|duplicates?)\b/i.test(instruction)) return [...new Set(lines)].join("\n") + ends;
  if (/\bremove\b.*\bcomments?\b/i.test(instruction))
    return lines.filter((line) => !/^\s*(?:\/\/|#|--)/.test(line)).join("\n") + ends;
  if (/\bcomment(?:s|ed)?\b.*\bout\b/i.test(instruction))
    return lines.map((line) => line.replace(/^(\s*)/, "$1// ")).join("\n") + ends;
  if (/\blet\b.*\bconst\b|\bconst\b/i.test(instruction)) return selection.replace(/\b(?:let|var)\b/g, "const");
  const indent = /^\s*/.exec(lines[0] ?? "")?.[0] ?? "";
  return `${indent}// ${instruction} (the demo model cannot do this; it can rename, sort, comment out and change case)\n${selection}`;
}
