import { z } from "zod";

/** What a person wants done, and what may come of it. */

const LineChange = z.object({
  kind: z.literal("lines"),
  /** Absent where the student has to find the file. */
  path: z.string().optional(),
  /** A line that no other one equals, without its indentation. What is inserted follows it, unless it is removed. */
  anchor: z.string(),
  /** Lines from the anchor to the first one that is meant, which may be equal to others. */
  offset: z.int(),
  /** Lines from there on. */
  remove: z.int(),
  insert: z.array(z.string()),
});
export type LineChange = z.infer<typeof LineChange>;

export const Change = z.discriminatedUnion("kind", [
  LineChange,
  z.object({ kind: z.literal("create"), path: z.string(), content: z.string() }),
  z.object({ kind: z.literal("rename"), path: z.string(), to: z.string() }),
]);
export type Change = z.infer<typeof Change>;

export interface Task {
  name: string;
  /** The project: what is to be changed, and other files. */
  files: Readonly<Record<string, string>>;
  changes: readonly Change[];
}

export type Verdict = "solved" | "unsolved" | "wrong";

/**
 * `solved`: all changes are made and nothing else. `unsolved`: only some are. `wrong`: a file holds what nobody asked for.
 * A content is undefined where the file is not there.
 */
export function verdictOf(task: Task, after: ReadonlyMap<string, string | undefined>): Verdict {
  let isSolved = true;
  for (const path of new Set([...pathsOf(task), ...after.keys()])) {
    const { allowed, wanted } = outcomesOf(task, path);
    const content = after.get(path);
    if (!allowed.includes(content)) return "wrong";
    isSolved &&= content === wanted;
  }
  return isSolved ? "solved" : "unsolved";
}

/** Every path of the project, and those that the changes make. */
function pathsOf({ files, changes }: Task): string[] {
  const made = changes.flatMap((change) => {
    if (change.kind === "create") return [change.path];
    return change.kind === "rename" ? [change.to] : [];
  });
  return [...new Set([...Object.keys(files), ...made])];
}

/** Contents that a file may have after any of its changes, and the one after all of them. */
function outcomesOf(
  { files, changes }: Task,
  path: string,
): { allowed: (string | undefined)[]; wanted: string | undefined } {
  const before = files[path];
  let allowed: (string | undefined)[] = [before];
  for (const change of changes) {
    if (change.kind === "lines" && before !== undefined && isIn(before, change, path))
      allowed = allowed.flatMap((content) => [content, content === undefined ? undefined : applied(content, change)]);
    else if (change.kind === "create" && change.path === path) allowed.push(change.content);
    else if (change.kind === "rename" && change.path === path) allowed.push(undefined);
    else if (change.kind === "rename" && change.to === path) allowed.push(files[change.path]);
  }
  return { allowed, wanted: allowed.at(-1) };
}

function isIn(content: string, { path, anchor }: LineChange, of: string): boolean {
  if (path !== undefined) return path === of;
  return content.split(/\r?\n/).some((line) => line.trim() === anchor);
}

function applied(content: string, { anchor, offset, remove, insert }: LineChange): string {
  const ending = content.includes("\r\n") ? "\r\n" : "\n";
  const lines = content.split(ending);
  const at = lines.findIndex((line) => line.trim() === anchor);
  if (at < 0) throw new Error(`"${anchor}" is not there`);
  return lines.toSpliced(at + offset + (remove === 0 ? 1 : 0), remove, ...insert).join(ending);
}
