import type { ShellWord } from "./shell.ts";

/** Commands that show files which they do not name: searches of folders, and git's diffs. */

/** The folders and files that a command reads whole, as it names them; "." where it may be all. */
export type FoldersOf = (words: readonly ShellWord[]) => readonly string[];

const everywhere = ["."];

interface Options {
  /** Letters of options without a value, and of those with one. */
  flags: string;
  valued: string;
}

const grep: Options = { flags: "rRnilLwcovHhsxEFPaIzqZ", valued: "ABCm" };
const rg: Options = { flags: "niIlwcovHSsxFPUN0", valued: "ABCmdjgtTr" };

export const grepFolders: FoldersOf = (words) =>
  words.some(({ value, text }) => /^-[^-]*[rR]|^--(?:deref|rec)/.test(value ?? text)) ? searched(words, grep) : [];

/** It only lists names with --files. */
export const rgFolders: FoldersOf = (words) =>
  words.some(({ value }) => value === "--files") ? [] : searched(words, rg);

export const diffFolders: FoldersOf = (words) => named(words.slice(1).filter(({ text }) => !text.startsWith("-")));

/** git by its verb: diffs are of all that has changed, if they are not narrowed by paths after `--`. */
export const gitFolders: FoldersOf = (words) => {
  const [, verb, ...given] = words;
  switch (verb?.value) {
    case "diff":
      return showsNamesOnly(given) ? [] : afterDashes(given);
    case "show": {
      const operands = given.filter(({ text }) => !text.startsWith("-"));
      const areFiles = operands.length > 0 && operands.every(({ value }) => fileOfCommit.test(value ?? ""));
      return areFiles || showsNamesOnly(given) ? [] : afterDashes(given);
    }
    case "log":
      return given.some(isPatchOption) ? afterDashes(given) : [];
    case "blame":
      return named(given.filter(({ text }) => !text.startsWith("-")).slice(-1));
    case "status":
      return given.some(({ value, text }) => /^-[^-]*v|^--v/.test(value ?? text)) ? everywhere : [];
    default:
      return [];
  }
};

/** `HEAD:src/a.ts`; `:/fix` is a commit. */
const fileOfCommit = /^[\w./~^-]*:[\w.@+][^:]*$/;

function isPatchOption({ value, text }: ShellWord): boolean {
  return /^(?:-[pu]|-U.*|--(?:patch|unified|word-diff|color-words)(?:=.*)?)$/.test(value ?? text);
}

const namesOnly = /^(?:-s|--(?:stat|shortstat|numstat|name-only|name-status|summary|raw|quiet|no-patch)(?:=.*)?)$/;

function showsNamesOnly(given: readonly ShellWord[]): boolean {
  return given.some(({ value }) => namesOnly.test(value ?? "")) && !given.some(isPatchOption);
}

function afterDashes(given: readonly ShellWord[]): readonly string[] {
  const at = given.findIndex(({ value }) => value === "--");
  return at === -1 ? everywhere : named(given.slice(at + 1));
}

/** Operands below the project, without the pattern. All of it when an option may have taken one of them. */
function searched(words: readonly ShellWord[], { flags, valued }: Options): readonly string[] {
  const operands: ShellWord[] = [];
  let hasPattern = false;
  for (let at = 1; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    const text = word.value ?? word.text;
    if (!text.startsWith("-")) operands.push(word);
    else if (new RegExp(`^-[${flags}]*e$`).test(text)) {
      hasPattern = true;
      at++;
    } else if (new RegExp(`^-[${flags}]*[${valued}]$`).test(text)) at++;
    else if (!new RegExp(`^-(?:[${flags}]+|[${flags}]*[${valued}]\\d+)$|^--(?!regexp)[\\w-]+=`).test(text))
      return everywhere;
  }
  return named(hasPattern ? operands : operands.slice(1));
}

function named(operands: readonly ShellWord[]): readonly string[] {
  const paths = operands.map(({ value }) => value);
  const areKnown =
    paths.length > 0 && paths.every((path) => path !== undefined && /^(?!\.\.)[\w@+.][^:*?[\]]*$/.test(path));
  return areKnown ? paths.filter((path) => path !== undefined) : everywhere;
}
