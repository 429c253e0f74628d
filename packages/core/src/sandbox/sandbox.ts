import { setTimeout as sleep } from "node:timers/promises";
import { VisibleError } from "@slipway/contract/error";
import type { SyncState } from "@slipway/contract/sandbox";
import { idleTime, type Sandbox, type SandboxAccess } from "@slipway/contract/sandbox-state";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import type { SandboxSession } from "@slipway/sandbox/session";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { authorise, type Actor } from "../member/member.ts";
import { previewHost, tokenFor } from "./access.ts";
import { fail, settle } from "./launch.ts";
import {
  announce,
  begin,
  change,
  configHash,
  end,
  find,
  idOf,
  lock,
  serialize,
  workspaceOf,
  workspacesOf,
  type SandboxRecord,
} from "./record.ts";
import { finishStopping, settleStopping, stopIfGone, stopNow } from "./stop.ts";
import { forget, isFresh, keepNothing, open as openWorkspace, removeFrom, sessionOf } from "./workspace.ts";

/** A person's sandbox, for that person. Each verb acts on the actor's own; a project needs the actor's right to run there. */

/** Milliseconds that a request of the API carries a launch on before it answers that it is under way. */
const requestTime = 1500;
/** What it waits for a stop. */
const stopTime = 15_000;
/** What a run waits for a launch: longer than a cold one takes. */
const runTime = 120_000;

/** How it stands. Moves a launch on that is under way, and notices that its task has gone. */
export async function current(actor: Actor): Promise<Sandbox> {
  const sandboxID = idOf(actor.userID);
  const record = await find(sandboxID);
  const moved = record && (await moveOn(record));
  return serialize(sandboxID, moved, await workspacesOf(sandboxID));
}

async function moveOn(record: SandboxRecord): Promise<SandboxRecord> {
  if (record.state === "creating") return settle(record, 0);
  if (record.state !== "active") return record;
  return record.stopping === undefined ? stopIfGone(record) : finishStopping(record);
}

/**
 * Starts it if it is not running, and opens the project if one is named. Of any number of callers at once, one starts it. Does
 * what can be done within a second or two; the next request does the rest.
 * @throws VisibleError not_found, not_allowed
 */
export async function launch(actor: Actor, projectID?: string): Promise<Sandbox> {
  const sandboxID = idOf(actor.userID);
  const [record, workspace] = await Promise.all([
    find(sandboxID),
    projectID === undefined ? undefined : workspaceOf(sandboxID, projectID),
    projectID === undefined ? undefined : authorise(actor, "run", projectID),
  ]);
  // Instant: one read, and nothing is asked of the sandbox itself. If it is gone, its first use finds out.
  if (record && isUsable(record) && (projectID === undefined || isFresh(workspace, record)))
    return serialize(sandboxID, record, workspace ? [workspace] : [], true);
  let launched = await settle(await started(actor, record), requestTime);
  if (launched.state === "active" && projectID !== undefined) launched = await openStep(launched, projectID);
  return serialize(sandboxID, launched, await workspacesOf(sandboxID));
}

function isUsable({ state, stopping, heartbeatAt = 0, configHash: hash }: SandboxRecord): boolean {
  return state === "active" && stopping === undefined && now() - heartbeatAt < idleTime && hash === configHash();
}

/** A record that is active or under way. */
async function started(actor: Actor, record: SandboxRecord | undefined): Promise<SandboxRecord> {
  let before = record;
  if (before?.state === "active") {
    const isOutdated = before.configHash !== configHash();
    if (before.stopping === undefined && !isOutdated) return before;
    before = await finishStopping(before, isOutdated ? "It was replaced by a newer version." : undefined);
    if (before.state !== "stopped") return before;
  }
  const mine = await lock(before, actor.userID);
  if (mine !== undefined) {
    await announce(mine);
    return mine;
  }
  const theirs = await find(idOf(actor.userID));
  if (theirs === undefined) throw new Error("a lost race without a winner");
  return theirs;
}

/** Opens the project as the launch's last step. A failure is recorded, and leaves the sandbox active: opening again retries. */
async function openStep(record: SandboxRecord, projectID: string): Promise<SandboxRecord> {
  const opening = (await change(record, { steps: begin(record.steps, "open"), heartbeatAt: now() })) ?? record;
  try {
    await openWorkspace(opening, projectID);
    return (await change(opening, { steps: end(opening.steps) })) ?? opening;
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.code === "unreachable") return stopIfGone(opening);
    return (await change(opening, { steps: end(opening.steps, error.message) })) ?? opening;
  }
}

/** Brings the project's files in, or renews their access; ask until they are `synced`. @throws VisibleError conflict, unavailable */
export async function open(actor: Actor, projectID: string): Promise<SyncState> {
  await authorise(actor, "run", projectID);
  return useActive(actor, (record) => openWorkspace(record, projectID));
}

/**
 * The project in the person's sandbox, for a run: launches it and waits until the files are there.
 * @throws VisibleError unavailable with the reason; the signal's reason
 */
export async function session(actor: Actor, projectID: string, signal: AbortSignal): Promise<SandboxSession> {
  await authorise(actor, "run", projectID);
  const record = await settle(await usable(actor, signal), runTime);
  if (record.state !== "active") throw unavailable(record);
  const workspace = await workspaceOf(record.sandboxID, projectID);
  if (!isFresh(workspace, record)) await opened(record, projectID, signal);
  return sessionOf(record, projectID);
}

async function usable(actor: Actor, signal: AbortSignal): Promise<SandboxRecord> {
  for (;;) {
    const record = await started(actor, await find(idOf(actor.userID)));
    if (record.stopping === undefined) return record;
    await sleep(500, undefined, { signal });
  }
}

/** Waits until the first pull has ended. */
async function opened(record: SandboxRecord, projectID: string, signal: AbortSignal): Promise<void> {
  const deadline = now() + runTime;
  for (;;) {
    const state = await speaking(record, () => openWorkspace(record, projectID));
    if (state.state === "synced" || state.state === "pushing") return;
    if (state.state === "offline") throw new VisibleError("unavailable", state.error ?? "The files could not be read.");
    if (now() > deadline) throw new VisibleError("unavailable", "The project's files took too long to arrive.");
    await sleep(300, undefined, { signal });
  }
}

async function useActive<T>(actor: Actor, use: (record: SandboxRecord) => Promise<T>): Promise<T> {
  const record = await find(idOf(actor.userID));
  if (record?.state !== "active" || record.stopping !== undefined) throw notRunning();
  return speaking(record, () => use(record));
}

/** Turns what the runner refuses into an error for people. */
async function speaking<T>(record: SandboxRecord, speak: () => Promise<T>): Promise<T> {
  try {
    return await speak();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    if (error.code === "unreachable") throw unavailable(await stopIfGone(record));
    throw new VisibleError("unavailable", error.message, {}, error);
  }
}

/** A page uses it. Keeps the sandbox, and its access to the tab's project. */
export async function heartbeat(actor: Actor, projectID?: string): Promise<Sandbox> {
  const sandboxID = idOf(actor.userID);
  const [record, workspaces] = await Promise.all([
    find(sandboxID),
    workspacesOf(sandboxID),
    projectID === undefined ? undefined : authorise(actor, "run", projectID),
  ]);
  if (record?.state !== "active" || record.stopping !== undefined) return serialize(sandboxID, record, workspaces);
  const kept = (await change(record, { heartbeatAt: now() })) ?? record;
  const workspace = workspaces.find((one) => one.projectID === projectID);
  if (workspace?.epoch === kept.epoch && !isFresh(workspace, kept))
    await speaking(kept, () => openWorkspace(kept, workspace.projectID));
  return serialize(sandboxID, kept, workspaces);
}

/** Pushes, keeps what sync ignores, then stops it. A large snapshot continues after this. */
export async function stop(actor: Actor): Promise<Sandbox> {
  const sandboxID = idOf(actor.userID);
  const record = await find(sandboxID);
  if (record?.state === "creating") await fail(record, "It was stopped.");
  const stopped =
    record?.state === "active" ? await settleStopping(await finishStopping(record), stopTime) : await find(sandboxID);
  return serialize(sandboxID, stopped, await workspacesOf(sandboxID));
}

/** Stops it at once, and removes what was kept of it. Synced files stay in their projects. */
export async function destroy(actor: Actor): Promise<Sandbox> {
  const sandboxID = idOf(actor.userID);
  const record = await find(sandboxID);
  const workspaces = await workspacesOf(sandboxID);
  const reason = "It was destroyed.";
  let ended = record;
  if (record?.state === "creating") ended = await fail(record, reason);
  if (record?.state === "active") {
    for (const workspace of workspaces)
      // What an earlier launch has left was not opened since, so nobody would remove it at the end.
      await (workspace.epoch === record.epoch ? keepNothing : removeFrom)(record, workspace);
    ended = await stopNow(record, reason);
  }
  await forget(sandboxID, workspaces);
  return serialize(sandboxID, ended, []);
}

/** What a page needs to reach a project in the sandbox by itself. @throws VisibleError conflict when it is not running */
export async function access(
  actor: Actor,
  projectID: string,
  wanted: { scope: "watch" | "terminal" } | { scope: "preview"; port: number; path: string },
): Promise<SandboxAccess> {
  await authorise(actor, "run", projectID);
  return useActive(actor, async (record) => {
    const { sockets, previews } = resource("SandboxEdge");
    if (wanted.scope !== "preview") {
      const { token, expires } = tokenFor(record, { scope: wanted.scope, projectID });
      return { url: `${sockets}/${wanted.scope}`, token, expiresAt: expires * 1000 };
    }
    const host = previewHost(record.sandboxID, projectID, wanted.port);
    const { token, expires } = tokenFor(record, { scope: "preview", projectID, port: wanted.port, host });
    const origin = host === undefined ? previews : `${new URL(previews.replace("*", "p")).protocol}//${host}`;
    const entrance = new URL("/__slipway/preview", origin);
    entrance.searchParams.set("token", token);
    entrance.searchParams.set("to", wanted.path);
    return { url: entrance.href, token, expiresAt: expires * 1000 };
  });
}

function notRunning(): VisibleError {
  return new VisibleError("conflict", "The sandbox is not running. Start it first.");
}

function unavailable({ state, steps, stoppedReason }: SandboxRecord): VisibleError {
  if (state === "active")
    return new VisibleError("unavailable", "The sandbox does not answer now. Try again in a moment.");
  const reason = steps.at(-1)?.error ?? stoppedReason ?? "It did not start in time.";
  return new VisibleError("unavailable", `The sandbox is not available: ${reason}`);
}
