import { readSnapshot } from "./snapshot.ts";
import { versionOf, type Change } from "./plan.ts";
import { byDepth, listMetas, orderChanges, treeOf } from "./tree.ts";
import type { UndoPlan } from "./undo.ts";

/**
 * What restoring a checkpoint would change now. Files that changed after revision `base` stay as they are. Once it has
 * been applied, planning again yields no changes.
 */
export async function planRestore(
  projectID: string,
  gen: number,
  { checkpoint, base }: { checkpoint: number; base: number },
): Promise<UndoPlan> {
  const [wanted, metas] = await Promise.all([readSnapshot(projectID, checkpoint), listMetas(projectID, gen)]);
  const tree = treeOf(metas);
  const want = new Map(wanted.map((meta) => [meta.path, meta]));
  const deletes: Change[] = [];
  const folders: Change[] = [];
  const puts: Change[] = [];
  const kept: string[] = [];
  for (const { path, kind, rev } of metas) {
    if (want.get(path)?.kind === kind || rev > base) continue;
    if (kind === "folder") folders.push({ op: "rmdir", path });
    else if (!want.has(path) || want.get(path)?.kind === "folder") deletes.push({ op: "unlink", path, rev });
  }
  const leaving = new Set([...deletes, ...folders].map(({ path }) => path));
  for (const meta of wanted) {
    const now = tree.at(meta.path);
    if (now?.hash === meta.hash && now.kind === meta.kind && now.mode === meta.mode) continue;
    if (now && now.rev > base) kept.push(meta.path);
    else if (meta.kind !== "folder") {
      const isFile = now !== undefined && now.kind !== "folder";
      puts.push({ op: "store", path: meta.path, content: versionOf(meta), rev: isFile ? now.rev : undefined });
    } else if (tree.below(meta.path).every(({ path }) => leaving.has(path)))
      puts.push({ op: "folder", path: meta.path });
  }
  const empty = folders.filter(({ path }) => tree.below(path).every((meta) => leaving.has(meta.path)));
  const ordered = orderChanges(tree, [...deletes, ...empty.toSorted(byDepth)], puts);
  return { changes: ordered.changes, kept: [...kept, ...ordered.blocked] };
}
