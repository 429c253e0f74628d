import { VisibleError } from "@slipway/contract/error";
import * as File from "@slipway/core/file";
import { z } from "zod";
import { exactly } from "../policy/pattern.ts";
import { isSecret } from "../policy/secret.ts";
import { hintOf } from "./closest-paths.ts";
import { plainText } from "./line-endings.ts";
import { readLines } from "./read-lines.ts";
import { mediaOf } from "./media-type.ts";
import { defineTool, type ToolContext, type ToolResult } from "./tool.ts";

/** Read-only tools. Safe to repeat at any time. */

export const listFiles = defineTool({
  name: "list_files",
  title: "List files",
  reads: true,
  description: "Lists the files of the project, or of a folder, one path per line; an empty folder ends in /.",
  input: z.object({ path: z.string().optional().describe("A folder; the whole project without it.") }),
  async run({ path }, { actor, projectID }) {
    const [folder] = isRoot(path) ? [] : await File.actualPaths(actor, projectID, [path]);
    const { files } = await File.list(actor, projectID);
    const inside = files.filter(
      (file) => folder === undefined || file.path === folder || file.path.startsWith(`${folder}/`),
    );
    if (inside.length === 0) return { output: folder ? noFolder(folder, files) : "The project is empty." };
    return { output: inside.map((file) => (file.kind === "folder" ? `${file.path}/` : file.path)).join("\n") };
  },
});

export const readFile = defineTool({
  name: "read_file",
  title: "Read",
  reads: true,
  description:
    "Reads a text file, whole or some of its lines. Every line has its number and a colon before it, which are not in the file. An image or a PDF is shown.",
  input: z.object({
    path: z.string(),
    startLine: z.int().min(1).optional().describe("First line, from 1."),
    endLine: z.int().min(1).optional().describe("Last line, included."),
  }),
  risk: ({ path }) =>
    isSecret(path)
      ? [{ text: path, answer: "ask", reason: `${path} may hold secrets.`, pattern: exactly(path) }]
      : undefined,
  async run({ path, startLine = 1, endLine }, context) {
    const { actor, projectID } = context;
    const output = path.startsWith("output:") ? await context.outputs.read(path) : undefined;
    if (output !== undefined) return readLines(output, { path, startLine, endLine });
    try {
      const { content } = await File.readText(actor, projectID, path);
      return readLines(plainText(content).text, { path, startLine, endLine });
    } catch (error) {
      const shown =
        error instanceof VisibleError && error.code === "not_text" ? await showMedia(path, context) : undefined;
      if (shown === undefined) throw error;
      return shown;
    }
  },
});

/** Bytes past which a file is not even looked at. */
const maxMedia = 20_000_000;

/** An image or a PDF; undefined for another file that is not text. */
async function showMedia(path: string, { actor, projectID, show }: ToolContext): Promise<ToolResult | undefined> {
  const served = await File.serve(actor, projectID, path);
  if (served === undefined || served.size > maxMedia) return undefined;
  const bytes = await served.bytes();
  const media = mediaOf(bytes);
  if (media === undefined) return undefined;
  const file = await show({ name: served.path, type: media.type, bytes });
  if (typeof file === "string") return { output: file };
  return { output: `${served.path} is ${media.label}. It is shown below.`, file };
}

export const searchFiles = defineTool({
  name: "search_files",
  title: "Search",
  reads: true,
  description: "Searches for a regular expression (RE2) in the contents of text files, or in the names of files.",
  input: z.object({
    pattern: z.string().min(1),
    path: z.string().optional().describe("Only below this folder."),
    kind: z.enum(["content", "name"]).optional(),
    caseSensitive: z.boolean().optional(),
    after: z.string().optional().describe("Continues a search that stopped: the last path that was searched."),
  }),
  async run(input, { actor, projectID, signal }) {
    const { files, searched, incomplete, next } = await File.search(actor, projectID, { ...input, signal });
    const lines = files.flatMap(({ path, lines }) =>
      input.kind === "name" ? [path] : lines.map(({ line, text }) => `${path}:${line}: ${text}`),
    );
    const notes = incomplete.slice(0, maxNotes).map(({ path, reason }) => `${path}: ${reasons[reason]}`);
    if (incomplete.length > maxNotes) notes.push(`… and ${incomplete.length - maxNotes} more such files.`);
    if (next !== undefined)
      notes.unshift(
        `Stopped at a limit after ${searched} files; files after "${next}" were not searched. Narrow the pattern or the path, or search again with after: "${next}".`,
      );
    const nothing = lines.length === 0 ? await nothingAt(input.path, { actor, projectID }) : undefined;
    if (nothing !== undefined) return { output: nothing };
    if (lines.length === 0)
      lines.push(
        notes.length === 0
          ? `Nothing matches ${input.pattern}.`
          : `Nothing matches ${input.pattern} in what was searched.`,
      );
    return { output: [...lines, ...(notes.length > 0 ? ["", "Not searched whole:", ...notes] : [])].join("\n") };
  },
});

/** What to say of a path with no files, so that nothing found there is not taken for an answer; undefined otherwise. */
async function nothingAt(
  path: string | undefined,
  { actor, projectID }: Pick<ToolContext, "actor" | "projectID">,
): Promise<string | undefined> {
  if (isRoot(path)) return undefined;
  const [[folder], { files }] = await Promise.all([
    File.actualPaths(actor, projectID, [path]),
    File.list(actor, projectID),
  ]);
  const isThere = files.some((file) => file.path === folder || file.path.startsWith(`${folder}/`));
  return isThere ? undefined : noFolder(path, files);
}

function isRoot(path: string | undefined): path is undefined | "" {
  return path === undefined || ["", ".", "/", "./"].includes(path);
}

function noFolder(path: string, files: readonly { path: string }[]): string {
  const folders = files.flatMap(({ path: each }) =>
    each.split("/").map((_, depth, names) => names.slice(0, depth + 1).join("/")),
  );
  return `There is nothing in "${path}".${hintOf(path, [...new Set(folders)])}`;
}

const maxNotes = 10;
const reasons = {
  too_large: "not searched, over 2 MB",
  long_line: "long lines were searched only in part",
  out_of_time: "searched only in part, the pattern is too slow",
  too_many_matches: "more matches than are listed",
} as const;
