import { ToolChange } from "@slipway/contract/run";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import { checkItem, putItem, transact, type WriteItem } from "../table/table.ts";
import * as Large from "./large.ts";
import { LeaseLost, type Lease } from "./lease.ts";
import { RunEntity, ToolCallEntity } from "./run.entity.ts";

/** The outcome of a tool call that has an effect. `started`: it began, and its end is unknown. */
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
  recordItem(record: ToolRecord): Promise<WriteItem>;
  /** The record that an earlier attempt of this call left. */
  earlier(): Promise<ToolRecord | undefined>;
  /** The same for an effect that has only started, with what its end will be looked up by. */
  startedItem(handle: string): WriteItem;
  /**
   * Records that the call begins, with what its end will be looked up by: for effects that no transaction covers.
   * @throws LeaseLost
   */
  begin(handle?: string): Promise<void>;
  /** Replaces the record of `begin`. @throws LeaseLost */
  complete(record: ToolRecord): Promise<void>;
  /** What to throw when `item()` failed its transaction. */
  lost(): Error;
}

const Answer = z.object({ output: z.string(), changes: z.array(ToolChange) });

export function writeGuard(lease: Lease, callID: string): WriteGuard {
  const { runID } = lease.run;
  async function row({ state, output, changes }: ToolRecord) {
    return { runID, callID, state, at: now(), ...(await Large.keep(runID, { output, changes })) };
  }
  const recordItem = async (record: ToolRecord) => putItem(ToolCallEntity.create(await row(record)));

  function startedItem(handle: string): WriteItem {
    const json = JSON.stringify({ output: handle, changes: [] });
    return putItem(ToolCallEntity.create({ runID, callID, state: "started", at: now(), json }));
  }

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
      return { state: data.state, ...Answer.parse(await Large.unkeep(runID, data)) };
    },
    startedItem,
    begin: (handle = "") => write(startedItem(handle)),
    complete: async (record) => write(putItem(ToolCallEntity.put(await row(record)))),
    lost: () => new LeaseLost(),
  };
}
