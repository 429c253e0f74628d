import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import type { Actor } from "../member/member.ts";
import * as Log from "../log/log.ts";
import * as Sandboxes from "../sandbox/system.ts";
import { findFor, type RunRecord } from "./record.ts";
import { ToolCallEntity } from "./run.entity.ts";

/** Commands that a run has started in the sandbox of its person. */

/** What the sandbox calls the command of a tool call: no two runs share one. */
export function commandName(runID: string, callID: string): string {
  return `${runID}.${callID}`;
}

/** Milliseconds that the end of a run waits for a sandbox. */
const patience = 3000;

/** Ends all that a run has started, background commands too. False when the sandbox did not answer. */
export async function stopCommands(run: Pick<RunRecord, "runID" | "userID" | "projectID">): Promise<boolean> {
  if (!(await hasStarted(run.runID))) return true;
  const timer = new AbortController();
  try {
    return await Promise.race([killAll(run), sleep(patience, false, { signal: timer.signal })]);
  } finally {
    timer.abort();
  }
}

async function hasStarted(runID: string): Promise<boolean> {
  const { data } = await ToolCallEntity.query.byRun({ runID }).go({ pages: "all", consistent: true });
  return data.some(({ state, json }) => state === "started" && json?.includes(commandName(runID, "")) === true);
}

async function killAll({
  runID,
  userID,
  projectID,
}: Pick<RunRecord, "runID" | "userID" | "projectID">): Promise<boolean> {
  try {
    const session = await Sandboxes.runningSession(userID, projectID);
    if (session === undefined) return true;
    const own = (await session.commands()).filter(({ call }) => call.startsWith(commandName(runID, "")));
    await Promise.all(
      own.filter(({ endedAt, alive }) => endedAt === null || alive > 0).map(({ call }) => session.kill(call)),
    );
    return true;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    Log.warn("commands-not-stopped", { runID, code: error.code });
    return false;
  }
}

/** Ends one command of a run. @throws VisibleError not_found, conflict, unavailable */
export async function stopCommand(actor: Actor, runID: string, callID: string): Promise<void> {
  const run = await findFor(actor, runID, "run");
  const session = await sessionOf(run);
  if (session === undefined)
    throw new VisibleError("conflict", "The sandbox is not running, so the command has ended.");
  await speaking(() => session.kill(commandName(runID, callID)));
}

/** Bytes of one reply. */
const outputPart = 256 * 1024;

/** A part of a command's output, from a byte on. @throws VisibleError not_found, unavailable */
export async function commandOutput(
  actor: Actor,
  runID: string,
  callID: string,
  start: number,
): Promise<{ text: string; end: number }> {
  const run = await findFor(actor, runID, "read");
  const session = await sessionOf(run);
  if (session === undefined)
    throw new VisibleError("not_found", "The sandbox that kept the whole output has stopped. Run the command again.");
  const bytes = await speaking(() => session.output(commandName(runID, callID), start, start + outputPart));
  return { text: new TextDecoder().decode(bytes), end: start + bytes.byteLength };
}

async function sessionOf({ userID, projectID }: RunRecord): Promise<SandboxSession | undefined> {
  return speaking(() => Sandboxes.runningSession(userID, projectID));
}

async function speaking<T>(speak: () => Promise<T>): Promise<T> {
  try {
    return await speak();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.code === "not_found")
      throw new VisibleError("not_found", "The sandbox no longer has this command.", {}, error);
    throw new VisibleError("unavailable", "The sandbox does not answer now. Try again in a moment.", {}, error);
  }
}
