import { headOf } from "@slipway/contract/cut";
import { VisibleError } from "@slipway/contract/error";
import type { RE2JS } from "re2js";

/**
 * Patterns from outside, compiled for RE2: matching takes at most program size × length steps, about 20 ns each. Both
 * factors are bounded here, so one step of a search stays below about 100 ms.
 */

const maxSource = 1000;
/** Instructions. A quoted text takes one a character, so it always fits. */
const maxProgram = 2000;
/** Sum of the upper bounds of `{n,m}`. It bounds the time to compile: 1,000 characters can ask for 400,000 instructions. */
const maxRepeats = 1000;
const maxSteps = 5_000_000;
const maxGlobs = 40;

/** A tenth of the API's code, for searches alone. */
const engine = () => import("re2js");

export interface Pattern {
  readonly expression: RE2JS;
  /** Characters of one line that are looked at. */
  readonly maxLine: number;
}

export interface PatternSource {
  query: string;
  isRegex?: boolean;
  caseSensitive?: boolean;
  wholeWord?: boolean;
}

/** @throws VisibleError invalid_input: not an expression, or too complex */
export async function compilePattern({ query, isRegex, caseSensitive, wholeWord }: PatternSource): Promise<Pattern> {
  if (query.length > maxSource) throw invalid(query, `is longer than ${maxSource} characters`);
  const { RE2JS } = await engine();
  const source = isRegex ? query : RE2JS.quote(query);
  const expression = await compile(query, wholeWord ? `\\b(?:${source})\\b` : source, caseSensitive === true);
  return { expression, maxLine: Math.floor(maxSteps / expression.programSize()) };
}

async function compile(query: string, source: string, caseSensitive: boolean): Promise<RE2JS> {
  const { RE2JS, RE2JSException } = await engine();
  const repeats = [...source.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].map(([, from, to]) => Number(to) || Number(from));
  const tooComplex = "is too complex: use fewer or smaller repeats such as {1,100}";
  if (repeats.reduce((sum, count) => sum + count, 0) > maxRepeats) throw invalid(query, tooComplex);
  let expression: RE2JS;
  try {
    expression = RE2JS.compile(source, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    throw invalid(query, `is not a regular expression: ${error.message}`, error);
  }
  if (expression.programSize() > maxProgram) throw invalid(query, tooComplex);
  return expression;
}

/** One line at a time: a text of 2 MB may hold 2 million. */
export function* linesOf(content: string): Generator<string> {
  let from = 0;
  for (let to = content.indexOf("\n"); to !== -1; to = content.indexOf("\n", from)) {
    yield content.slice(from, to);
    from = to + 1;
  }
  yield content.slice(from);
}

/**
 * `*.ts, docs, src/{a,b}/**` → whether a path is one of them. A pattern without a slash matches a name at any depth; one
 * that matches a folder matches everything below it. Compiled to RE2, because backtracking globs take exponential time.
 * @returns undefined without patterns
 * @throws VisibleError invalid_input: too many or too complex
 */
export async function compileGlobs(text: string | undefined): Promise<((path: string) => boolean) | undefined> {
  const globs = splitGlobs(text ?? "")
    .map((each) => each.trim().replace(/^\.?\/+|\/+$/g, ""))
    .filter((each) => each !== "");
  if (globs.length === 0) return undefined;
  if (globs.length > maxGlobs) throw invalid(text ?? "", `holds more than ${maxGlobs} patterns`);
  const { RE2JS } = await engine();
  const sources = globs.map((glob) => (glob.includes("/") ? "" : "(?:.*/)?") + globSource(glob, RE2JS.quote));
  const expression = await compile(text ?? "", `(?s)(?:${sources.join("|")})(?:/.*)?`, true);
  return (path) => expression.testExact(path);
}

/** At commas outside braces. */
function splitGlobs(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "{") depth++;
    if (char === "}") depth--;
    if (char === "," && depth <= 0) parts.push("");
    else parts.push(`${parts.pop() ?? ""}${char}`);
  }
  return parts;
}

/** `**` crosses folders, `*` and `?` do not; `[a-z]`, `[!a-z]` and `{a,b}` as in a shell. What is unclosed is literal. */
function globSource(glob: string, quote: (text: string) => string): string {
  const tokens = glob.matchAll(/\*\*\/|\*+|\?|\[[!^]?[^\]/]+\]|[{},]|[^*?[{},]+|\[/g);
  const isBalanced = /^[^{}]*(?:\{[^{}]*\}[^{}]*)*$/.test(glob);
  let depth = 0;
  let source = "";
  for (const [token] of tokens) {
    if (token === "**/") source += "(?:.*/)?";
    else if (token.startsWith("**")) source += ".*";
    else if (token === "*") source += "[^/]*";
    else if (token === "?") source += "[^/]";
    else if (token.startsWith("[") && token.length > 1) source += classSource(token);
    else if (token === "{" && isBalanced) {
      depth++;
      source += "(?:";
    } else if (token === "}" && depth > 0) {
      depth--;
      source += ")";
    } else if (token === "," && depth > 0) source += "|";
    else source += quote(token);
  }
  return source;
}

function classSource(token: string): string {
  const isNegated = token[1] === "!" || token[1] === "^";
  const members = token.slice(isNegated ? 2 : 1, -1).replace(/[\\[\]^&~]/g, "\\$&");
  return `[${isNegated ? "^/" : ""}${members}]`;
}

function invalid(query: string, why: string, cause?: unknown): VisibleError {
  const shown = query.length > 100 ? `${headOf(query, 100)}…` : query;
  return new VisibleError("invalid_input", `"${shown.toWellFormed()}" ${why}.`, {}, cause);
}
