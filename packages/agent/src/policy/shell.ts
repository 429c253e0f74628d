import { forEachChild, parse, type Command, type SyntaxNode, type Word } from "unbash";

/**
 * A shell command taken apart into all that it may do, wherever that is in it: in lists, pipes, loops, substitutions,
 * functions, here documents, redirections. What cannot be read for certain is `unclear`.
 */

export interface ShellWord {
  /** As it is written. */
  text: string;
  /** What it stands for, when that is known without running it. */
  value: string | undefined;
}

export type Action =
  | { kind: "command"; words: ShellWord[] }
  | { kind: "read" | "write"; file: ShellWord }
  | { kind: "assign"; name: string; word: ShellWord }
  | { kind: "unclear"; text: string };

/** Longer ones are not read: no command that a person can judge is. */
const maxLength = 32_000;

export function actionsOf(source: string): Action[] {
  // Bash drops null bytes, and a page shows other control characters as nothing: what is read must be what runs.
  const isReadable = source.length <= maxLength && !/[^\P{Cc}\t\n]/u.test(source);
  if (!isReadable) return [{ kind: "unclear", text: source }];
  const found: Action[] = [];
  try {
    const script = parse(source);
    if (script.commands.length === 0) return [{ kind: "unclear", text: source }];
    visit(script, source, found);
    return found;
  } catch {
    // Such as one that is nested too deeply for the parser.
    return [{ kind: "unclear", text: source }];
  }
}

function visit(node: SyntaxNode, source: string, found: Action[]): void {
  switch (node.type) {
    case "Script":
      if (node.errors !== undefined && node.errors.length > 0) found.push({ kind: "unclear", text: source });
      break;
    case "Command":
      takeCommand(node, found);
      break;
    case "Assignment":
      found.push({
        kind: "assign",
        name: node.name,
        word: node.value.type === "Word" ? toWord(node.value) : { text: node.text, value: undefined },
      });
      break;
    case "Redirect":
      takeRedirect(node, found);
      break;
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      if (node.script === undefined) found.push({ kind: "unclear", text: node.text });
      break;
    case "ParameterExpansion":
      // `${!name}` names a variable by another one, and `${name@P}` expands what it holds.
      if (node.prefix === "!" || node.operation?.type === "Transform" || node.operation?.type === "Unknown")
        found.push({ kind: "unclear", text: node.text });
      if (node.operation?.type === "Default" && node.operation.operator.endsWith("="))
        found.push({ kind: "assign", name: node.parameter, word: toWord(node.operation.operand) });
      break;
    case "For":
    case "Select":
      found.push({ kind: "assign", name: node.name.value, word: { text: node.name.text, value: undefined } });
      break;
    case "ArithmeticExpansion":
      takeArithmetic(node.text, node.expression !== undefined, found);
      break;
    case "ArithmeticCommand":
      takeArithmetic(node.body, node.expression !== undefined, found);
      break;
    case "Coproc":
      found.push({ kind: "unclear", text: "coproc" });
      break;
  }
  forEachChild(node, (child) => visit(child, source, found));
}

function takeCommand(node: Command, found: Action[]): void {
  if (node.name === undefined) return;
  const words = node.args.map((arg) => (arg.type === "Word" ? toWord(arg) : { text: arg.text, value: undefined }));
  found.push({ kind: "command", words: [toWord(node.name), ...words] });
}

/** Subscripts can run commands, and what is no expression may be two subshells. */
function takeArithmetic(text: string, isParsed: boolean, found: Action[]): void {
  const isPlain = isParsed && /^[\w\s$+\-*/%()<>=!&|?:,]*$/.test(text) && !/[\w)]\s+[\w$(]/.test(text);
  if (!isPlain) found.push({ kind: "unclear", text });
}

function takeRedirect(node: Extract<SyntaxNode, { type: "Redirect" }>, found: Action[]): void {
  if (node.target === undefined) {
    found.push({ kind: "unclear", text: node.operator });
    return;
  }
  const file = toWord(node.target);
  if ((node.operator === ">&" || node.operator === "<&") && /^(?:\d+-?|-)$/.test(file.value ?? "")) return;
  found.push({ kind: node.operator === "<" || node.operator === "<&" ? "read" : "write", file });
}

export function toWord(word: Word): ShellWord {
  return { text: word.text, value: isStatic(word) ? word.value : undefined };
}

function isStatic(node: SyntaxNode): boolean {
  let known = true;
  const isKnown = ["Word", "Literal", "SingleQuoted", "DoubleQuoted", "AnsiCQuoted"].includes(node.type);
  forEachChild(node, (child) => {
    known &&= isStatic(child);
  });
  return isKnown && known;
}

/** Whether a word that is not known may become an option: expansions without quotes are split into several words. */
export function mayBecomeOption({ text }: ShellWord): boolean {
  const isQuoted = /^"[\w./][^"]*"$/.test(text);
  const isGlob = /^[\w./]/.test(text) && !/[$`{<>]/.test(text);
  return !isQuoted && !isGlob;
}

/** A word as it must be written to be taken literally. */
export function quoted(value: string): string {
  return /^[\w@%+=:,./^~-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}

/** A command on one line, each word as short as it can be written. */
export function textOf(words: readonly ShellWord[]): string {
  return words.map(({ value, text }) => (value === undefined ? text : quoted(value))).join(" ");
}
