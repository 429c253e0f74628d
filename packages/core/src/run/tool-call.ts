import type { ToolChange } from "@slipway/contract/run";
import { now } from "../clock/clock.ts";
import { checkItem, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { LeaseLost, type Lease } from "./lease.ts";
import { RunEntity, ToolCallEntity } from "./run.entity.ts";

/** What became of a tool call that has an effect. `started`: it began, and nobody knows how it ended. */
export interface ToolRecord {
  state: "started" | "completed" | "failed";
  output: string;
  changes: ToolChange[];
}

/**
 * What one tool call may write with. Once the run is cancelled, or another turn holds it, every write that carries
 * `item()` fails.
 */
export interface WriteGuard {
  /** Fails its transaction once the run is no longer held. */
  item(): WriteItem;
  /** Fails its transaction once the run has ended, whichever turn holds it: for work that outlives a turn. */
  openItem(): WriteItem;
  /** The call's record, for the transaction of its effect. Fails its transaction when there is a record already. */
  recordItem(record: ToolRecord): WriteItem;
  /** The record that an earlier attempt of this call left. */
  earlier(): Promise<ToolRecord | undefined>;
  /** Records that the call begins: for effects that no transaction covers. @throws LeaseLost */
  begin(): Promise<void>;
  /** Replaces the record of `begin`. @throws LeaseLost */
  complete(record: ToolRecord): Promise<void>;
  /** What to throw when `item()` failed its transaction. */
  lost(): Error;
}

export function writeGuard(lease: Lease, callID: string): WriteGuard {
  const { runID } = lease.run;
  const recordItem = (record: ToolRecord) => putItem(ToolCallEntity.create({ runID, callID, ...record, at: now() }));

  async function write(item: WriteItem): Promise<void> {
    const written = await transact([lease.guardItem(), item]);
    if (written.ok) return;
    if (written.failed.includes(0)) throw new LeaseLost();
    throw new Error(`the record of ${callID} in ${runID} is not as expected`);
  }

  return {
    item: () => lease.guardItem(),
    openItem: () => checkItem(RunEntity.get({ runID }), "status", "running", "waiting"),
    recordItem,
    async earlier() {
      const { data } = await ToolCallEntity.get({ runID, callID }).go({ consistent: true });
      if (!data) return undefined;
      return { state: data.state, output: data.output ?? "", changes: (data.changes ?? []) as ToolChange[] };
    },
    begin: () => write(recordItem({ state: "started", output: "", changes: [] })),
    complete: (record) => write(updateItem(ToolCallEntity.patch({ runID, callID }).set(record))),
    lost: () => new LeaseLost(),
  };
}
