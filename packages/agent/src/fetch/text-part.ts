import { headOf } from "@slipway/contract/cut";

/** Characters of one part. */
const maxText = 60_000;

/** A long text from a character on. A part says where it is, and where the next one begins. */
export function partOf(text: string, from: number): string {
  if (from > 0 && from >= text.length) return `The text ends at character ${text.length}.`;
  const part = headOf(text.slice(from), maxText);
  const end = from + part.length;
  if (from === 0 && end === text.length) return part;
  const next = end < text.length ? `; read on with from: ${end}` : "";
  return `${part}\n[characters ${from}–${end} of ${text.length}${next}]`;
}
