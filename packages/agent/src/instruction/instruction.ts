import * as File from "@slipway/core/file";
import * as Instructions from "@slipway/core/instruction/system";
import type { Actor } from "@slipway/core/member";
import type { Instruction } from "./told.ts";

/**
 * What the person, the team and the project's own files ask of every agent. Each source is told once: again only when it
 * has changed, or when the conversation was shortened.
 */

/** Files that hold instructions, of the project for its root, and of a folder for what is below it. */
const names = ["AGENTS.md", "CLAUDE.md", ".cursorrules"];
/** Those for a whole conversation. */
export async function instructionsFor(actor: Actor, projectID: string): Promise<Instruction[]> {
  const [team, person, files] = await Promise.all([
    Instructions.read(Instructions.team),
    Instructions.read(actor.userID),
    inFolder(actor, projectID, ""),
  ]);
  const settings = [
    { from: "the team", text: team },
    { from: "the person", text: person },
  ];
  return [...settings.filter(({ text }) => text.trim() !== ""), ...files];
}

/** Those of the folders that hold some paths, the outermost first. `looked` remembers where there was nothing new. */
export async function instructionsAbove(
  actor: Actor,
  { projectID, paths, looked }: { projectID: string; paths: readonly string[]; looked: Set<string> },
): Promise<Instruction[]> {
  const folders = [...new Set(paths.flatMap(foldersOf))].filter((folder) => !looked.has(folder));
  for (const folder of folders) looked.add(folder);
  return (await Promise.all(folders.map((folder) => inFolder(actor, projectID, `${folder}/`)))).flat();
}

/** `a/b/c.ts` is in `a` and `a/b`. */
function foldersOf(path: string): string[] {
  const parts = path.split("/").slice(0, -1);
  return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
}

async function inFolder(actor: Actor, projectID: string, folder: string): Promise<Instruction[]> {
  const paths = names.map((name) => folder + name);
  const versions = await File.versionsNow(actor, projectID, paths);
  const found = await Promise.all(
    paths
      .filter((path) => versions.has(path))
      .map(async (from) => ({
        from,
        text: await File.readText(actor, projectID, from).then(
          ({ content }) => content,
          () => "",
        ),
      })),
  );
  const seen = new Set<string>();
  // One file is often a copy of another, for other agents.
  return found.filter(({ text }) => text.trim() !== "" && !seen.has(text) && seen.add(text));
}
