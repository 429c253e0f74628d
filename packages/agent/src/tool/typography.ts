/** Quotes, dashes and spaces that models type as a keyboard has them, or the other way round. */

/** As a keyboard has them. Every character stays one, so positions are the same in both. */
export function foldTypography(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u201B\u2032]/g, "'")
    .replace(/[\u201C\u201D\u201E\u201F\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, " ");
}

/** Writes new text as the file has it; undefined when that cannot be told. */
export type Typing = (text: string) => string | undefined;

/** How new text is meant, from the quoted texts and what the file has in their places. */
export function typingOf(pairs: readonly (readonly [quoted: string, actual: string])[]): Typing {
  const lost = new Set<string>();
  let isAdded = false;
  for (const [quoted, actual] of pairs) {
    if (quoted === actual || quoted.length !== actual.length) continue;
    for (const [at, own] of actual.split("").entries()) {
      const theirs = quoted.charAt(at);
      if (theirs === own) continue;
      if (theirs === foldTypography(own)) lost.add(theirs);
      else isAdded = true;
    }
  }
  return (text) => {
    const typed = isAdded ? foldTypography(text) : text;
    // The file's typographic quotes came as plain ones: which of the new ones are meant to be typographic is not known.
    return [...lost].some((plain) => typed.includes(plain)) ? undefined : typed;
  };
}

/** A text that replaces a quoted one, with the file's own characters before and after what the edit changes. */
export function keepTypography(edited: string, quoted: string, actual: string, typing: Typing): string | undefined {
  const [before, after, own] = [quoted.trim(), edited.trim(), actual.trim()];
  if (before.length !== own.length) return typing(edited);
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++;
  const middle = typing(after.slice(head, after.length - tail));
  if (middle === undefined) return undefined;
  const start = edited.length - edited.trimStart().length;
  const kept = own.slice(0, head) + middle + own.slice(own.length - tail);
  return edited.slice(0, start) + kept + edited.slice(start + after.length);
}
