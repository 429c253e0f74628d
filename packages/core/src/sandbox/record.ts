import { createHash } from "node:crypto";
import { idleTime, LaunchStep, type LaunchStepName, type Sandbox } from "@slipway/contract/sandbox-state";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as Connections from "../connection/system.ts";
import { checkItem, drain, putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { SandboxEntity, WorkspaceEntity } from "./sandbox.entity.ts";

/** A sandbox's row, and the conditional writes that its life consists of. */

export interface SandboxRecord {
  sandboxID: string;
  userID: string;
  state: "creating" | "active" | "stopped";
  epoch: number;
  lockUntil?: number | undefined;
  busyUntil?: number | undefined;
  path?: "cold" | "claim" | undefined;
  steps: LaunchStep[];
  task?: string | undefined;
  origin?: string | undefined;
  configHash?: string | undefined;
  launchedAt?: number | undefined;
  activeAt?: number | undefined;
  heartbeatAt?: number | undefined;
  stopping?: string | undefined;
  stopBy?: number | undefined;
  stoppedReason?: string | undefined;
  /** When it was launched; once it has stopped, when it did. */
  touchedAt?: number | undefined;
}

const minute = 60_000;
/** A launch that takes longer has failed; another may take over. */
export const lockTime = 5 * minute;
/** How long one pass may hold off the others: what a request of the API may take, nearly. */
const passTime = 25_000;
export const lifetime = 12 * 60 * minute;

/** One per person, so its id follows from theirs: no number of tabs can make two. */
export function idOf(userID: string): string {
  return `sbx_${userID.slice(userID.indexOf("_") + 1)}`;
}

export async function find(sandboxID: string): Promise<SandboxRecord | undefined> {
  const { data } = await SandboxEntity.get({ sandboxID }).go({ consistent: true });
  return data
    ? {
        ...data,
        steps: z
          .array(LaunchStep)
          .catch([])
          .parse(data.steps ?? []),
      }
    : undefined;
}

/** The rows of many, 100 a request. */
export async function findAll(sandboxIDs: readonly string[]): Promise<Pick<SandboxRecord, "sandboxID" | "task">[]> {
  return drain(
    sandboxIDs.map((sandboxID) => ({ sandboxID })),
    100,
    (part) => SandboxEntity.get(part).go({ consistent: true }),
  );
}

/** All that may have a task. */
export async function openIDs(): Promise<string[]> {
  const { data } = await SandboxEntity.query.byOpen({ open: "open" }).go({ pages: "all", attributes: ["sandboxID"] });
  return data.map(({ sandboxID }) => sandboxID);
}

/**
 * What a running task must agree with to be used: the image, and the key that signs tokens. A deployment that changes either
 * replaces a sandbox at its next launch.
 */
export function configHash(): string {
  const { taskDefinition } = resource("Sandboxes");
  const [kid] = resource("SandboxKey").value.split(".");
  return createHash("sha256").update(`${taskDefinition}\n${kid}`).digest("hex").slice(0, 32);
}

/**
 * Begins a launch: the next epoch, for one caller only. Undefined for everybody else. The holder of the epoch before can
 * write nothing more.
 */
export async function lock(before: SandboxRecord | undefined, userID: string): Promise<SandboxRecord | undefined> {
  const at = now();
  const record: SandboxRecord = {
    sandboxID: idOf(userID),
    userID,
    state: "creating",
    epoch: (before?.epoch ?? 0) + 1,
    lockUntil: at + lockTime,
    steps: [{ name: "start", startedAt: at }],
    configHash: configHash(),
    launchedAt: at,
    heartbeatAt: at,
  };
  const row = { ...record, open: "open", touchedAt: at };
  const { ok } = await transact([
    before === undefined
      ? putItem(SandboxEntity.create(row))
      : putItem(
          SandboxEntity.put(row).where(
            (attribute, operation) =>
              `${operation.eq(attribute.epoch, before.epoch)} AND (${operation.eq(attribute.state, "stopped")} OR (${operation.eq(attribute.state, "creating")} AND ${operation.lt(attribute.lockUntil, at)}))`,
          ),
        ),
  ]);
  return ok ? record : undefined;
}

/** The right to take the next step, for a short time. False while somebody else has it, or the epoch is over. */
export async function takePass({ sandboxID, epoch, state }: SandboxRecord): Promise<boolean> {
  const at = now();
  const { ok } = await transact([
    updateItem(
      SandboxEntity.patch({ sandboxID })
        .set({ busyUntil: at + passTime })
        .where(
          (attribute, operation) =>
            `${operation.eq(attribute.epoch, epoch)} AND ${operation.eq(attribute.state, state)} AND (${operation.notExists(attribute.busyUntil)} OR ${operation.lt(attribute.busyUntil, at)})`,
        ),
    ),
  ]);
  return ok;
}

type Changes = Partial<
  Pick<
    SandboxRecord,
    | "path"
    | "steps"
    | "task"
    | "origin"
    | "activeAt"
    | "heartbeatAt"
    | "stopping"
    | "stopBy"
    | "stoppedReason"
    | "busyUntil"
  >
> & { state?: "active" | "stopped" };

/** Writes under the record's epoch and state, together with other items. Undefined when either is over: then nothing is written. */
export async function change(
  record: SandboxRecord,
  changes: Changes,
  others: readonly WriteItem[] = [],
): Promise<SandboxRecord | undefined> {
  const { sandboxID, epoch, state } = record;
  const isEnd = changes.state === "stopped";
  // The keys of the index are written at the start and at the end alone.
  const update = SandboxEntity.patch({ sandboxID }).set(isEnd ? { ...changes, touchedAt: now() } : changes);
  const ended = isEnd ? update.remove(["open", "task", "origin", "stopping", "stopBy", "busyUntil"]) : update;
  const { ok } = await transact([
    updateItem(
      ended.where(
        (attribute, operation) => `${operation.eq(attribute.epoch, epoch)} AND ${operation.eq(attribute.state, state)}`,
      ),
    ),
    ...others,
  ]);
  if (!ok) return undefined;
  const changed = { ...record, ...changes };
  return isEnd ? { ...changed, task: undefined, origin: undefined, stopping: undefined, stopBy: undefined } : changed;
}

/** Refuses a transaction once another launch has begun. */
export function epochItem({ sandboxID, epoch }: Pick<SandboxRecord, "sandboxID" | "epoch">): WriteItem {
  return checkItem(SandboxEntity.get({ sandboxID }), "epoch", epoch);
}

export function begin(steps: readonly LaunchStep[], name: LaunchStepName): LaunchStep[] {
  const at = now();
  const before = steps.filter((step) => step.name !== name).map((step) => ({ endedAt: at, ...step }));
  return [...before, { name, startedAt: at }];
}

export function end(steps: readonly LaunchStep[], error?: string): LaunchStep[] {
  const last = steps.at(-1);
  if (last === undefined || last.endedAt !== undefined) return [...steps];
  const ended = { ...last, endedAt: now(), ...(error === undefined ? {} : { error: error.slice(0, 2000) }) };
  return [...steps.slice(0, -1), ended];
}

export interface Workspace {
  sandboxID: string;
  projectID: string;
  epoch: number;
  openedAt: number;
  accessUntil: number;
  runID?: string | undefined;
  snapshotAt?: number | undefined;
}

export async function workspacesOf(sandboxID: string): Promise<Workspace[]> {
  const { data } = await WorkspaceEntity.query.bySandbox({ sandboxID }).go({ pages: "all", consistent: true });
  return data;
}

export async function workspaceOf(sandboxID: string, projectID: string): Promise<Workspace | undefined> {
  const { data } = await WorkspaceEntity.get({ sandboxID, projectID }).go({ consistent: true });
  return data ?? undefined;
}

/** For people. `isInstant` is said of a launch that had nothing to do. */
export function serialize(
  sandboxID: string,
  record: SandboxRecord | undefined,
  workspaces: readonly Workspace[],
  isInstant = false,
): Sandbox {
  if (record === undefined) return { id: sandboxID, state: "stopped", steps: [], openProjects: [] };
  const { state, steps, epoch, launchedAt, activeAt, heartbeatAt = 0, stopping, stoppedReason } = record;
  const path = isInstant ? "instant" : record.path;
  const isActive = state === "active";
  return {
    id: sandboxID,
    state: isActive && stopping !== undefined ? "stopping" : state,
    steps,
    openProjects: isActive ? workspaces.filter((one) => one.epoch === epoch).map(({ projectID }) => projectID) : [],
    ...(path === undefined ? {} : { path }),
    ...(launchedAt === undefined ? {} : { launchedAt }),
    ...(isActive && activeAt !== undefined
      ? { activeAt, stopsAt: heartbeatAt + idleTime, endsAt: activeAt + lifetime }
      : {}),
    ...(state === "stopped" && stoppedReason !== undefined ? { stoppedReason } : {}),
  };
}

/** Tells the person's pages how it stands. */
export async function announce(record: SandboxRecord): Promise<Sandbox> {
  const sandbox = serialize(record.sandboxID, record, await workspacesOf(record.sandboxID));
  await Connections.notify(record.userID, { type: "sandbox", sandbox });
  return sandbox;
}
