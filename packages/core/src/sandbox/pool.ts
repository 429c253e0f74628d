import { randomUUID } from "node:crypto";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { putItem, transact, updateItem } from "../table/table.ts";
import type { ComputeProvider, ListedTask } from "./compute.ts";
import { configHash, type SandboxRecord } from "./record.ts";
import { PooledTaskEntity } from "./sandbox.entity.ts";

/**
 * Warm tasks, which cost money while they wait: none unless the deployment asks for some. Each is claimed by one conditional
 * write, bound once, and never returned.
 */

/** The owner of a task that waits. */
export const poolOwner = "pool";
/** A waiting task is replaced before its own lifetime ends it. */
const waitingSeconds = 3600;
/** Milliseconds from a claim to the launch that records it. */
const claimTime = 120_000;

/** A warm task for a launch, the same one however often it asks; undefined when there is none. */
export async function claim({
  sandboxID,
  epoch,
}: Pick<SandboxRecord, "sandboxID" | "epoch">): Promise<string | undefined> {
  if (resource("Sandboxes").pool === 0) return undefined;
  const launch = `${sandboxID}-${epoch}`;
  const { data } = await PooledTaskEntity.query
    .byConfig({ configHash: configHash() })
    .go({ pages: "all", consistent: true });
  // A pass that ended after its claim is repeated.
  const mine = data.find(({ claimedBy }) => claimedBy === launch);
  if (mine !== undefined) return mine.task;
  const free = data.filter(({ claimedBy, expires }) => claimedBy === undefined && expires * 1000 > now());
  // In an order of one's own, so that launches at the same time do not all try the same one first.
  for (const { task } of free.toSorted(() => Math.random() - 0.5)) {
    const { ok } = await transact([
      updateItem(
        PooledTaskEntity.patch({ configHash: configHash(), task })
          .set({ claimedBy: launch, claimedAt: now() })
          .where((attribute, operation) => operation.notExists(attribute.claimedBy)),
      ),
    ]);
    if (ok) return task;
  }
  return undefined;
}

/** Starts what is missing, and forgets what has ended. `live` is every task there is. */
export async function refill(
  compute: ComputeProvider,
  live: readonly ListedTask[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const { pool } = resource("Sandboxes");
  const { data } = await PooledTaskEntity.query.byConfig({ configHash: configHash() }).go({ pages: "all" });
  if (pool === 0 && data.length === 0) return;
  const running = new Set(live.map(({ task }) => task));
  const gone = data.filter(({ task, at }) => !running.has(task) && now() - at > claimTime);
  for (const { configHash: hash, task } of gone) await PooledTaskEntity.delete({ configHash: hash, task }).go();
  const waiting = data.filter(
    ({ task, claimedBy, expires }) => claimedBy === undefined && running.has(task) && expires * 1000 > now(),
  );
  for (let missing = pool - waiting.length; missing > 0; missing--) {
    const task = await compute.start({ token: `pool-${randomUUID()}`, owner: poolOwner, environment });
    const at = now();
    const expires = Math.ceil(at / 1000) + waitingSeconds;
    await transact([putItem(PooledTaskEntity.create({ configHash: configHash(), task, at, expires }))]);
  }
}

/** The tasks that still wait, and those that were claimed so lately that their launch may yet record it. */
export async function kept(): Promise<ReadonlySet<string>> {
  const { data } = await PooledTaskEntity.query
    .byConfig({ configHash: configHash() })
    .go({ pages: "all", consistent: true });
  return new Set(
    data
      .filter(({ claimedAt, expires }) =>
        claimedAt === undefined ? expires * 1000 > now() : now() - claimedAt < claimTime,
      )
      .map(({ task }) => task),
  );
}
