import { VisibleError } from "@slipway/contract/error";
import { maxChanges } from "@slipway/contract/file";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import { commitChanges, readHead, type Change, type Meta } from "./commit.ts";
import { IntentEntity, MetaEntity } from "./file.entity.ts";
import { readManifest } from "./manifest.ts";
import { movedPath } from "./path.ts";
import { undoChanges, type UndoRange } from "./undo.ts";

/**
 * Changes that are larger than one commit: a series of commits under an intent. Each looks at what is left to do, so
 * that going on after a crash is the same as going on.
 */
type Intent = {
  projectID: string;
  intentID: string;
  kind: "move" | "remove" | "restore" | "undo";
  path?: string | undefined;
  to?: string | undefined;
  checkpoint?: number | undefined;
  base?: number | undefined;
  range?: UndoRange | undefined;
  by: string;
};

/** Records the intent, carries it out, and forgets it. Resolves to the revision afterwards. */
export async function carryOut(intent: Omit<Intent, "intentID">): Promise<number> {
  const recorded: Intent = { ...intent, intentID: createID("request") };
  await IntentEntity.create({ ...recorded, at: now() }).go();
  const rev = await advance(recorded);
  await IntentEntity.delete({ projectID: recorded.projectID, intentID: recorded.intentID }).go();
  return rev;
}

/** (internal, for the sweep) Finishes what someone began more than `age` milliseconds ago and did not finish. */
export async function resumeIntents(age = 60_000): Promise<number> {
  const { data } = await IntentEntity.query
    .byTime({ all: "all" })
    .lt({ at: now() - age })
    .go({ pages: "all" });
  for (const intent of data) {
    await advance({ ...intent, range: intent.range as UndoRange | undefined });
    await IntentEntity.delete({ projectID: intent.projectID, intentID: intent.intentID }).go();
  }
  return data.length;
}

async function advance(intent: Intent): Promise<number> {
  for (;;) {
    const head = await readHead(intent.projectID);
    const changes = await nextChanges(intent, head.gen);
    if (changes.length === 0) return head.rev;
    try {
      await commitChanges({ projectID: intent.projectID, by: intent.by, changes });
    } catch (error) {
      // Someone changed one of them between the look and the commit: look again.
      if (error instanceof VisibleError && ["stale_revision", "not_found"].includes(error.code)) continue;
      throw error;
    }
  }
}

async function nextChanges(intent: Intent, gen: number): Promise<Change[]> {
  if (intent.kind === "restore") return restoreChanges(intent, gen);
  if (intent.kind === "undo") return intent.range ? undoChanges(intent.projectID, gen, intent.range) : [];
  const { projectID, path = "", to = "" } = intent;
  const query = MetaEntity.query.byPath({ projectID, gen }).begins({ path: `${path}/` });
  const { data } = await query.go({ consistent: true, limit: intent.kind === "move" ? 48 : 96 });
  const self = await MetaEntity.get({ projectID, gen, path }).go({ consistent: true });
  // The deepest first, so that a folder's own row goes when it is empty.
  const found: Meta[] = data.length > 0 ? data : self.data ? [self.data] : [];
  const single = found.toReversed();
  return intent.kind === "remove"
    ? single.map((meta) => ({ op: "delete", path: meta.path }))
    : single.map((meta) => ({ op: "move", path: meta.path, to: movedPath(meta.path, path, to) }));
}

async function restoreChanges(intent: Intent, gen: number): Promise<Change[]> {
  const { projectID, checkpoint = 0, base = 0 } = intent;
  const [wanted, { data }] = await Promise.all([
    readManifest(projectID, checkpoint),
    MetaEntity.query.byPath({ projectID, gen }).go({ pages: "all", consistent: true }),
  ]);
  const current = new Map<string, Meta>(data.map((meta) => [meta.path, meta]));
  const want = new Map(wanted.map((meta) => [meta.path, meta]));
  const changes: Change[] = [];
  for (const meta of data) {
    if (!want.has(meta.path) && meta.rev <= base && meta.kind !== "folder")
      changes.push({ op: "delete", path: meta.path, rev: meta.rev });
  }
  for (const meta of wanted) {
    const now = current.get(meta.path);
    if (now?.hash === meta.hash && now.kind === meta.kind) continue;
    if (now && now.rev > base) continue;
    if (meta.kind === "folder") {
      if (!now && !data.some(({ path }) => path.startsWith(`${meta.path}/`)))
        changes.push({ op: "folder", path: meta.path });
    } else {
      const { hash, size, kind, storage, mode } = meta;
      changes.push({ op: "store", path: meta.path, content: { hash, size, kind, storage, mode }, rev: now?.rev });
    }
  }
  return changes.slice(0, maxChanges - 1);
}
