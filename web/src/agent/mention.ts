/** A mention that is being typed: where its "@" is, and what follows it. */
export interface Mention {
  from: number;
  words: string;
}

/**
 * The mention at the end of a text. An "@" within a word of a script that separates words with spaces is an address:
 * "me@example". After Chinese, Japanese or Korean text, or punctuation, it begins a mention.
 */
export function mentionAt(before: string): Mention | undefined {
  const found = /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_.+-])@([^\s@]*)$/u.exec(before);
  return found ? { from: found.index, words: found[1] ?? "" } : undefined;
}

/** A path as a mention. */
export function mentionOf(path: string): string {
  return /\s/.test(path) ? `@"${path}" ` : `@${path} `;
}
