import { VisibleError } from "@slipway/contract/error";
import { now } from "../clock/clock.ts";
import * as Execution from "../execution/execution.ts";
import { quiet, recoverEach } from "../execution/recovery.ts";
import * as GitHub from "../github/github.ts";
import * as Log from "../log/log.ts";
import * as Project from "../project/project.ts";
import * as ProjectStore from "../project/system.ts";
import { purgeAgain } from "../removal/record.ts";
import { transact } from "../table/table.ts";
import { runExport } from "./export.ts";
import { runImport } from "./import.ts";
import { runPull } from "./pull.ts";
import {
  announceNow,
  done,
  endItem,
  executionName,
  find,
  isOpen,
  leftBehind,
  nextRound,
  patch,
  start,
  Stopped,
  untouchedSince,
  type Next,
  type TransferRecord,
} from "./record.ts";

/** Transfers, for their workflow and the sweep. */

export { purge, type Next } from "./record.ts";
export { namedContents } from "./synced-tree.ts";

/** Runs one step, within the function's time. Errors that a person can act on end the transfer; others are retried. */
export async function step(transferID: string, remaining: () => number): Promise<Next> {
  const record = await find(transferID);
  if (record?.state !== "running") return done;
  Log.note({ userID: record.userID, projectID: record.projectID });
  // No request to GitHub may outlast the function.
  const signal = AbortSignal.timeout(Math.max(1000, remaining() - 5000));
  const client = await GitHub.createClient(await GitHub.credential(record.userID), signal);
  const context = { record, client, remaining };
  try {
    const next = await carryOut(context);
    Log.info("transfer-step", { kind: record.kind, next: next.next, requests: client.requests() });
    await announceNow(transferID);
    return next;
  } catch (error) {
    if (error instanceof Stopped) {
      // Anything written after the project was removed is purged too. A step that another one overtook just ends.
      const after = await find(transferID);
      if (record.kind === "import" && after?.state !== "completed")
        await purgeAgain({ id: record.projectID, kind: "project" });
      return done;
    }
    if (error instanceof GitHub.RateLimited) return wait(record, error.until);
    const visible = GitHub.explain(error, client, `${record.owner}/${record.repo}`);
    if (!(visible instanceof VisibleError) || visible.code === "busy") throw error;
    Log.warn("transfer-failed", { kind: record.kind, code: visible.code });
    await fail(transferID, { code: visible.code, message: visible.message });
    return done;
  }
}

async function carryOut(context: Parameters<typeof runImport>[0]): Promise<Next> {
  const { request } = context.record;
  switch (request.kind) {
    case "import":
      return runImport(context, request);
    case "export":
      return runExport(context, request);
    case "pull":
      return runPull(context, request);
  }
}

async function wait(record: TransferRecord, until: number): Promise<Next> {
  try {
    await patch(record, { waitsUntil: until });
  } catch (error) {
    if (error instanceof Stopped) return done;
    throw error;
  }
  return { next: "wait", seconds: Math.min(3600, Math.max(1, Math.ceil((until - now()) / 1000))) };
}

/** Ends a transfer that failed too often. */
export async function fail(
  transferID: string,
  error = { code: "internal", message: "Something went wrong on our side repeatedly. Try again." },
): Promise<void> {
  const record = await find(transferID);
  if (!record || !isOpen(record)) return;
  const isImport = record.kind === "import";
  const result = leftBehind(record);
  const { ok } = await transact([
    endItem(record, { state: "failed", error, ...(result ? { result } : {}) }),
    ...(isImport ? [ProjectStore.stateItem(record.projectID, "failed")] : []),
  ]);
  if (!ok) return;
  await announceNow(transferID);
  if (isImport) await Project.announce({ userID: record.userID }, record.projectID);
}

/** Most executions that a transfer may lose before it fails. */
const maxRestarts = 3;

/**
 * Recovers transfers that have been quiet for a minute: one whose execution is gone gets another. Every row is touched
 * when it is checked, so none can hold up those behind it.
 */
export async function sweep(): Promise<number> {
  return recoverEach(await untouchedSince(now() - quiet), recover);
}

async function recover(transferID: string): Promise<boolean> {
  const record = await find(transferID);
  if (record?.state !== "running") return false;
  const { round, restarts = 0 } = record;
  if (await Execution.isRunning("GithubSync", executionName(record))) {
    await nextRound(record, { round, restarts });
    return false;
  }
  if (restarts >= maxRestarts) {
    await fail(transferID);
    return true;
  }
  const next = await nextRound(record, { round: round + 1, restarts: restarts + 1 });
  if (next) await start(next);
  return next !== undefined;
}
