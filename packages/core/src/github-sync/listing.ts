import { now } from "../clock/clock.ts";
import * as GitHub from "../github/github.ts";
import { patch, type Step } from "./record.ts";
import { findTree, writeTree } from "./synced-tree.ts";

/**
 * Lists a commit, in as many requests as it takes, with progress. What was listed before GitHub's rate limit is kept for
 * the next attempt.
 */
export async function listCommit(
  step: Step,
  at: { sha: string; tree: string },
  folder: string,
): Promise<GitHub.TreeEntry[]> {
  const { record, client } = step;
  const name = `${record.transferID}-listing`;
  const known = new Map<string, GitHub.TreeEntry[]>();
  for (const { path, ...entry } of (await findTree(record.projectID, name)) ?? []) {
    const colon = path.indexOf(":");
    const tree = path.slice(0, colon);
    const files = known.get(tree) ?? [];
    files.push({ ...entry, path: path.slice(colon + 1) });
    known.set(tree, files);
  }
  await patch(record, { phase: "Listing files" });
  let told = 0;
  try {
    if (known.size === 0) {
      const whole = await GitHub.listTree(client, record, at, folder);
      if (whole) return whole;
    }
    return await GitHub.listTreeInParts(client, record, at, {
      folder,
      known,
      async onPart(files) {
        if (now() - told < 500) return;
        told = now();
        await patch(record, { phase: `Listing files: ${files.toLocaleString("en")} so far` });
      },
    });
  } catch (error) {
    if (error instanceof GitHub.RateLimited)
      await writeTree(
        record.projectID,
        name,
        [...known].flatMap(([tree, files]) => files.map((file) => ({ ...file, path: `${tree}:${file.path}` }))),
      );
    throw error;
  }
}
