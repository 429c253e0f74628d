import { headOf } from "@slipway/contract/cut";

/** What a tool says, as a provider takes it: none may be blank. */
export function tellable(text: string): string {
  return text.trim() === "" ? "(no output)" : text;
}

/** A text of at most `length` characters. One that is cut says so, or a reader takes the part for the whole. */
export function cutTo(text: string, length: number): string {
  if (text.length <= length) return text;
  const number = (n: number) => n.toLocaleString("en");
  return `${headOf(text, length)}\n[cut: the first ${number(length)} of ${number(text.length)} characters]`;
}

/** A result as the model is told it. Where it was cut, with how to get the rest. */
export function withRest(result: string): string {
  const isCut = /\n\[cut: the first [\d,]+ of [\d,]+ characters\]$/.test(result);
  return isCut ? `${result}\n[Make the call again, for the part that you need, to read the rest.]` : result;
}

/** The first lines of a result that is kept whole at a path, and how to read on. */
export function beginningOf(text: string, length: number, path: string): string {
  const head = headOf(text, length);
  const end = head.lastIndexOf("\n");
  const [shown, next] = end > 0 ? [head.slice(0, end), head.slice(0, end).split("\n").length + 1] : [head, 1];
  const all = text.length.toLocaleString("en");
  return `${shown}\n[cut: ${shown.length.toLocaleString("en")} of ${all} characters; read_file with path: "${path}", startLine: ${next} reads on]`;
}
