import { headOf } from "@slipway/contract/cut";
/**
 * What Slipway tells the model in the person's turn, marked apart from the person's own words. Names and contents that it
 * quotes are data: they can neither end the note nor begin a line of it.
 */
export function asNote(text: string): string {
  return `<slipway-note>\n${text.replace(/<(?=\s*\/?\s*slipway-note)/gi, "&lt;")}\n</slipway-note>`;
}

const maxQuoted = 300;

/** A name as one JSON string, with whatever could change lines or direction escaped. */
export function quote(name: string): string {
  const shown = name.length > maxQuoted ? `${headOf(name, maxQuoted)}…` : name;
  return JSON.stringify(shown).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(""),
  );
}

function escaped(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, "0")}`;
}

/** A content between fences that it cannot close. */
export function fenced(content: string): string {
  const longest = Math.max(2, ...[...content.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${content}\n${fence}`;
}
