import { forEachChild, parse, type Command, type SyntaxNode, type Word } from "unbash";
import {
  assignedBy,
  isNumeric,
  isNumericWord,
  isPlainSubscript,
  knownIn,
  nothingKnown,
  type Known,
} from "./arithmetic.ts";

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
  /** `isForCommand`: what runs finds it in its environment. */
  | { kind: "assign"; name: string; word: ShellWord; isForCommand: boolean }
  | { kind: "unclear"; text: string };

/** Longer ones are not read: no command that a person can judge is. */
const maxLength = 32_000;

/** A source within a command may find variables of the shells around it, so nothing is known of its names. */
export function actionsOf(source: string, { isNested }: { isNested: boolean }): Action[] {
  // Bash drops null bytes, and a page shows other control characters as nothing: what is read must be what runs.
  const isReadable = source.length <= maxLength && !/[^\P{Cc}\t\n]/u.test(source);
  if (!isReadable) return [{ kind: "unclear", text: source }];
  const found: Action[] = [];
  try {
    const script = parse(source);
    if (script.commands.length === 0) return [{ kind: "unclear", text: source }];
    visit(script, { source, found, known: isNested ? nothingKnown : knownIn(script) });
    return found;
  } catch {
    // Such as one that is nested too deeply for the parser.
    return [{ kind: "unclear", text: source }];
  }
}

interface Visit {
  source: string;
  found: Action[];
  known: Known;
}

function visit(node: SyntaxNode, state: Visit): void {
  const { source, found } = state;
  if (!isCertain(node, state)) found.push({ kind: "unclear", text: "text" in node ? node.text : source });
  found.push(...assignments(node, false));
  if (node.type === "Command") takeCommand(node, state);
  if (node.type === "Redirect") takeRedirect(node, state);
  forEachChild(node, (child) => visit(child, state));
}

function assignments(node: SyntaxNode, isForCommand: boolean): Action[] {
  return assignedBy(node).map(({ name, word }) => {
    // The word of a loop is its name, which takes several values.
    const isKnown = word !== undefined && node.type !== "For";
    return {
      kind: "assign",
      name,
      word: isKnown ? toWord(word) : { text: word?.text ?? "$((…))", value: undefined },
      isForCommand,
    };
  });
}

function isCertain(node: SyntaxNode, { source, known: { numbers } }: Visit): boolean {
  switch (node.type) {
    case "Script":
      return node.errors === undefined || node.errors.length === 0;
    case "CommandExpansion":
    case "ProcessSubstitution":
    case "ArithmeticCommandExpansion":
      return node.script !== undefined;
    case "Word":
      // `{name[subscript]}` before a redirection evaluates the subscript.
      return !/^\{\w+\[/.test(node.text) && !(node.parts === undefined && mayExpand(node.text));
    case "DoubleQuoted":
    case "LocaleString":
    case "HereDocBody":
      // A single quote quotes nothing in `"${a:-'`, but the parser may think so.
      return node.parts?.every((part) => part.type !== "ParameterExpansion" || !part.text.includes("'")) !== false;
    case "HereDoc":
      // Where one without its end ends, in `$(cat <<E)` too, shells do not agree.
      return node.closing !== undefined && /^(?:\\?\w+|'\w+'|"\w+")$/.test(node.delimiter?.text ?? "");
    case "Literal":
      return !mayExpand(node.text);
    case "Assignment":
      // The parser takes what is in `a=(`b`)c` for text.
      if (node.value.type === "Word" && node.value.text.startsWith("(")) return false;
      return node.index === undefined || isPlainSubscript(node.index, numbers);
    case "ArrayValue":
      // `([subscript]=value)`
      return !node.elements.some(({ text }) => text.startsWith("["));
    case "ParameterExpansion": {
      const { prefix, index, operation } = node;
      if (index !== undefined && !isPlainSubscript(index, numbers)) return false;
      if (operation?.type === "Slice")
        return [operation.offset, operation.length].every((word) => !word || isNumericWord(word, numbers));
      // The parser takes any slash for the one between pattern and replacement, also in `$(a /b; rm c)`.
      if (operation?.type === "Replace" && /[`'"(){}<>]/.test(node.text.slice(2, -1))) return false;
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
    // A function may have the name of a program; the others are rare.
    case "Function":
    case "Select":
    case "Coproc":
      return false;
    default:
      return true;
  }
}

/** What the parser calls text, though a shell may expand it. */
function mayExpand(text: string): boolean {
  return /`|\$[\w({[@*#?$!-]/.test(text.replace(/\\[^]/g, ""));
}

/** A name, or an element of an array by its number. Other subscripts are evaluated, commands in them too. */
export function isVariable({ value }: ShellWord): boolean {
  return /^[A-Za-z_]\w*(?:\[(?:\d+|[@*])\])?$/.test(value ?? "");
}

/** As many commands as its words may stand for, so that the body of a loop over files is judged as what it does to each. */
function takeCommand(node: Command, { found, known }: Visit): void {
  if (node.name === undefined) return;
  for (const each of node.prefix) found.push(...assignments(each, true));
  const words = node.args.map((arg) =>
    arg.type === "Word" ? choicesOf(arg, known) : [{ text: arg.text, value: undefined }],
  );
  const count = words.reduce((product, { length }) => product * length, 1);
  const isReadable = count > 0 && count <= maxChoices;
  const all = words.reduce<ShellWord[][]>(
    (before, choices, at) => {
      const arg = node.args[at];
      const given = isReadable || arg?.type !== "Word" ? choices : [toWord(arg)];
      return before.flatMap((some) => given.map((word) => [...some, word]));
    },
    [[toWord(node.name)]],
  );
  found.push(...all.map((each): Action => ({ kind: "command", words: each })));
}

function takeRedirect(node: Extract<SyntaxNode, { type: "Redirect" }>, { found, known }: Visit): void {
  if (node.target === undefined) {
    found.push({ kind: "unclear", text: node.operator });
    return;
  }
  for (const file of choicesOf(node.target, known)) {
    if ((node.operator === ">&" || node.operator === "<&") && /^(?:\d+-?|-)$/.test(file.value ?? "")) continue;
    found.push({ kind: node.operator === "<" || node.operator === "<&" ? "read" : "write", file });
  }
}

/** More than these are not told apart. */
const maxChoices = 16;

/** What `"$name"` may stand for, when all its assignments say that; the word itself otherwise. Numbers need no quotes. */
function choicesOf(word: Word, { values, numbers }: Known): ShellWord[] {
  const [, quote, braced, bare] = /^("?)\$(?:\{(\w+)\}|(\w+))\1$/.exec(word.text) ?? [];
  const name = braced ?? bare ?? "";
  if (numbers.has(name)) return [{ text: `"$${name}"`, value: undefined }];
  const choices = quote === "" ? [] : (values.get(name)?.map(toWord) ?? []);
  // A tilde is not expanded everywhere.
  const areKnown = choices.every(({ text, value }) => (value === undefined ? isPlainGlob(text) : !value.includes("~")));
  return areKnown && choices.length > 0 && choices.length <= maxChoices ? choices : [toWord(word)];
}

export function toWord(word: Word): ShellWord {
  // The parser takes `$$'a'` for a dollar and the quote `$'a'`; bash, for the shell's number and `'a'`.
  const isKnown = isStatic(word) && !mayBeList(word) && !word.text.includes("$$");
  return { text: word.text, value: isKnown ? word.value : undefined };
}

/** Bash finds lists in braces that the parser does not: `{a}\{,b}`. */
function mayBeList({ text, parts }: Word): boolean {
  const unquoted =
    parts === undefined ? text : parts.map((part) => (part.type === "Literal" ? part.text : "")).join("");
  return unquoted.includes("{") && /,|\.\./.test(text);
}

/** A glob that matches no name that looks like an option. */
function isPlainGlob(text: string): boolean {
  return /^[\w./][\w./*?-]*$/.test(text);
}

function isStatic(node: SyntaxNode): boolean {
  // Other escapes are not read alike: `$'\x{2f}'` is a slash.
  if (node.type === "AnsiCQuoted") return /^\$'(?:[^\\']|\\[\\'"nrt])*'$/.test(node.text);
  let known = true;
  const isKnown = ["Word", "Literal", "SingleQuoted", "DoubleQuoted"].includes(node.type);
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
