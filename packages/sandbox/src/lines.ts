/**
 * The lines of streamed JSON, without their ends. Only a line feed ends one: `readline` also splits at U+2028 and U+2029, which
 * JSON leaves as they are in strings. A last line that is not ended is dropped: the connection broke in it.
 */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  limit: number,
  tooLong: () => Error,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let parts: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    parts.push(first);
    length += first.length;
    if (others.length > 0) {
      if (length > limit) throw tooLong();
      yield parts.join("");
      const last = others.pop() ?? "";
      yield* others;
      [parts, length] = [[last], last.length];
    }
    if (length > limit) throw tooLong();
  }
}
