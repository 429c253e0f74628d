/** Quotes, dashes and spaces that models type as a keyboard has them, or the other way round. */

/** As a keyboard has them. Every character stays one, so positions are the same in both. */
export function foldTypography(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201A\u201B\u2032]/g, "'")
    .replace(/[\u201C\u201D\u201E\u201F\u2033]/g, '"')
    .replace(/[\u2010-\u2015\u2212]/g, "-")
    .replace(/[\u00A0\u2002-\u200A\u202F\u205F\u3000]/g, " ");
}

/** How new text is written in the file; undefined when that cannot be told. */
export interface Typing {
  added(text: string): string | undefined;
  /** The part of a line that an edit changes. Around it the line stays as it was. */
  changed(part: string, line: string): string | undefined;
}

/** How new text is meant, from the quoted texts and what the file has in their places. `isPlain`: it has no typography at all. */
export function typingOf(
  pairs: readonly (readonly [quoted: string, actual: string])[],
  isPlain: () => boolean,
): Typing {
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
  // Which typography is the file's own, once some has been added to what it has.
  const isMixed = (text: string) => isAdded && text !== foldTypography(text) && !isPlain();
  function added(text: string): string | undefined {
    if (isMixed(text)) return undefined;
    const typed = isAdded ? foldTypography(text) : text;
    // The file's typographic quotes came as plain ones: which of the new ones are meant to be typographic is not known.
    const isUnclear = lost.size > 0 && (/['"-]/.test(typed) || [...lost].some((plain) => typed.includes(plain)));
    return isUnclear ? undefined : typed;
  }
  return { added, changed: (part, line) => (isMixed(line) ? undefined : added(part)) };
}

/** A text that replaces a quoted one, with the file's own characters before and after what the edit changes. */
export function keepTypography(edited: string, quoted: string, actual: string, typing: Typing): string | undefined {
  const [before, after, own] = [quoted.trim(), edited.trim(), actual.trim()];
  if (before.length !== own.length) return typing.added(edited);
  const { head, tail } = sharedEnds(before, after);
  const middle = typing.changed(after.slice(head, after.length - tail), after);
  if (middle === undefined) return undefined;
  const start = edited.length - edited.trimStart().length;
  const kept = own.slice(0, head) + middle + own.slice(own.length - tail);
  return edited.slice(0, start) + kept + edited.slice(start + after.length);
}

/** How many characters two texts share at their starts, and at their ends after that. */
export function sharedEnds(one: string, other: string): { head: number; tail: number } {
  const shorter = Math.min(one.length, other.length);
  let head = 0;
  while (head < shorter && one[head] === other[head]) head++;
  let tail = 0;
  while (tail < shorter - head && one.at(-1 - tail) === other.at(-1 - tail)) tail++;
  return { head, tail };
}
