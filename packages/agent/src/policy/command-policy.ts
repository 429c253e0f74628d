import { defaults, someWord, type DefaultRule } from "./defaults.ts";
import { exactly, matches } from "./pattern.ts";
import { secretsIn } from "./secret.ts";
import { actionsOf, textOf, type ShellWord } from "./shell.ts";
import { unwrap } from "./unwrap.ts";

/** One thing that a command does, and whether it may without a question. */
export interface CommandPart {
  /** What patterns are matched with: a simple command, `> file` for what is written, `< file` for a secret that is read. */
  text: string;
  answer: "allow" | "ask";
  reason: string;
  /** What a lasting answer is saved as. */
  pattern: string;
  deletes?: boolean;
}

export interface Surroundings {
  /** Whether the project has this tool, so that npx runs it and fetches nothing. */
  isInstalled(tool: string): boolean;
}

/** The shell that reads a source: sh may be one that knows less than bash. */
interface Reader extends Surroundings {
  isPosix?: boolean;
}

/** What a POSIX shell reads in another way: `[[ a || rm b ]]` runs rm there, and `$'a\'; rm b; #'` too. */
const readsOtherwise = /\$'|\[\[|(?<!\$)\(\(|&>|\|&/;

/** Commands in commands, such as `bash -c`. */
const maxDepth = 8;

/** All that a command may do, each part judged by the default rules. It is never empty. */
export function partsOf(command: string, surroundings: Surroundings): CommandPart[] {
  const parts = new Map<string, CommandPart>();
  for (const part of judgeSource(command, surroundings, 0)) {
    const known = parts.get(part.text);
    if (known === undefined || known.answer === "allow") parts.set(part.text, part);
  }
  return parts.size > 0 ? [...parts.values()] : [harmlessPart(command)];
}

/** `a=1` and `[[ -f a ]]` do nothing that is judged. A rule against all commands still covers them. */
function harmlessPart(command: string): CommandPart {
  return { text: command.trim(), answer: "allow", reason: "", pattern: exactly(command.trim()) };
}

function judgeSource(source: string, surroundings: Reader, depth: number): CommandPart[] {
  if (depth > maxDepth || (surroundings.isPosix === true && readsOtherwise.test(source))) return [unclear(source)];
  return actionsOf(source, { isNested: depth > 0 }).flatMap((action) => {
    switch (action.kind) {
      case "command":
        return judgeWords(action.words, surroundings, depth);
      case "assign":
        return judgeAssignment(action.name, action.word);
      case "read":
        return judgeReading([action.file], `< ${textOf([action.file])}`);
      case "write":
        return judgeWriting(action.file);
      case "unclear":
        return [unclear(action.text)];
    }
  });
}

function judgeWords(words: readonly ShellWord[], surroundings: Reader, depth: number): CommandPart[] {
  if (depth > maxDepth) return [unclear(textOf(words))];
  return unwrap(words, surroundings).flatMap((inner) => {
    switch (inner.kind) {
      case "words":
        return judgeWords(inner.words, surroundings, depth + 1);
      case "source":
        return judgeSource(
          inner.source,
          { ...surroundings, isPosix: inner.isPosix ?? surroundings.isPosix },
          depth + 1,
        );
      case "assign":
        return judgeAssignment(inner.name, inner.word);
      case "unclear":
        return [unclear(textOf(words))];
      case "simple":
        return judgeSimple(inner.words);
    }
  });
}

/** The last default rule that holds decides. */
function judgeSimple(words: readonly ShellWord[]): CommandPart[] {
  const text = textOf(words);
  const program = words[0]?.value;
  if (program === undefined) return [unclear(text)];
  const rule = defaults.findLast((each) => matches(each.pattern, text) && !isExcepted(each, words));
  const part: CommandPart = {
    text,
    answer: rule?.answer ?? "ask",
    reason: rule?.reason ?? "",
    pattern: patternFor(words),
    ...(rule?.reason === "It deletes files." ? { deletes: true } : {}),
  };
  const isPrinting = program === "echo" || program === "printf";
  const secrets = isPrinting ? [] : words.slice(1).flatMap((word) => secretParts(word, rule?.reads === true));
  if (part.answer === "ask") return [part, ...secrets];
  if (rule?.inside === true && !words.slice(1).every(isOfProject))
    return [
      { ...part, answer: "ask", reason: "It may use files outside the project.", pattern: exactly(text) },
      ...secrets,
    ];
  if (rule?.reads !== true) return [part, ...secrets];
  return [...judgeReading(words.slice(1), text, part), ...secrets];
}

function isExcepted({ unless }: DefaultRule, words: readonly ShellWord[]): boolean {
  if (unless === undefined) return false;
  if (typeof unless === "function") return unless(words);
  return someWord(words, unless);
}

/** Also as the value of an option: `--file=/etc/passwd`, `-f/etc/passwd`. */
const outside =
  /^(?:-\w|[^/]*=)?(?:\/(?:proc|sys|etc|root|home|var|dev|run|usr|opt|mnt|srv|workspaces)(?:\/|$)|~)|(?:^|[/=])\.\.(?:\/|$)/;
const beyond = /^(?:-\w|[^/]*=)?[/~]|(?:^-\w|^|[/=])\.\.(?:\/|$)/;

/** A path that is written from the project's root or a folder in it. Globs match what is there; braces must not make a `..`. */
function isOfProject({ value, text }: ShellWord): boolean {
  if (value === undefined && (!/^[\w./*?[\]{},+-]+$/.test(text) || /[{,][./]|\.\{/.test(text))) return false;
  return !beyond.test(value ?? text);
}

const devices = new Set(["/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero"]);

function judgeReading(files: readonly ShellWord[], text: string, allowed?: CommandPart): CommandPart[] {
  const asks = (reason: string): CommandPart => ({ text, answer: "ask", reason, pattern: exactly(text) });
  const isUnknown = ({ value, text }: ShellWord) => value === undefined && !/^[\w./*?[\]+-]+$/.test(text);
  if (files.some(isUnknown)) return [asks("It reads files that are known only when it runs.")];
  if (files.some(({ value, text }) => outside.test(value ?? text) && !devices.has(value ?? "")))
    return [asks("It reads outside the project.")];
  if (allowed !== undefined) return [allowed];
  return files.flatMap((file) => secretParts(file, true));
}

/** A glob counts where contents are shown. */
function secretParts({ value, text }: ShellWord, reads: boolean): CommandPart[] {
  const found = secretsIn(value ?? text).filter((name) => reads || !/[*?[]/.test(name));
  return found.map((name) => ({
    text: `< ${name}`,
    answer: "ask",
    reason: `It uses ${name}, which may hold secrets.`,
    pattern: exactly(`< ${name}`),
  }));
}

function judgeWriting(file: ShellWord): CommandPart[] {
  if (file.value !== undefined && devices.has(file.value)) return [];
  const text = `> ${textOf([file])}`;
  return [{ text, answer: "ask", reason: `It writes ${textOf([file])}.`, pattern: exactly(text) }];
}

/** Variables that only the project's own programs look at. Others can make a harmless program run something else. */
const harmless =
  /^(?:CI|PORT|HOST|NODE_ENV|APP_ENV|DEBUG|FORCE_COLOR|NO_COLOR|TZ|LANG|LC_[A-Z]+|TERM|COLUMNS|LINES|VITE_\w+|NEXT_PUBLIC_\w+|TEST_\w+|[a-z]\w*)$/;
/** Settings of package managers and runtimes, which some of them read in any case. */
const setsTool = /^(?:npm|pnpm|yarn|bun|corepack|node|git)_|_proxy$/i;

function judgeAssignment(name: string, word: ShellWord): CommandPart[] {
  // Arithmetic evaluates what a variable holds, commands in subscripts too.
  const isEvaluated = /\$\(|`/.test(word.value ?? "");
  if (harmless.test(name) && !setsTool.test(name) && !isEvaluated) return [];
  const text = `${name}=${textOf([word])}`;
  return [{ text, answer: "ask", reason: `It sets ${name}.`, pattern: exactly(text) }];
}

function unclear(text: string): CommandPart {
  return { text, answer: "ask", reason: "What it does cannot be told before it runs.", pattern: exactly(text) };
}

/** Programs whose second word says what they do. */
const withVerb =
  /^(?:npm|pnpm|yarn|bun|npx|bunx|git|pip3?|go|cargo|docker|uv|poetry|gem|bundle|composer|apt|apt-get|make)$/;
const withVerbAndName = /^(?:(?:npm|pnpm|yarn|bun) run|python3? -m|go mod|docker compose)$/;
/** A lasting answer for all that these do would cover too much. */
const onlyExactly =
  /^(?:rm|rmdir|unlink|shred|sudo|doas|su|dd|node|python3?|ruby|perl|php|deno|bash|sh|zsh|dash|eval|source|\.|env|printenv|awk|gawk|sed|tee|chmod|chown|kill|pkill|killall|xargs|parallel)$/;

/** `npm install *` for `npm install vite`. */
function patternFor(words: readonly ShellWord[]): string {
  const text = textOf(words);
  const [program, verb, name] = words.map(({ value }) => value);
  if (program === undefined) return exactly(text);
  const isPlain = (word: string | undefined): word is string => word !== undefined && /^[\w@][\w@./:-]*$/.test(word);
  const two = `${program} ${verb ?? ""}`;
  if (withVerbAndName.test(two) || (program.startsWith("python") && verb === "-m"))
    return isPlain(name) ? `${exactly(`${two} ${name}`)} *` : exactly(text);
  if (withVerb.test(program)) return isPlain(verb) ? `${exactly(two)} *` : exactly(text);
  return onlyExactly.test(program) || !isPlain(program) ? exactly(text) : `${exactly(program)} *`;
}
