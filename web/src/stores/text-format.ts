/** How a text is stored. In the page it has no byte order mark, and its lines end with \n. */
export interface TextFormat {
  hasMark: boolean;
  ending: "\n" | "\r\n";
}

const mark = "\ufeff";

/** Separates a stored text from its format. CRLF only if every line ends with it; mixed endings stay as they are. */
export function readFormat(stored: string): { text: string; format: TextFormat } {
  const hasMark = stored.startsWith(mark);
  const body = hasMark ? stored.slice(mark.length) : stored;
  const ending = body.includes("\r\n") && !/(?:^|[^\r])\n|\r(?!\n)/.test(body) ? "\r\n" : "\n";
  return { text: ending === "\n" ? body : body.replaceAll(ending, "\n"), format: { hasMark, ending } };
}

/** The text as it is stored. */
export function writeFormat(text: string, { hasMark, ending }: TextFormat): string {
  return (hasMark ? mark : "") + (ending === "\n" ? text : text.replaceAll("\n", ending));
}

/** Decodes UTF-8 and keeps a byte order mark, which `Response.text()` drops. */
export function decodeText(bytes: ArrayBuffer): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}
