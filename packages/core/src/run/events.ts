import { Delta, RunEvent, type Block, type RunEvents } from "@slipway/contract/run";
import type { Actor } from "../member/member.ts";
import { putItem, type WriteItem } from "../table/table.ts";
import * as Large from "./large.ts";
import { findFor, isOpen, serialize } from "./record.ts";
import { RunEventEntity, SnapshotEntity } from "./run.entity.ts";

/** The durable log of a run, and its open block. */

/** Events of one page, and their bytes: a reply may have 6 MB once its text is escaped. */
const pageSize = 200;
const pageBytes = 2_000_000;

/** Durable events after a number, oldest first, with the open block as last stored. */
export async function events(actor: Actor, runID: string, after: number): Promise<RunEvents> {
  const run = await findFor(actor, runID, "read");
  const [page, open] = await Promise.all([readPage(runID, after), snapshot(runID)]);
  const { found, more } = page;
  const isCurrent = open !== undefined && isOpen(run) && open.epoch === run.epoch && !more;
  const isFinished = !isCurrent || (await hasBlock(runID, open.delta.block, found));
  return { run: serialize(run), events: found, more, ...(isFinished ? {} : { snapshot: open.delta }) };
}

async function readPage(runID: string, after: number): Promise<{ found: RunEvent[]; more: boolean }> {
  const { data, cursor } = await RunEventEntity.query
    .bySeq({ runID })
    .gt({ seq: after })
    .go({ limit: pageSize, consistent: true });
  const found: RunEvent[] = [];
  let bytes = 0;
  for (const row of data) {
    const event = await parse(row);
    bytes += Buffer.byteLength(JSON.stringify(event));
    if (found.length > 0 && bytes > pageBytes) return { found, more: true };
    found.push(event);
  }
  return { found, more: cursor !== null };
}

/** The open block as last stored, and the epoch that wrote it. */
export async function snapshot(runID: string): Promise<{ epoch: number; delta: Delta } | undefined> {
  const { data } = await SnapshotEntity.get({ runID }).go({ consistent: true });
  return data ? { epoch: data.epoch, delta: Delta.parse(await Large.unkeep(runID, data)) } : undefined;
}

async function hasBlock(runID: string, blockID: string, known: readonly RunEvent[]): Promise<boolean> {
  const isIt = (event: RunEvent) => event.type === "block-finished" && event.block.id === blockID;
  if (known.some(isIt)) return true;
  const { data } = await RunEventEntity.query.bySeq({ runID }).go({ limit: 3, order: "desc", consistent: true });
  return (await Promise.all(data.map(parse))).some(isIt);
}

/** All events of a run. */
export async function all(runID: string): Promise<RunEvent[]> {
  const { data } = await RunEventEntity.query.bySeq({ runID }).go({ pages: "all", consistent: true });
  const found: RunEvent[] = [];
  // Few are in S3, and a run's log is read side by side only as far as a function's memory takes.
  for (let at = 0; at < data.length; at += 100) found.push(...(await Promise.all(data.slice(at, at + 100).map(parse))));
  return found;
}

/** The item that appends an event. What does not fit a row is in S3 before this resolves. */
export async function eventItem(runID: string, event: RunEvent): Promise<WriteItem> {
  return putItem(RunEventEntity.create({ runID, seq: event.seq, ...(await Large.keep(runID, event)) }));
}

async function parse(row: {
  runID: string;
  json?: string | undefined;
  hash?: string | undefined;
  event?: unknown;
}): Promise<RunEvent> {
  return RunEvent.parse(row.event ?? (await Large.unkeep(row.runID, row)));
}

/** The answer in a log: finished blocks in order, without those of attempts that were made again. */
export function blocksOf(log: readonly RunEvent[]): Block[] {
  const blocks = new Map<string, { step: number; block: Block }>();
  for (const event of log) {
    if (event.type === "step-reset") {
      for (const [id, { step }] of blocks) if (step === event.step) blocks.delete(id);
    }
    if (event.type === "block-finished") blocks.set(event.block.id, { step: event.step, block: event.block });
  }
  return [...blocks.values()].map(({ block }) => block);
}
