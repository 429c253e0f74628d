import { VisibleError } from "@slipway/contract/error";
import { maxPushedBytes, type PushedChange, type PushResult } from "@slipway/contract/routes/sandbox-sync";
import * as Blob from "../blob/blob.ts";
import { normalisePath, type Change, type Meta } from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import { uploadPrefix } from "../sandbox/system.ts";
import type { Access } from "./access.ts";
import { modeOf, toEntry } from "./entry.ts";

/** Times that a push is planned again because others changed its files meanwhile. */
const maxRounds = 8;
const uploadSeconds = 900;

/** A change with the path as the store has it. */
type Wanted = PushedChange & { at: number };

/**
 * Applies what a sandbox has changed, each path by compare-and-set against the hash that the sandbox last had from the store.
 * One result per change; a path that cannot be written holds up none of the others.
 * @throws VisibleError reload_required when the files have been replaced
 */
export async function push(
  access: Access,
  { gen, changes }: { gen: number; changes: readonly PushedChange[] },
): Promise<{ rev: number; gen: number; results: PushResult[] }> {
  const { projectID, writer, guard } = access;
  const results = new Map<number, PushResult>();
  const open = new Map<number, Wanted>();
  const paths = new Set<string>();
  for (const [at, change] of changes.entries()) {
    const checked = checkPath(change, paths);
    if ("status" in checked) results.set(at, checked);
    else open.set(at, { ...checked, at });
  }

  for (let round = 0; open.size > 0; round++) {
    const head = await FileStore.head(projectID);
    if (head.gen !== gen)
      throw new VisibleError("reload_required", "The project's files have been replaced. Pull them first.");
    const planned = await plan(access, gen, [...open.values()], head.rev);
    for (const [at, result] of planned.results) {
      results.set(at, result);
      open.delete(at);
    }
    if (planned.changes.length === 0) break;
    const byPath = new Map([...open.values()].map((wanted) => [wanted.path, wanted.at]));
    try {
      await FileStore.apply({ projectID, writer }, planned.changes, {
        guard,
        onCommit({ rev }, part) {
          for (const { path } of part) {
            const at = byPath.get(path);
            if (at === undefined) continue;
            results.set(at, { status: "applied", rev });
            open.delete(at);
          }
        },
      });
    } catch (error) {
      if (error instanceof FileStore.GuardRefused)
        throw new VisibleError("not_signed_in", "Another launch of this sandbox has begun.", {}, error);
      if (FileStore.isRace(error) && round < maxRounds) continue;
      if (!(error instanceof VisibleError)) throw error;
      // One path is in the way of its commit: named, it alone is refused, and the rest is tried again.
      const named = byPath.get(String(error.details.path));
      const refused = named === undefined ? [...open.keys()] : [named];
      for (const at of refused) {
        results.set(at, refusal(error));
        open.delete(at);
      }
    }
  }
  const { rev } = await FileStore.head(projectID);
  return { rev, gen, results: changes.map((_, at) => results.get(at) ?? { status: "applied", rev }) };
}

/** The change at its stored path, or why there is no such path. */
function checkPath(change: PushedChange, seen: Set<string>): PushedChange | PushResult {
  try {
    const path = normalisePath(change.path);
    if (seen.has(path)) throw new VisibleError("invalid_input", "The path is in this push twice.", { path });
    seen.add(path);
    return { ...change, path };
  } catch (error) {
    if (error instanceof VisibleError) return refusal(error);
    throw error;
  }
}

function refusal({ code, message }: VisibleError): PushResult {
  return { status: "refused", code, message: message.slice(0, 500) };
}

interface Plan {
  changes: Change[];
  results: Map<number, PushResult>;
}

/** Compares each change with what the store holds now. */
async function plan({ projectID }: Access, gen: number, wanted: readonly Wanted[], rev: number): Promise<Plan> {
  const tree = await FileStore.readTree(
    projectID,
    gen,
    wanted.map(({ path }) => path),
  );
  const deletes: Change[] = [];
  const puts: Change[] = [];
  const results = new Map<number, PushResult>();
  const stale = (change: Extract<Wanted, { op: "put" }>) => !isBase(tree.at(change.path), change.base);
  const contents = new Contents(projectID, gen);
  await contents.store(wanted.filter((change) => change.op === "put").filter((change) => !stale(change)));
  const settle = async (change: Wanted, meta: Meta | undefined) => {
    const current = await toEntry(projectID, change.path, meta);
    results.set(
      change.at,
      current === undefined
        ? { status: "refused", code: "payload_too_large", message: "The store's version is too large to be synced." }
        : { status: "stale", current },
    );
  };
  for (const change of wanted) {
    const { at, path } = change;
    const meta = tree.at(path);
    switch (change.op) {
      case "put": {
        const same = meta && meta.hash === change.hash && modeOf(meta) === change.mode;
        if (same) results.set(at, { status: "applied", rev: meta.rev });
        else if (!isBase(meta, change.base)) await settle(change, meta);
        else {
          const content = await contents.of(change);
          if ("status" in content) results.set(at, content);
          else
            puts.push({
              op: "store",
              path,
              content: { ...content, mode: change.mode },
              rev: meta?.kind === "folder" ? undefined : meta?.rev,
            });
        }
        break;
      }
      case "delete":
        if (meta === undefined || meta.kind === "folder") results.set(at, { status: "applied", rev });
        else if (!isBase(meta, change.base)) await settle(change, meta);
        else deletes.push({ op: "unlink", path, rev: meta.rev });
        break;
      case "folder":
        // A folder that holds something needs no row of its own.
        if (meta?.kind === "folder" || tree.below(path).length > 0) results.set(at, { status: "applied", rev });
        else if (meta === undefined) puts.push({ op: "folder", path });
        else await settle(change, meta);
        break;
      case "rmdir":
        if (meta?.kind === "folder") deletes.push({ op: "rmdir", path });
        else results.set(at, { status: "applied", rev });
        break;
    }
  }
  const folders = deletes.filter(({ op }) => op === "rmdir").toSorted(FileStore.byDepth);
  const ordered = FileStore.orderChanges(tree, [...deletes.filter(({ op }) => op !== "rmdir"), ...folders], puts);
  for (const path of ordered.blocked) {
    const change = wanted.find((one) => one.path === path);
    if (change)
      results.set(change.at, {
        status: "refused",
        code: "name_taken",
        message: `"${path}" is a file or folder that stays.`,
      });
  }
  return { changes: ordered.changes, results };
}

/** Whether the store holds what the sandbox last had from it. */
function isBase(meta: Meta | undefined, base: string | null): boolean {
  const isNothing = meta === undefined || meta.kind === "folder";
  return base === null ? isNothing : !isNothing && meta.hash === base;
}

type Content = Omit<Meta, "path" | "fileID" | "rev" | "mode">;

/** Finds or stores the bytes of puts. */
class Contents {
  readonly #projectID: string;
  readonly #gen: number;
  readonly #stored = new Map<string, Content>();
  #byHash: Map<string, Meta> | undefined;

  constructor(projectID: string, gen: number) {
    this.#projectID = projectID;
    this.#gen = gen;
  }

  /** Those that came with their bytes, all at once. Ones that are not what they are named are not kept under that name. */
  async store(changes: readonly Extract<PushedChange, { op: "put" }>[]): Promise<void> {
    const raws = changes.flatMap((change) => inlineBytes(change) ?? []);
    for (const content of await FileStore.storeAllBytes(this.#projectID, raws)) this.#stored.set(content.hash, content);
  }

  async of(change: Extract<PushedChange, { op: "put" }>): Promise<Content | PushResult> {
    const { hash, size } = change;
    if (change.text !== undefined || change.data !== undefined) return this.#stored.get(hash) ?? wrongBytes;
    const known = (await this.#known()).get(hash);
    if (known) return { hash: known.hash, size: known.size, kind: known.kind, storage: known.storage };
    const key = uploadPrefix(this.#projectID) + hash;
    if ((await Blob.size(key)) !== undefined) {
      const bytes = await Blob.get(key);
      await Blob.remove(key);
      const { mode: _, ...content } = await FileStore.storeBytes(this.#projectID, bytes);
      return content.hash === hash ? content : wrongBytes;
    }
    return {
      status: "unknown",
      ...(size > maxPushedBytes / 2 ? { upload: await Blob.uploadURL(key, size, uploadSeconds) } : {}),
    };
  }

  /** Files by content, for those that were renamed. Read once, and only if a put has no bytes. */
  async #known(): Promise<Map<string, Meta>> {
    const metas = (this.#byHash ??= new Map(
      (await FileStore.listMetas(this.#projectID, this.#gen)).map((meta) => [meta.hash, meta]),
    ));
    return metas;
  }
}

function inlineBytes({ text, data }: Extract<PushedChange, { op: "put" }>): Buffer | undefined {
  if (text !== undefined) return Buffer.from(text);
  return data === undefined ? undefined : Buffer.from(data, "base64");
}

const wrongBytes: PushResult = {
  status: "refused",
  code: "invalid_input",
  message: "The content does not have the hash that was named.",
};
