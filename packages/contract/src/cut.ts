/**
 * The only places where a text is cut by length: between characters, because half of one (a lone surrogate) is refused by
 * strict servers, and a conversation that holds it is refused for ever.
 */

/** The first `length` UTF-16 units of a text, or one less. */
export function headOf(text: string, length: number): string {
  if (text.length <= length) return text;
  return text.slice(0, isSplit(text, length) ? length - 1 : length);
}

/** The last `length` UTF-16 units of a text, or one less. */
export function tailOf(text: string, length: number): string {
  if (text.length <= length) return text;
  const from = text.length - length;
  return text.slice(isSplit(text, from) ? from + 1 : from);
}

/** Whether a position is between the two halves of a character. */
function isSplit(text: string, at: number): boolean {
  return /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(at));
}
