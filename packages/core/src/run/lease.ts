import { createHash } from "node:crypto";
import type { Delta, NewRunEvent, RunEvent, ToolChange } from "@slipway/contract/run";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import * as Connection from "../connection/connection.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { announce, find, type RunRecord } from "./record.ts";
import { RunEntity, RunEventEntity, SnapshotEntity, SteerEntity, StepEntity, ToolCallEntity } from "./run.entity.ts";

/** Someone else has the run now, or it has ended: stop, and write nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  constructor() {
    super("the run is no longer ours");
  }
}

/** A run as one turn holds it: every write is refused once another turn, or a cancel, has raised the epoch. */
export interface Lease {
  readonly run: RunRecord;
  readonly epoch: number;
  /** Appends events with the next numbers, together with other items. @throws LeaseLost */
  append(
    events: readonly NewRunEvent[],
    options?: { items?: readonly WriteItem[]; set?: Partial<Progress> },
  ): Promise<void>;
  /** Whether the run is still ours: one read. */
  isHeld(): Promise<boolean>;
  /** An item that refuses its transaction when the lease is lost. */
  guardItem(): WriteItem;
  saveSnapshot(delta: Delta): Promise<void>;
}

interface Progress {
  step: number;
  attempt: number;
  status: "running" | "waiting";
  cost: number;
}

/** Takes the run: raises its epoch. Undefined when it has ended. */
export async function acquire(runID: string): Promise<Lease | undefined> {
  for (;;) {
    const found = await find(runID);
    if (!found || (found.status !== "running" && found.status !== "waiting")) return undefined;
    const epoch = found.epoch + 1;
    const taken = await transact([
      updateItem(
        RunEntity.patch({ runID })
          .set({ epoch, status: "running", touchedAt: now(), state: "open" })
          .remove(["token"])
          .where(
            (attribute, operation) =>
              `${operation.eq(attribute.epoch, found.epoch)} AND ${operation.eq(attribute.status, found.status)}`,
          ),
      ),
    ]);
    if (!taken.ok) continue;
    const run = await find(runID);
    if (run?.epoch !== epoch) continue;
    if (found.status === "waiting") await announce(run);
    return createLease(run);
  }
}

function createLease(run: RunRecord): Lease {
  const { runID, projectID, epoch } = run;
  let { seq } = run;
  // Appends go one after the other: each needs the number that the one before has reached.
  let last: Promise<unknown> = Promise.resolve();

  async function write(
    events: readonly NewRunEvent[],
    options: { items?: readonly WriteItem[]; set?: Partial<Progress> },
  ): Promise<void> {
    const at = now();
    const numbered = events.map((event, index): RunEvent => ({ ...event, seq: seq + 1 + index, at }));
    const from = seq;
    const written = await transact([
      updateItem(
        RunEntity.patch({ runID })
          .set({ seq: from + events.length, touchedAt: at, state: "open", ...options.set })
          .where(
            (attribute, operation) =>
              `${operation.eq(attribute.epoch, epoch)} AND ${operation.eq(attribute.seq, from)}`,
          ),
      ),
      ...numbered.map((event) => putItem(RunEventEntity.create({ runID, seq: event.seq, event }))),
      ...(options.items ?? []),
    ]);
    if (!written.ok) throw new LeaseLost();
    seq += events.length;
    Object.assign(run, options.set);
    for (const event of numbered) {
      await Connection.broadcast(projectID, { type: "run-event", projectId: projectID, runId: runID, event });
    }
    if (options.set?.status) await announce(run);
  }

  return {
    run,
    epoch,
    append(events, options = {}) {
      const appended = last.then(() => write(events, options));
      last = appended.catch(() => undefined);
      return appended;
    },
    async isHeld() {
      const current = await find(runID);
      return current?.epoch === epoch;
    },
    guardItem() {
      const { TableName, Key } = RunEntity.patch({ runID })
        .set({ touchedAt: 0, state: "open" })
        .params<{ TableName: string; Key: Record<string, unknown> }>();
      return {
        ConditionCheck: {
          TableName,
          Key,
          ConditionExpression: "#epoch = :epoch",
          ExpressionAttributeNames: { "#epoch": "epoch" },
          ExpressionAttributeValues: { ":epoch": epoch },
        },
      };
    },
    async saveSnapshot(delta) {
      await SnapshotEntity.put({ runID, epoch, delta, expires: Math.ceil(now() / 1000) + 86_400 })
        .where(
          (attribute, operation) =>
            `${operation.notExists(attribute.epoch)} OR ${operation.lte(attribute.epoch, epoch)}`,
        )
        .go();
    },
  };
}

/** A model step as it was persisted: what the model said, and what its tools answered once they have. */
export interface StoredStep {
  step: number;
  said: unknown[];
  results: unknown[] | undefined;
}

const Messages = z.array(z.unknown());

/** By hash, so that a turn which has lost the lease can never write over what the one after it has stored. */
/** Where the steps of a run are in S3. */
export function stepPrefix(runID: string): string {
  return `runs/${runID}/`;
}

function stepKey(runID: string, hash: string): string {
  return stepPrefix(runID) + hash;
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

/** Puts what the model said into S3; the item makes it part of the run. */
export async function stepItem(runID: string, step: number, said: readonly unknown[]): Promise<WriteItem> {
  return putItem(StepEntity.put({ runID, step, state: "model", hash: await storeMessages(runID, said) }));
}

export async function resultsItem(runID: string, step: number, results: readonly unknown[]): Promise<WriteItem> {
  const resultsHash = await storeMessages(runID, results);
  return updateItem(StepEntity.patch({ runID, step }).set({ state: "done", resultsHash }));
}

async function storeMessages(runID: string, messages: readonly unknown[]): Promise<string> {
  const text = JSON.stringify(messages);
  const hash = hashOf(text);
  await Blob.put(stepKey(runID, hash), text);
  return hash;
}

/** All steps of a run that are safe, in order. @throws Error when S3 holds something else than was written */
export async function steps(runID: string): Promise<StoredStep[]> {
  const { data } = await StepEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return Promise.all(
    data.map(async (row): Promise<StoredStep> => {
      const read = async (hash: string | undefined) => {
        if (hash === undefined) return undefined;
        const text = new TextDecoder().decode(await Blob.get(stepKey(runID, hash)));
        if (hashOf(text) !== hash) throw new Error(`step ${row.step} of ${runID} is not what was written`);
        return Messages.parse(JSON.parse(text));
      };
      const [said, results] = await Promise.all([read(row.hash), read(row.resultsHash)]);
      return { step: row.step, said: said ?? [], results };
    }),
  );
}

/** What a tool call that has an effect came to. `started`: it was begun and nobody can tell how it ended. */
export interface ToolRecord {
  state: "started" | "completed" | "failed";
  output: string;
  changes: ToolChange[];
}

/** The record of a call, created once: with the effect for files, before it for anything else. */
export function toolCallItem(runID: string, callID: string, record: ToolRecord): WriteItem {
  return putItem(ToolCallEntity.create({ runID, callID, ...record, at: now() }));
}

export async function toolCall(runID: string, callID: string): Promise<ToolRecord | undefined> {
  const { data } = await ToolCallEntity.get({ runID, callID }).go({ consistent: true });
  return data
    ? { state: data.state, output: data.output ?? "", changes: (data.changes ?? []) as ToolChange[] }
    : undefined;
}

export async function finishToolCall(runID: string, callID: string, record: ToolRecord): Promise<void> {
  await ToolCallEntity.patch({ runID, callID }).set(record).go();
}

/** What people added to the run: all that has joined, and what is to join at `step`. */
export async function steers(runID: string): Promise<{ messageID: string; text: string; step: number | undefined }[]> {
  const { data } = await SteerEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.map(({ messageID, text, step }) => ({ messageID, text, step }));
}

export function joinItem(runID: string, messageID: string, step: number): WriteItem {
  return updateItem(SteerEntity.patch({ runID, messageID }).set({ step }));
}
