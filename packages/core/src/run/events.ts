import { Delta, RunEvent, type Block, type RunEvents } from "@slipway/contract/run";
import type { Actor } from "../member/member.ts";
import { RunEventEntity, SnapshotEntity } from "./run.entity.ts";
import { findFor, isOpen, serialize } from "./record.ts";

const pageSize = 200;

/** Durable events after a number, oldest first, with the open block as last stored. */
export async function events(actor: Actor, runID: string, after: number): Promise<RunEvents> {
  const run = await findFor(actor, runID, "read");
  const [{ data }, { data: open }] = await Promise.all([
    RunEventEntity.query.bySeq({ runID }).gt({ seq: after }).go({ limit: pageSize, consistent: true }),
    SnapshotEntity.get({ runID }).go({ consistent: true }),
  ]);
  const found = data.map((row) => RunEvent.parse(row.event));
  const more = found.length === pageSize;
  const isCurrent = open !== null && isOpen(run) && open.epoch === run.epoch && !more;
  const delta = isCurrent ? Delta.parse(open.delta) : undefined;
  const isFinished = delta === undefined || (await hasBlock(runID, delta.block, found));
  return { run: serialize(run), events: found, more, ...(delta && !isFinished ? { snapshot: delta } : {}) };
}

async function hasBlock(runID: string, blockID: string, known: readonly RunEvent[]): Promise<boolean> {
  if (known.some((event) => event.type === "block-finished" && event.block.id === blockID)) return true;
  const newest = await RunEventEntity.query.bySeq({ runID }).go({ limit: 3, order: "desc", consistent: true });
  return newest.data.some(({ event }) => {
    const parsed = RunEvent.parse(event);
    return parsed.type === "block-finished" && parsed.block.id === blockID;
  });
}

/** (internal) All events of a run. */
export async function all(runID: string): Promise<RunEvent[]> {
  const { data } = await RunEventEntity.query.bySeq({ runID }).go({ pages: "all", consistent: true });
  return data.map((row) => RunEvent.parse(row.event));
}

/** The answer that events tell of: finished blocks in order, without those of attempts that were begun again. */
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
