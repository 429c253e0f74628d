import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import { create as createID } from "../id/id.ts";
import { putRows } from "../table/bulk.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { announce, readHead } from "./commit.ts";
import { encodeBytes, store } from "./content.ts";
import { HeadEntity, LogEntity, MetaEntity, type LogEntry } from "./file.entity.ts";
import { normalisePath } from "./path.ts";
import type { Meta } from "./plan.ts";
import type { Writer } from "./writer.ts";

/**
 * A first import: files are written into the generation after the current one, in any number of tries, and
 * then the project flips to it at once, so that nobody sees half of it. A cursor from before is told to reload.
 */

export interface Generation {
  gen: number;
  /** The revision that the project has after the flip. */
  rev: number;
}

export interface NewFile {
  path: string;
  bytes: Uint8Array;
  mode: string;
}

export async function nextGeneration(projectID: string): Promise<Generation> {
  const { gen, rev } = await readHead(projectID);
  return { gen: gen + 1, rev: rev + 1 };
}

/** What earlier tries have written. */
export async function filled(projectID: string, { gen }: Generation): Promise<Meta[]> {
  const { data } = await MetaEntity.query.byPath({ projectID, gen }).go({ pages: "all", consistent: true });
  return data;
}

/** Writes some files: contents first, 25 rows a request. Idempotent. */
export async function fill(projectID: string, { gen, rev }: Generation, files: readonly NewFile[]): Promise<Meta[]> {
  const contents = files.map(({ bytes }) => encodeBytes(bytes));
  await store(projectID, contents);
  const metas = files.flatMap(({ path, mode }, index): Meta[] => {
    const content = contents[index];
    if (!content) return [];
    const { hash, size, kind, storage } = content;
    return [{ path: normalisePath(path), fileID: createID("file"), hash, size, kind, storage, mode, rev }];
  });
  await putRows(
    MetaEntity,
    metas.map((meta) => ({ ...meta, projectID, gen })),
  );
  return metas;
}

/** Makes the filled generation the project's files, together with what is to be true from then on. */
export async function flip(
  projectID: string,
  target: Generation,
  writer: Writer,
  alongside: readonly WriteItem[] = [],
): Promise<void> {
  const entries: LogEntry[] = [{ path: "", op: "import" }];
  const written = await transact([
    updateItem(
      HeadEntity.patch({ projectID })
        .set({ rev: target.rev, gen: target.gen })
        .remove(["filling"])
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.rev, target.rev - 1)} AND ${operation.eq(attribute.gen, target.gen - 1)}`,
        ),
    ),
    putItem(LogEntity.create({ projectID, rev: target.rev, at: now(), writer, entries })),
    ...alongside,
  ]);
  if (!written.ok) throw new VisibleError("conflict", "The project was changed during the import.");
  await announce(projectID, target.rev);
}
