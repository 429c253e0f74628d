import type { Delta, NewRunEvent, RunEvent } from "@slipway/contract/run";
import { now } from "../clock/clock.ts";
import * as Connection from "../connection/connection.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { announce, find, type RunRecord } from "./record.ts";
import { RunEntity, RunEventEntity, SnapshotEntity } from "./run.entity.ts";

/** Another turn holds the run, or it has ended: stop and write nothing. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
  constructor() {
    super("another turn holds the run, or it has ended");
  }
}

/** A run as held by one turn. Every write fails once another turn, or a cancel, has raised the epoch. */
export interface Lease {
  readonly run: RunRecord;
  readonly epoch: number;
  /** Appends events with the next numbers, in one transaction with `items`. @throws LeaseLost */
  append(
    events: readonly NewRunEvent[],
    options?: { items?: readonly WriteItem[]; set?: Partial<Progress> },
  ): Promise<void>;
  /** Whether this turn still holds the run. One read. */
  isHeld(): Promise<boolean>;
  /** Fails its transaction once the lease is lost. */
  guardItem(): WriteItem;
  saveSnapshot(delta: Delta): Promise<void>;
}

interface Progress {
  step: number;
  attempt: number;
  status: "running" | "waiting";
  cost: number;
  modelFailures: number;
  modelFailingSince: number;
}

/** Takes the run by raising its epoch. Undefined when it has ended. */
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
  // Appends are serial: each needs the number that the previous one reached.
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
