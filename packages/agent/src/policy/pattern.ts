/**
 * Patterns of rules, as people read them: `npm install *`. A star stands for anything, ` *` at the end also for nothing, and
 * a backslash takes the next character literally.
 */
export function matches(pattern: string, text: string): boolean {
  const optional = pattern.endsWith(" *") && !pattern.endsWith("\\ *");
  const whole = optional ? pattern.slice(0, -2) : pattern;
  const parts = partsOf(whole);
  if (optional && matchesParts([...parts.slice(0, -1), `${parts.at(-1) ?? ""} `, ""], text)) return true;
  return matchesParts(parts, text);
}

/** The pattern that matches one text alone. */
export function exactly(text: string): string {
  return text.replace(/[\\*]/g, "\\$&");
}

/** The literal parts between the stars. */
function partsOf(pattern: string): string[] {
  const parts = [""];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    if (character === "*") parts.push("");
    else parts[parts.length - 1] += character === "\\" ? pattern.charAt(++at) : character;
  }
  return parts;
}

/** In linear time, as no part is looked for twice: the leftmost place of each leaves most for the rest. */
function matchesParts(parts: readonly string[], text: string): boolean {
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  const end = text.length - last.length;
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found === -1 || found + part.length > end) return false;
    at = found + part.length;
  }
  return true;
}
