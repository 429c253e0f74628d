import type { ConverseRequest } from "@slipway/local/bedrock/converse";
import { z } from "zod";
import { exactly, type Call, type Intended, type Policy } from "./policy.ts";
import { randomOf } from "./random.ts";
import { Change, type LineChange } from "./task.ts";

/** A student does what a message asks, and knows of the project only what tools told it since. */

export interface Step {
  text: string;
  calls: Call[];
}

interface Done extends Call {
  output: string;
  isFailed: boolean;
}

/** What became of a step's calls, and what Slipway said beside it. */
interface Answer {
  ids: string[];
  done: Done[];
  notes: string[];
}

/** Yields the calls of a step, receives what became of them, and returns a result. */
type Work<Result> = Generator<Call[], Result, Answer>;

const opening = "#task ";
/** Tries of one change, before a student leaves it. */
const maxTries = 4;
/** Lines that an edit holds at most on either side of what it changes. */
const maxContext = 3;

export function messageFor(changes: readonly Change[]): string {
  return `${opening}${JSON.stringify(changes)}`;
}

/** What the student says next. It keeps no state: it goes through the work again, up to what has not been answered. */
export function nextStep(request: ConverseRequest, policy: Policy): Step {
  const { changes, steps } = readTask(request);
  const work = workOn(changes, policy);
  let next = work.next();
  for (const answer of steps) {
    if (next.done) break;
    next = work.next(answer);
  }
  return next.done ? { text: next.value, calls: [] } : { text: "On it.", calls: next.value };
}

function* workOn(changes: readonly Change[], policy: Policy): Work<string> {
  let left = 0;
  for (const [index, change] of changes.entries()) {
    const isMade = change.kind === "lines" ? yield* editLines(change, index, policy) : yield* changeFile(change);
    if (!isMade) left++;
  }
  return left === 0 ? "All of it is done." : `${left} of ${changes.length} changes could not be made.`;
}

function* changeFile(change: Exclude<Change, LineChange>): Work<boolean> {
  const call =
    change.kind === "create"
      ? { name: "create_file", input: { path: change.path, content: change.content } }
      : { name: "rename_file", input: { path: change.path, newPath: change.to } };
  return isWhole(yield [call]);
}

function* editLines(change: LineChange, index: number, policy: Policy): Work<boolean> {
  const path = change.path ?? (yield* find(change.anchor));
  if (path === undefined) return false;
  if (policy.loops) yield* loop(path);
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const lines = yield* read(path);
    const random = randomOf(policy.name, path, change.anchor, index, attempt);
    // The first try is a short one, and may mean several places.
    const intended = intend(path, lines, change, Math.min(maxContext, Math.floor(random() * 2) + attempt));
    if (intended === undefined) return attempt > 0 && isMadeIn(lines, change);
    // Told that it erred, a student looks closer, but it keeps its ways.
    const errs = random() < 0.8 - attempt * 0.25;
    const call = errs ? policy.errs(intended, random) : exactly(intended, random);
    const isMade = isWhole(yield [call]);
    if (isMade && policy.forgets && attempt === 0) yield [call];
    else if (isMade) return true;
  }
  return false;
}

/** Reads the same again until a note says that this leads nowhere. */
function* loop(path: string): Work<void> {
  for (let times = 0; times < 5; times++) {
    const { notes } = yield [{ name: "read_file", input: { path } }];
    if (notes.some((note) => note.includes("the same calls"))) return;
  }
}

function* find(anchor: string): Work<string | undefined> {
  const pattern = anchor.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`);
  const { done } = yield [{ name: "search_files", input: { pattern } }];
  return /^(.+?):\d+: /m.exec(done[0]?.output ?? "")?.[1];
}

/** The lines of a file by their numbers, as they are shown. */
function* read(path: string): Work<Map<number, string>> {
  const lines = new Map<number, string>();
  for (let next: number | undefined = 1; next !== undefined;) {
    const input = { path, ...(next > 1 ? { startLine: next } : {}) };
    const answer: Answer = yield [{ name: "read_file", input }];
    const output = answer.done[0]?.output ?? "";
    for (const [, number = "", text = ""] of output.matchAll(/^(\d+): (.*)$/gm)) lines.set(Number(number), text);
    const further: string | undefined = /read on with startLine: (\d+)\]$/.exec(output)?.[1];
    next = further === undefined || lines.size === 0 ? undefined : Number(further);
  }
  return lines;
}

/** The edit that it takes, by what was read; undefined where the anchor is not to be seen, or the change is there already. */
function intend(
  path: string,
  lines: ReadonlyMap<number, string>,
  change: LineChange,
  wanted: number,
): Intended | undefined {
  const anchor = [...lines].find(([, text]) => text.trim() === change.anchor)?.[0];
  if (anchor === undefined || (change.remove === 0 && isMadeIn(lines, change))) return undefined;
  const first = anchor + change.offset + (change.remove === 0 ? 1 : 0);
  // Nothing comes of an empty text, or for one but an empty line.
  const context = change.remove === 0 || change.insert.length === 0 ? Math.max(1, wanted) : wanted;
  const between = (from: number, to: number) =>
    [...lines].flatMap(([number, text]) => (number >= from && number < to ? [text] : []));
  const line = Math.max(1, first - context);
  return {
    path,
    line,
    before: between(line, first),
    removed: between(first, first + change.remove),
    inserted: change.insert,
    after: between(first + change.remove, first + change.remove + context),
  };
}

function isMadeIn(lines: ReadonlyMap<number, string>, { insert }: LineChange): boolean {
  const texts = [...lines.values()];
  return insert.every((line) => texts.includes(line));
}

function isWhole({ done }: Answer): boolean {
  return done.length > 0 && done.every(({ isFailed }) => !isFailed);
}

/** What the last step of a request tried to change, and how much of that was refused. */
export function lastTries(request: ConverseRequest): { edits: number; refused: number } {
  const edits = (readTask(request).steps.at(-1)?.done ?? []).filter(({ name }) =>
    /^(?:edit_file|apply_patch)$/.test(name),
  );
  return { edits: edits.length, refused: edits.filter(({ isFailed }) => isFailed).length };
}

/** The newest task in a request, and what was done for it. */
function readTask({ messages }: ConverseRequest): { changes: Change[]; steps: Answer[] } {
  let changes: Change[] = [];
  let steps: Answer[] = [];
  for (const { role, content } of messages) {
    const calls = content.flatMap((block) => ("toolUse" in block ? [block.toolUse] : []));
    if (calls.length > 0)
      steps.push({
        ids: calls.map(({ toolUseId }) => toolUseId),
        done: calls.map(({ name, input }) => ({ name, input: asFields(input), output: "", isFailed: true })),
        notes: [],
      });
    if (role === "assistant") continue;
    const last = steps.at(-1);
    for (const block of content) {
      if ("text" in block && block.text.startsWith(opening)) {
        changes = z.array(Change).parse(JSON.parse(block.text.slice(opening.length)));
        steps = [];
      } else if ("text" in block) last?.notes.push(block.text);
      else if ("toolResult" in block) {
        const done = last?.done[last.ids.indexOf(block.toolResult.toolUseId)];
        if (done === undefined) continue;
        done.output = block.toolResult.content.map((part) => ("text" in part ? part.text : "")).join("\n");
        done.isFailed = /^(?:Error|Denied)\b/.test(done.output);
      }
    }
  }
  return { changes, steps };
}

function asFields(input: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(input);
}
