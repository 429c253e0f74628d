import { defaults, environment, isOwnName, someWord, type DefaultRule } from "./defaults.ts";
import { exactly, matches } from "./pattern.ts";
import { secretsIn } from "./secret.ts";
import { actionsOf, textOf, type Action, type ShellWord } from "./shell.ts";
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
  /** Why it asks is that files in these may hold secrets. */
  folders?: readonly string[];
}

export interface Surroundings {
  /** Whether the project has this tool, so that npx runs it and fetches nothing. */
  isInstalled(tool: string): boolean;
  /** Whether files may hold secrets that a search of whole folders, or a diff of all changes, would show. */
  hasSecrets: boolean;
}

/** The shell that reads a source: sh may be one that knows less than bash. */
interface Reader extends Surroundings {
  isPosix?: boolean;
}

/**
 * What every shell reads alike. `[[ a || rm b ]]` runs rm in a POSIX shell, `$'a\'; rm b; #'` too, and `a+=/b` runs a file.
 */
const readsAlike = /^(?!.*(?:&>|\|&|<<))[\w\s./:,@%*?~='"|&;<>!-]*$/s;

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
  if (depth > maxDepth || (surroundings.isPosix === true && !readsAlike.test(source))) return [unclear(source)];
  return actionsOf(source, { isNested: depth > 0 }).flatMap((action) => {
    switch (action.kind) {
      case "command":
        return judgeWords(action.words, surroundings, depth);
      case "assign":
        return judgeAssignment(action);
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
        return judgeSource(inner.source, { ...surroundings, isPosix: inner.isPosix === true }, depth + 1);
      case "assign":
        return judgeAssignment({ ...inner, isForCommand: true });
      case "unclear":
        return [unclear(textOf(words))];
      case "simple":
        return judgeSimple(inner.words, surroundings);
    }
  });
}

/** The last default rule that holds decides. */
function judgeSimple(words: readonly ShellWord[], { hasSecrets }: Surroundings): CommandPart[] {
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
  const asks = (reason: string): CommandPart => ({ ...part, answer: "ask", reason, pattern: exactly(text) });
  const folders = hasSecrets ? (rule?.recurses?.(words) ?? []) : [];
  if (folders.length > 0)
    return [{ ...asks("It reads whole folders, in which some files may hold secrets."), folders }, ...secrets];
  if (rule?.inside === true && !words.slice(1).every(isOfProject))
    return [asks("It may use files outside the project."), ...secrets];
  if (rule?.reads !== true) return [part, ...secrets];
  return [...judgeReading(filesOf(words, rule), text, part), ...secrets];
}

/** Without the pattern that is searched for: it is the first word that is no option, or its place is the value of one. */
function filesOf(words: readonly ShellWord[], { searches }: DefaultRule): ShellWord[] {
  const given = words.slice(1);
  if (searches === undefined || someWord(words, searches)) return given;
  const at = given.findIndex(({ text }) => !text.startsWith("-"));
  return given.filter((_, index) => index !== at);
}

function isExcepted({ unless }: DefaultRule, words: readonly ShellWord[]): boolean {
  if (unless === undefined) return false;
  if (typeof unless === "function") return unless(words);
  return someWord(words, unless);
}

/** Also as the value of an option: `--file=/etc/passwd`, `-f/etc/passwd`. A separator of columns is no path: `-d/`. */
const beyond = /^(?!-[dts]\/$)(?:(?:-\w+|[^/]*=)?[/~]|(?:data|file|https?):)|(?:^-\w+|^|[/=])\.\.(?:\/|$)/;

/** A path that is written from the project's root or a folder in it. Globs match what is there, but `.*` may be `..`. */
function isOfProject({ value, text }: ShellWord): boolean {
  const path = value ?? withoutBraces(text);
  if (value === undefined && (!isGlob(path) || /(?:^|\/)\.[*?[]/.test(path))) return false;
  return !beyond.test(path);
}

function isGlob(text: string): boolean {
  return /^[\w./*?[\]+-]+$/.test(text);
}

/** A star for each list in braces, but for one that may make a `..` or the start of a path. */
function withoutBraces(text: string): string {
  return text.replace(/\{[\w-][\w.-]*(?:,[\w-][\w.-]*)*\}/g, "*");
}

const devices = new Set(["/dev/null", "/dev/stdin", "/dev/stdout", "/dev/stderr", "/dev/tty", "/dev/zero"]);

function judgeReading(files: readonly ShellWord[], text: string, allowed?: CommandPart): CommandPart[] {
  const asks = (reason: string): CommandPart => ({ text, answer: "ask", reason, pattern: exactly(text) });
  const isUnknown = ({ value, text }: ShellWord) => value === undefined && !isGlob(withoutBraces(text));
  if (files.some(isUnknown)) return [asks("It reads files that are known only when it runs.")];
  if (!files.every((file) => isOfProject(file) || devices.has(file.value ?? "")))
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

/** The C library looks for files by their values. */
const namesFile = /^(?:TZ|LANG|LC_[A-Z]+|TERM)$/;

function judgeAssignment({ name, word, isForCommand }: Extract<Action, { kind: "assign" }>): CommandPart[] {
  const isPlain = !namesFile.test(name) || /^\w[\w.@-]*(?:\/\w+)*$/.test(word.value ?? "");
  if ((!isForCommand && isOwnName(name)) || (environment.test(name) && isPlain)) return [];
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
