import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** One row a sandbox, kept while it is stopped: its epoch only grows. */
export const SandboxEntity = new Entity(
  {
    model: { entity: "sandbox", version: "1", service },
    attributes: {
      sandboxID: { type: "string", required: true },
      userID: { type: "string", required: true },
      state: { type: ["creating", "active", "stopped"] as const, required: true },
      /** Raised by each launch. A write under an earlier one is refused. */
      epoch: { type: "number", required: true },
      /** While it is created: when another launch may take over. */
      lockUntil: { type: "number" },
      /** While somebody takes its next step: when another may. */
      busyUntil: { type: "number" },
      path: { type: ["cold", "claim"] as const },
      /** As the contract has them. */
      steps: { type: "any" },
      task: { type: "string" },
      /** `host:port` of the task, as tokens name it. */
      origin: { type: "string" },
      configHash: { type: "string" },
      launchedAt: { type: "number" },
      activeAt: { type: "number" },
      heartbeatAt: { type: "number" },
      /** It is to be stopped, for this reason. */
      stopping: { type: "string" },
      /** While it stops: when its task is stopped, whether or not its runner is done. */
      stopBy: { type: "number" },
      stoppedReason: { type: "string" },
      /** Only while a task may be running, so that the sweep's index holds nothing else. */
      open: { type: "string" },
      touchedAt: ordered,
    },
    indexes: { byID: key(["sandboxID"], []), byOpen: indexKey("gsi1", ["open"], ["touchedAt"]) },
  },
  connection,
);

/** A project in a sandbox: since when it is open, and the snapshot of what sync ignores. */
export const WorkspaceEntity = new Entity(
  {
    model: { entity: "workspace", version: "1", service },
    attributes: {
      sandboxID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      /** The launch under which it was opened last. */
      epoch: { type: "number", required: true },
      openedAt: { type: "number", required: true },
      /** Seconds since 1970: when the sandbox's access to the project's files ends, unless it is renewed. */
      accessUntil: { type: "number", required: true },
      /** Whose command is running: what the sandbox writes meanwhile is that run's. */
      runID: { type: "string" },
      snapshotAt: { type: "number" },
    },
    indexes: {
      bySandbox: key(["sandboxID"], ["projectID"]),
      byProject: indexKey("gsi2", ["projectID"], ["sandboxID"]),
    },
  },
  connection,
);

/** A task that was started ahead and belongs to nobody yet. It has run no code of anyone. */
export const PooledTaskEntity = new Entity(
  {
    model: { entity: "pooled-task", version: "1", service },
    attributes: {
      configHash: { type: "string", required: true },
      task: { type: "string", required: true },
      at: { type: "number", required: true },
      /** Sandbox and epoch. */
      claimedBy: { type: "string" },
      claimedAt: { type: "number" },
      /** Seconds since 1970. */
      expires: { type: "number", required: true },
    },
    indexes: { byConfig: key(["configHash"], ["task"]) },
  },
  connection,
);

/** What a launch used, by month: seconds of the task, and of them what each project was open. */
export const SandboxUseEntity = new Entity(
  {
    model: { entity: "sandbox-use", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      month: { type: "string", required: true },
      sandboxID: { type: "string", required: true },
      epoch: { type: "number", required: true },
      projectID: { type: "string", required: true },
      seconds: { type: "number", required: true },
      dollars: { type: "number", required: true },
      at: { type: "number", required: true },
    },
    indexes: {
      byUser: key(["userID", "month"], ["sandboxID", "epoch", "projectID"]),
      byProject: indexKey("gsi2", ["projectID", "month"], ["sandboxID", "epoch"]),
    },
  },
  connection,
);
