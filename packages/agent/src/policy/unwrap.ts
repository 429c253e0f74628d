import { projectTool } from "./defaults.ts";
import { mayBecomeOption, type ShellWord } from "./shell.ts";

/** Commands that run other commands: `env`, `timeout`, `xargs`, `find -exec`, `bash -c` and so on. */

export type Inner =
  | { kind: "words"; words: ShellWord[] }
  /** `isPosix`: it is for a shell that knows no more than POSIX. */
  | { kind: "source"; source: string; isPosix?: boolean }
  | { kind: "assign"; name: string; word: ShellWord }
  /** Runs nothing but itself. */
  | { kind: "simple"; words: readonly ShellWord[] }
  | { kind: "unclear" };

const unclear: Inner[] = [{ kind: "unclear" }];

export function unwrap(words: readonly ShellWord[], options: { isInstalled(tool: string): boolean }): Inner[] {
  const [first, ...rest] = words;
  const name = first?.value;
  if (name === undefined) return unclear;
  const program = programOf(name);
  const simple: Inner[] = [{ kind: "simple", words: [{ text: program, value: program }, ...rest] }];
  switch (program) {
    case "env":
      return unwrapEnv(rest) ?? simple;
    case "command":
      if (rest[0]?.value === "-v" || rest[0]?.value === "-V")
        return [{ kind: "simple", words: [{ text: "type", value: "type" }, ...rest.slice(1)] }];
      return inner(rest);
    case "nohup":
    case "builtin":
    case "exec":
    case "setsid":
    case "time":
      return inner(rest);
    case "nice":
      return inner(skipOptions(rest, { alone: /^-\d+$|^--adjustment=-?\d+$/, taking: /^-n$/ }));
    case "timeout":
      return inner(
        skipOptions(rest, {
          alone: /^--(?:foreground|preserve-status|verbose|kill-after=\S+|signal=\w+)$|^-v$/,
          taking: /^-[ks]$/,
        })?.slice(1),
      );
    case "stdbuf":
      return inner(skipOptions(rest, { alone: /^-[ioe](?:\d+|L)$/, taking: /^-[ioe]$/ }));
    case "xargs":
      return unwrapXargs(rest);
    case "find":
      return unwrapFind(rest) ?? simple;
    case "bash":
      return unwrapShell(rest) ?? simple;
    case "sh":
    case "dash":
      return (unwrapShell(rest) ?? simple).map((each) => (each.kind === "source" ? { ...each, isPosix: true } : each));
    case "git":
      return [{ kind: "simple", words: [{ text: "git", value: "git" }, ...withoutPager(rest)] }];
    case "npx":
      return unwrapNpx(rest, options.isInstalled) ?? simple;
    default:
      return simple;
  }
}

/** `/usr/bin/rm` is rm, and `node_modules/.bin/vitest` is vitest, but a package's own `ls` is not ls. */
function programOf(name: string): string {
  const system = /^(?:\/usr(?:\/local)?)?\/bin\/([\w.+-]+)$/.exec(name)?.[1];
  const tool = /^(?:\.\/)?node_modules\/\.bin\/(\w+)$/.exec(name)?.[1];
  return system ?? (tool !== undefined && projectTool.test(tool) ? tool : name);
}

function inner(words: readonly ShellWord[] | undefined): Inner[] {
  const [first] = words ?? [];
  if (words === undefined || first === undefined || first.text.startsWith("-")) return unclear;
  return [{ kind: "words", words: [...words] }];
}

/** What follows the options; undefined after one that is not known. */
function skipOptions(
  words: readonly ShellWord[],
  { alone, taking }: { alone: RegExp; taking: RegExp },
): ShellWord[] | undefined {
  let at = 0;
  for (; at < words.length; at++) {
    const value = words[at]?.value;
    if (value === undefined) return undefined;
    if (value === "--") return words.slice(at + 1);
    if (!value.startsWith("-")) break;
    if (taking.test(value)) at++;
    else if (!alone.test(value)) return undefined;
  }
  return words.slice(at);
}

/** Undefined when it only prints the environment. */
function unwrapEnv(words: readonly ShellWord[]): Inner[] | undefined {
  const after = skipOptions(words, { alone: /^-i?$|^--ignore-environment$/, taking: /^-u$/ });
  if (after === undefined) return unclear;
  const found: Inner[] = [];
  for (const [at, word] of after.entries()) {
    const [, name, value] = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(word.value ?? "") ?? [];
    if (name === undefined || value === undefined) return [...found, ...inner(after.slice(at))];
    found.push({ kind: "assign", name, word: { text: value, value } });
  }
  return undefined;
}

const unknown: ShellWord = { text: "$…", value: undefined };

function unwrapXargs(words: readonly ShellWord[]): Inner[] {
  const after = skipOptions(words, {
    alone: /^-[0rtx]+$|^--(?:null|no-run-if-empty|verbose)$|^-[nLPsdI]\S+$/,
    taking: /^-[nLPsdI]$/,
  });
  if (after === undefined) return unclear;
  // Each word may become something else, wherever its mark is. The last mark counts.
  const marks = words.slice(0, words.length - after.length).filter(({ value }) => value?.startsWith("-I"));
  if (marks.length > 1) return unclear;
  const [option] = marks;
  const mark = option?.value === "-I" ? words[words.indexOf(option) + 1]?.value : option?.value?.slice(2);
  const replaced = mark ? withMark(after, mark) : [...after];
  return after.length === 0 ? [{ kind: "simple", words: [] }] : inner([...replaced, unknown]);
}

function withMark(words: readonly ShellWord[], mark: string): ShellWord[] {
  return words.map((word) => {
    const isMarked = word.text.includes(mark) || word.value?.includes(mark) === true;
    return isMarked ? { text: `$${word.text}`, value: undefined } : word;
  });
}

/** The find itself without what it runs, and that. Undefined when it runs nothing. */
function unwrapFind(words: readonly ShellWord[]): Inner[] | undefined {
  if (words.some((word) => word.value === undefined && mayBecomeOption(word))) return unclear;
  const found = foundBy(words);
  const own: ShellWord[] = [{ text: "find", value: "find" }];
  const run: Inner[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined) break;
    if (!/^-(?:exec|ok)(?:dir)?$/.test(word.value ?? "")) {
      own.push(word);
      continue;
    }
    const end = words.findIndex(
      ({ value }, index) => index > at && (value === ";" || (value === "+" && words[index - 1]?.value === "{}")),
    );
    if (end === -1) return unclear;
    run.push(...inner(words.slice(at + 1, end).map((each) => withFound(each, found))));
    at = end;
  }
  return run.length === 0 ? undefined : [{ kind: "simple", words: own }, ...run];
}

/** A glob for all that it finds: `-name` before all else narrows it. Unknown when what it starts from is not plain. */
function foundBy(words: readonly ShellWord[]): ShellWord {
  const end = words.findIndex(({ text }) => /^[-(!\\]/.test(text));
  if (!words.slice(0, end).every(({ value }) => /^[\w.][\w./-]*$/.test(value ?? ""))) return unknown;
  const [option, name, next] = words.slice(end).map(({ value }) => value);
  const runsOnce =
    words.filter(({ value }) => /^-(?:exec|ok)/.test(value ?? "")).length === 1 && next?.startsWith("-exec") === true;
  const isNarrowed = option === "-name" && /^[\w.*?-]+$/.test(name ?? "") && runsOnce;
  return { text: isNarrowed ? `./${name ?? ""}` : "./*", value: undefined };
}

/** Find puts a file in the place of each `{}`. */
function withFound(word: ShellWord, found: ShellWord): ShellWord {
  if (word.value === "{}") return found;
  return word.text.includes("{}") || word.value?.includes("{}") === true ? unknown : word;
}

/**
 * Undefined when it runs a script from a file, or its input, or has an option that changes how bash reads or starts: with
 * `-k` any word may set a variable, and `-i` runs files first.
 */
function unwrapShell(words: readonly ShellWord[]): Inner[] | undefined {
  for (let at = 0; at < words.length; at++) {
    const value = words[at]?.value;
    if (value === undefined) return unclear;
    if (/^-[elux]*c$/.test(value)) return sourceOf(words[at + 1]);
    if (/^-[elux]*o$/.test(value) && words[at + 1]?.value === "pipefail") at++;
    else if (!/^-(?:[elux]+|-login|-norc|-noprofile)$/.test(value)) return undefined;
  }
  return undefined;
}

function sourceOf(word: ShellWord | undefined): Inner[] {
  return word?.value === undefined ? unclear : [{ kind: "source", source: word.value }];
}

function withoutPager(words: readonly ShellWord[]): ShellWord[] {
  const at = words.findIndex(({ value }) => value !== "--no-pager" && value !== "-P");
  return at === -1 ? [...words] : words.slice(at);
}

/** Undefined when it may fetch the tool. */
function unwrapNpx(words: readonly ShellWord[], isInstalled: (tool: string) => boolean): Inner[] | undefined {
  const fetchesNothing = words[0]?.value === "--no" || words[0]?.value === "--no-install";
  const rest = fetchesNothing ? words.slice(1) : words;
  const tool = rest[0]?.value;
  if (tool === undefined || !projectTool.test(tool) || !(fetchesNothing || isInstalled(tool))) return undefined;
  return inner(rest);
}
