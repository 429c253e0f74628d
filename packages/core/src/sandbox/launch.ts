import { setTimeout as sleep } from "node:timers/promises";
import { idleTime } from "@slipway/contract/sandbox-state";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import * as Log from "../log/log.ts";
import { publicKeys, reach } from "./access.ts";
import { claim } from "./pool.ts";
import { provider } from "./provider.ts";
import { useItems } from "./use.ts";
import { announce, begin, change, end, find, lifetime, takePass, type SandboxRecord } from "./record.ts";

/**
 * A launch is a series of steps that are recorded before the next begins. Every look advances it: the request that began
 * it, a page that asks how it stands, a run that needs it, or the sweep. So nothing has to stay alive for it, and a pass that
 * was killed is repeated: starting a task is idempotent by its token, and so is the claim.
 */

/** What the runner is told. Nothing of it is secret. It stops by itself if the control plane does not do so in time. */
export function runnerEnvironment(): Record<string, string> {
  const grace = 10 * 60_000;
  return {
    SLIPWAY_PUBLIC_KEYS: publicKeys(),
    SLIPWAY_IDLE_MS: String(idleTime),
    // Idle or not, it is the control plane that stops it. This is for one that is gone.
    SLIPWAY_UNHEARD_MS: String(grace),
    SLIPWAY_LIFETIME_MS: String(lifetime + grace),
  };
}

/** ECS is eventually consistent: it may not know a task for this long after it has started it. */
const unknownTime = 60_000;
/** Milliseconds until a task that there was no room for is asked for again. */
const retryTime = 5000;
/** Milliseconds between two looks at a task that starts. */
const pause = 100;
const longestPause = 1000;

/** Moves a launch on until it is active, has failed, or the time is over. Resolves to how it stands. */
export async function settle(record: SandboxRecord, milliseconds: number): Promise<SandboxRecord> {
  const deadline = now() + milliseconds;
  let current = record;
  for (let attempt = 0; current.state === "creating"; attempt++) {
    current = await pass(current);
    const wait = Math.min(longestPause, pause * 1.3 ** attempt);
    if (current.state !== "creating" || now() + wait > deadline) break;
    await sleep(wait);
  }
  return current;
}

/** One pass: as many steps as can be taken without waiting. */
async function pass(record: SandboxRecord): Promise<SandboxRecord> {
  if (!(await takePass(record))) return (await find(record.sandboxID)) ?? record;
  let current = record;
  try {
    if (current.task === undefined) current = await start(current);
    if (current.task !== undefined && current.state === "creating") current = await connect(current);
  } catch (error) {
    if (!(error instanceof VisibleError) && !(error instanceof SandboxError)) {
      Log.error("sandbox-launch-failed", error, { sandboxID: record.sandboxID });
      return fail(current, "The sandbox could not be started. Try again.");
    }
    if (error instanceof VisibleError && error.code === "busy" && now() < (current.lockUntil ?? 0))
      return postpone(current, error.message);
    return fail(current, error.message);
  }
  if (current.state === "creating") await change(current, { busyUntil: 0 });
  return current;
}

/** There is no room now. A look after a while tries again, until the launch has taken too long. */
async function postpone(record: SandboxRecord, note: string): Promise<SandboxRecord> {
  const steps = record.steps.map((step, at) => (at === record.steps.length - 1 ? { ...step, note } : step));
  const changed = await change(record, { steps, busyUntil: now() + retryTime });
  if (changed === undefined) return latest(record);
  await announce(changed);
  return changed;
}

/** Takes a warm task, or starts one. */
async function start(record: SandboxRecord): Promise<SandboxRecord> {
  const { sandboxID, epoch } = record;
  const compute = await provider();
  const claimed = await claim(record);
  const task =
    claimed ??
    (await compute.start({ token: `${sandboxID}-${epoch}`, owner: sandboxID, environment: runnerEnvironment() }));
  const steps = begin(record.steps, "connect");
  const changed = await change(record, { task, path: claimed === undefined ? "cold" : "claim", steps });
  if (changed === undefined) return leave(record, task);
  await announce(changed);
  return changed;
}

/** Binds the task's runner, once it answers, and makes the sandbox active. */
async function connect(record: SandboxRecord): Promise<SandboxRecord> {
  const { task = "" } = record;
  const compute = await provider();
  const found = (await compute.find([task])).get(task);
  if (found?.state === "stopped") return fail(record, found.reason);
  if (found === undefined && now() - startedAt(record) > unknownTime) return fail(record, "The task is gone.");
  if (found?.state !== "running") return expire(record);
  const { origin } = found;
  try {
    await reach({ ...record, origin }).claim({ stopAt: now() + lifetime });
  } catch (error) {
    // It is up, and its runner is not yet.
    if (error instanceof SandboxError && error.code === "unreachable") return expire(record);
    throw error;
  }
  const at = now();
  const active = await change(record, {
    state: "active",
    origin,
    activeAt: at,
    heartbeatAt: at,
    steps: end(record.steps),
    busyUntil: 0,
  });
  if (active === undefined) return leave(record, task);
  await announce(active);
  return active;
}

/** The record has changed meanwhile. Stops the task, unless another pass of the same launch has it. */
async function leave(record: SandboxRecord, task: string): Promise<SandboxRecord> {
  const now = await latest(record);
  if (now.task !== task) await (await provider()).stop(task, "Another launch has taken over.");
  return now;
}

function startedAt({ steps, launchedAt = 0 }: SandboxRecord): number {
  return steps.find(({ name }) => name === "connect")?.startedAt ?? launchedAt;
}

async function expire(record: SandboxRecord): Promise<SandboxRecord> {
  return now() < (record.lockUntil ?? 0)
    ? record
    : fail(record, "The sandbox did not answer within five minutes. Start it again.");
}

/**
 * Ends a launch with its reason. The row comes first: another pass may have made it active meanwhile, and the sweep stops a task
 * that no row names.
 */
export async function fail(record: SandboxRecord, reason: string): Promise<SandboxRecord> {
  const { task } = record;
  const ended = { state: "stopped", steps: end(record.steps, reason), stoppedReason: reason } as const;
  const failed = await change(record, ended, task === undefined ? [] : await useItems(record));
  if (failed === undefined) return latest(record);
  if (task !== undefined) await (await provider()).stop(task, "The launch has failed.");
  await announce(failed);
  return failed;
}

async function latest(record: SandboxRecord): Promise<SandboxRecord> {
  return (await find(record.sandboxID)) ?? record;
}
