/** A mention or a command that is being typed: where its "@" or "/" is, and what follows it. */
export interface Mention {
  from: number;
  words: string;
  isCommand?: boolean;
}

/** A command at the beginning of a message, while its name is typed. */
export function commandAt(before: string): Mention | undefined {
  const found = /^\/([\w:-]*)$/.exec(before);
  return found ? { from: 0, words: found[1] ?? "", isCommand: true } : undefined;
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
