import { z } from "zod";
import type { Done, Turn } from "../conversation.ts";
import { callAll, hasEffect, readFiles, type Call, type Context, type Script } from "../script.ts";
import { bullets, code, escapeRegExp } from "../words.ts";

/** Reverts what the last turn with changes did, newest change first, and says what it could not. */
export function* undo({ conversation, language: { says } }: Context): Script {
  const last = conversation.earlier.findLast(({ steps }) => steps.some(({ calls }) => calls.some(hasEffect)));
  if (last === undefined) return says.nothingToUndo;
  const effects = last.steps.flatMap(({ calls }) => calls).filter(hasEffect);
  const created = new Map(
    effects
      .filter(({ name }) => name === "create_file")
      .map(({ input }) => [String(input.path), String(input.content)]),
  );
  const problems: string[] = [];
  const back: Call[] = [];
  for (const effect of effects.toReversed()) {
    const path = String(effect.input.path);
    if (effect.name === "create_file" || (effect.name === "edit_file" && created.has(path))) continue;
    const inverse = inverseOf(effect, last);
    if (inverse.length > 0) back.push(...inverse);
    else problems.push(code(namesOf(effect).join(", ")));
  }
  // A file that was changed since it was created is kept.
  const text = `${says.undoing(last.tasks[0]?.prompt.slice(0, 80) ?? "")}`;
  if (created.size > 0) {
    const now = yield* readFiles([...created.keys()], text);
    const untouched = [...created.keys()].filter((path) =>
      isAsWritten(path, created.get(path) ?? "", now.get(path), effects),
    );
    problems.push(...[...created.keys()].filter((path) => now.has(path) && !untouched.includes(path)).map(code));
    if (untouched.length > 0) back.push({ name: "delete_files", input: { paths: untouched } });
  }
  const limits = problems.length > 0 ? `\n\n${says.notUndone(bullets(problems))}\n\n${says.useUndo}` : "";
  if (back.length === 0) return `${says.nothingChanged}${limits}`;
  const done = yield* callAll(back, created.size > 0 ? undefined : text);
  const lost = done.filter(({ failed }) => failed);
  const trouble =
    lost.length > 0
      ? `\n\n${says.notUndone(bullets(lost.map(({ input, output }) => `${code(String(input.path ?? input.paths))}: ${output}`)))}`
      : "";
  const files = new Set(
    done
      .filter(({ failed }) => !failed)
      .flatMap(({ input }) => (Array.isArray(input.paths) ? input.paths : [input.path])),
  ).size;
  return `${files === 0 ? says.nothingChanged : says.undone(files)}${trouble}${limits}`;
}

const Edits = z.array(z.object({ oldText: z.string(), newText: z.string(), replaceAll: z.boolean().optional() }));

/** The paths of a call. */
function namesOf({ name, input }: Done): string[] {
  const paths =
    z.array(z.string()).safeParse(input.paths).data ??
    z
      .string()
      .transform((path) => [path])
      .safeParse(input.path).data;
  return paths ?? [name];
}

/** Calls that revert a change; none if that is not possible from here. */
function inverseOf({ name, input }: Done, turn: Turn): Call[] {
  if (name === "rename_file") return [{ name, input: { path: input.newPath, newPath: input.path } }];
  if (name === "edit_file") {
    const edits = Edits.safeParse(input.edits);
    if (!edits.success || edits.data.some((edit) => edit.newText === "" || isAmbiguous(edit, String(input.path), turn)))
      return [];
    const inverse = edits.data.toReversed().map(({ oldText, newText, replaceAll }) => ({
      oldText: newText,
      newText: oldText,
      ...(replaceAll ? { replaceAll } : {}),
    }));
    return [{ name, input: { path: input.path, edits: inverse } }];
  }
  if (name === "delete_files") {
    const paths = z.array(z.string()).safeParse(input.paths);
    const read = turn.steps.flatMap(({ calls }) => calls).filter((call) => call.name === "read_file" && !call.failed);
    // What is remembered of an earlier run's reading may be cut.
    const contents = paths.success
      ? paths.data.map((path) => read.find((call) => call.input.path === path && !call.isPart)?.output)
      : [];
    if (contents.length === 0 || contents.some((content) => content === undefined)) return [];
    return contents.map((content, index) => ({ name: "create_file", input: { path: paths.data?.[index], content } }));
  }
  return [];
}

/** Whether the new text was there before, so that reverting would change that too. */
function isAmbiguous(edit: z.infer<typeof Edits>[number], path: string, turn: Turn): boolean {
  if (!edit.replaceAll) return false;
  const pattern = escapeRegExp(edit.newText);
  const searches = turn.steps
    .flatMap(({ calls }) => calls)
    .filter(({ name, input }) => name === "search_files" && input.pattern === pattern);
  return searches.some(({ output }) => output.split("\n").some((line) => line.startsWith(`${path}:`)));
}

function isAsWritten(path: string, created: string, now: string | undefined, effects: readonly Done[]): boolean {
  if (now === undefined) return false;
  const written = effects
    .filter(({ name, input }) => name === "edit_file" && input.path === path)
    .flatMap(({ input }) => Edits.safeParse(input.edits).data ?? [])
    .reduce(
      (text, { oldText, newText, replaceAll }) =>
        replaceAll ? text.replaceAll(oldText, () => newText) : text.replace(oldText, () => newText),
      created,
    );
  return now === written || now === `${written}\n` || `${now}\n` === written;
}
