import { randomBytes } from "node:crypto";
import type { Container, Launcher, Limits } from "./launcher.ts";

/** The tasks of the one cluster. None outlives this server: after a restart each is missing, as one stopped long ago. */
export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly clientToken: string | undefined;
  readonly startedBy: string | undefined;
  readonly definition: string;
  readonly createdAt: number;
  readonly tags: readonly { key?: string | undefined; value?: string | undefined }[];
  /** Distinguishes its address from those of all others. */
  readonly address: number;
  status: "PROVISIONING" | "RUNNING" | "STOPPED";
  isWanted: boolean;
  container: Container | undefined;
  startedAt?: number;
  stoppedAt?: number;
  stopCode?: "TaskFailedToStart" | "EssentialContainerExited" | "UserInitiated";
  stoppedReason?: string;
  exitCode?: number | null;
}

export interface NewTask {
  clientToken: string | undefined;
  startedBy: string | undefined;
  definition: string;
  environment: Readonly<Record<string, string>>;
  tags: Task["tags"];
}

export interface Tasks {
  /** The task of the same token if there is one. */
  run(request: NewTask): Task;
  find(arnOrID: string): Task | undefined;
  all(): readonly Task[];
  stop(task: Task, reason: string): void;
  close(): Promise<void>;
}

/** As the task definition has it, and as ECS does: SIGTERM, and SIGKILL after this. */
const stopTimeout = 30_000;

function terminate(container: Container): void {
  container.terminate();
  const timer = setTimeout(() => container.kill(), stopTimeout).unref();
  void container.exited.then(() => clearTimeout(timer));
}

/** ECS shows a stopped task for about an hour. */
const remembered = 3_600_000;

export const cluster = "sandboxes";
export const clusterARN = `arn:aws:ecs:us-east-1:000000000000:cluster/${cluster}`;

export function createTasks(options: { launcher(): Promise<Launcher>; limits: Limits; now?: () => number }): Tasks {
  const { now = Date.now } = options;
  const tasks = new Map<string, Task>();
  let addresses = 0;

  function forgetOld(): void {
    for (const [arn, { stoppedAt }] of tasks)
      if (stoppedAt !== undefined && now() - stoppedAt > remembered) tasks.delete(arn);
  }

  async function start(task: Task, environment: Readonly<Record<string, string>>): Promise<void> {
    try {
      const launcher = await options.launcher();
      const container = await launcher.launch({
        id: task.id,
        owner: task.startedBy,
        environment,
        limits: options.limits,
      });
      task.container = container;
      task.status = "RUNNING";
      task.startedAt = now();
      if (!task.isWanted) terminate(container);
      const { code, output } = await container.exited;
      task.exitCode = code;
      end(task, "EssentialContainerExited", output === "" ? "Essential container in task exited" : output);
    } catch (error) {
      end(task, "TaskFailedToStart", error instanceof Error ? error.message : String(error));
    }
  }

  function end(task: Task, code: NonNullable<Task["stopCode"]>, reason: string): void {
    task.status = "STOPPED";
    task.isWanted = false;
    task.container = undefined;
    task.stoppedAt = now();
    task.stopCode ??= code;
    task.stoppedReason ??= reason.slice(-1024);
  }

  return {
    run({ clientToken, startedBy, definition, environment, tags }) {
      forgetOld();
      const same = clientToken && [...tasks.values()].find((task) => task.clientToken === clientToken);
      if (same) return same;
      const id = randomBytes(16).toString("hex");
      const task: Task = {
        arn: `${clusterARN.replace(":cluster/", ":task/")}/${id}`,
        id,
        clientToken,
        startedBy,
        definition,
        tags,
        createdAt: now(),
        address: ++addresses,
        status: "PROVISIONING",
        isWanted: true,
        container: undefined,
      };
      tasks.set(task.arn, task);
      void start(task, environment);
      return task;
    },
    find(arnOrID) {
      forgetOld();
      return tasks.get(arnOrID) ?? [...tasks.values()].find(({ id }) => id === arnOrID);
    },
    all() {
      forgetOld();
      return [...tasks.values()];
    },
    stop(task, reason) {
      if (task.status === "STOPPED") return;
      task.isWanted = false;
      task.stopCode ??= "UserInitiated";
      task.stoppedReason ??= reason;
      if (task.container) terminate(task.container);
    },
    async close() {
      const containers = [...tasks.values()].flatMap(({ container }) => container ?? []);
      for (const container of containers) container.kill();
      await Promise.all(containers.map(({ exited }) => exited));
    },
  };
}
