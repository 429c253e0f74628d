import { forEachChild, parse, type Command, type SyntaxNode, type Word } from "unbash";
import { assignedBy, isNumeric, isNumericWord, isPlainSubscript, numbersIn } from "./arithmetic.ts";

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

/** A source within a command may find variables of the shells around it, so none of its names is known to hold a number. */
export function actionsOf(source: string, { isNested }: { isNested: boolean }): Action[] {
  // Bash drops null bytes, and a page shows other control characters as nothing: what is read must be what runs.
  const isReadable = source.length <= maxLength && !/[^\P{Cc}\t\n]/u.test(source);
  if (!isReadable) return [{ kind: "unclear", text: source }];
  const found: Action[] = [];
  try {
    const script = parse(source);
    if (script.commands.length === 0) return [{ kind: "unclear", text: source }];
    visit(script, { source, found, numbers: isNested ? new Set() : numbersIn(script) });
    return found;
  } catch {
    // Such as one that is nested too deeply for the parser.
    return [{ kind: "unclear", text: source }];
  }
}

interface Visit {
  source: string;
  found: Action[];
  numbers: ReadonlySet<string>;
}

function visit(node: SyntaxNode, state: Visit): void {
  const { source, found } = state;
  if (!isCertain(node, state)) found.push({ kind: "unclear", text: "text" in node ? node.text : source });
  for (const { name, word } of assignedBy(node))
    found.push({ kind: "assign", name, word: word ? assignedWord(node, word) : { text: "$((…))", value: undefined } });
  if (node.type === "Command") takeCommand(node, found);
  if (node.type === "Redirect") takeRedirect(node, found);
  forEachChild(node, (child) => visit(child, state));
}

/** The word of a loop is its name, which takes several values. */
function assignedWord(node: SyntaxNode, word: Word): ShellWord {
  return node.type === "For" || node.type === "Select" ? { text: word.text, value: undefined } : toWord(word);
}

function isCertain(node: SyntaxNode, { source, numbers }: Visit): boolean {
  switch (node.type) {
    case "Script":
      return node.errors === undefined || node.errors.length === 0;
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      return node.script !== undefined;
    case "Word":
      // `{name[subscript]}` before a redirection evaluates the subscript.
      return !/^\{\w+\[/.test(node.text);
    case "Assignment":
      return node.index === undefined || isPlainSubscript(node.index, numbers);
    case "ArrayValue":
      // `([subscript]=value)`
      return !node.elements.some(({ text }) => text.startsWith("["));
    case "ParameterExpansion": {
      const { prefix, index, operation } = node;
      if (index !== undefined && !isPlainSubscript(index, numbers)) return false;
      if (operation?.type === "Slice")
        return [operation.offset, operation.length].every((word) => !word || isNumericWord(word, numbers));
      // `${!name}` names a variable by another one, and `${name@P}` expands what it holds.
      return prefix !== "!" && operation?.type !== "Transform" && operation?.type !== "Unknown";
    }
    case "ArithmeticExpansion": {
      const inner = /^\$(?:\(\(([^]*)\)\)|\[([^]*)\])$/.exec(node.text);
      return node.expression !== undefined && isNumeric(inner?.[1] ?? inner?.[2] ?? "`", numbers);
    }
    case "ArithmeticCommand":
      return node.expression !== undefined && isNumeric(node.body, numbers);
    case "ArithmeticFor": {
      const head = /^for\s*\(\(([^;]*;[^;]*;[^;]*)\)\)[\s;]*(?:do|\{)?\s*$/.exec(source.slice(node.pos, node.body.pos));
      return (head?.[1]?.split(";") ?? ["`"]).every((part) => isNumeric(part, numbers));
    }
    case "TestUnary":
      return !/^-[vR]$/.test(node.operator) || isVariable(toWord(node.operand));
    case "TestBinary":
      return (
        !/^-(?:eq|ne|lt|le|gt|ge)$/.test(node.operator) ||
        [node.left, node.right].every((word) => isNumericWord(word, numbers))
      );
    case "Coproc":
      return false;
    default:
      return true;
  }
}

/** A name, or an element of an array by its number. Other subscripts are evaluated, commands in them too. */
export function isVariable({ value }: ShellWord): boolean {
  return /^[A-Za-z_]\w*(?:\[(?:\d+|[@*])\])?$/.test(value ?? "");
}

function takeCommand(node: Command, found: Action[]): void {
  if (node.name === undefined) return;
  const words = node.args.map((arg) => (arg.type === "Word" ? toWord(arg) : { text: arg.text, value: undefined }));
  found.push({ kind: "command", words: [toWord(node.name), ...words] });
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
