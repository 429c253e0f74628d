import type { ContextSize, Delta, NewRunEvent, RunEvent, TokenCounts } from "@slipway/contract/run";
import type { ServerMessage } from "@slipway/contract/socket";
import { now } from "../clock/clock.ts";
import { createOutbox } from "../connection/outbox.ts";
import { checkItem, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { eventItem } from "./events.ts";
import { keep } from "./large.ts";
import { announce, find, serialize, type RunRecord } from "./record.ts";
import { RunEntity, SnapshotEntity } from "./run.entity.ts";

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
  /** Sends to the project's watchers, in order with the events, without waiting for their sockets. */
  tell(message: ServerMessage): void;
  /** Waits until what was told is sent; call it before the turn ends. */
  flush(): Promise<void>;
  /** Replaces the stored text of the open block. @throws LeaseLost */
  saveSnapshot(delta: Delta): Promise<void>;
}

interface Progress {
  step: number;
  attempt: number;
  status: "running" | "waiting";
  cost: number;
  modelFailures: number;
  modelFailingSince: number;
  badAnswers: number;
  sightless: boolean;
  model: string;
  openingHash: string;
  openingStep: number;
  compactions: number;
  tokens: TokenCounts;
  context: ContextSize;
  overflows: number;
  contextTokens: number;
  contextLength: number;
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
          .set({ epoch, status: "running", touchedAt: now() })
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

  const outbox = createOutbox(projectID);
  const guardItem = () => checkItem(RunEntity.get({ runID }), "epoch", epoch);

  async function write(
    events: readonly NewRunEvent[],
    options: { items?: readonly WriteItem[]; set?: Partial<Progress> },
  ): Promise<void> {
    const at = now();
    const numbered = events.map((event, index): RunEvent => ({ ...event, seq: seq + 1 + index, at }));
    const from = seq;
    const appended = await Promise.all(numbered.map((event) => eventItem(runID, event)));
    const written = await transact([
      updateItem(
        RunEntity.patch({ runID })
          .set({ seq: from + events.length, touchedAt: at, ...options.set })
          .where(
            (attribute, operation) =>
              `${operation.eq(attribute.epoch, epoch)} AND ${operation.eq(attribute.seq, from)}`,
          ),
      ),
      ...appended,
      ...(options.items ?? []),
    ]);
    if (!written.ok) throw new LeaseLost();
    seq += events.length;
    Object.assign(run, options.set);
    for (const event of numbered) outbox.push({ type: "run-event", projectId: projectID, runId: runID, event });
    if (options.set?.status) outbox.push({ type: "run", projectId: projectID, run: serialize(run) });
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
    guardItem,
    tell: (message) => outbox.push(message),
    flush: () => outbox.flush(),
    async saveSnapshot(delta) {
      const expires = Math.ceil(now() / 1000) + 86_400;
      const row = { runID, epoch, expires, ...(await keep(runID, delta)) };
      const written = await transact([guardItem(), putItem(SnapshotEntity.put(row))]);
      if (!written.ok) throw new LeaseLost();
    },
  };
}
