/**
 * Where sandboxes run: a provider starts tasks, finds them and stops them, and knows nothing of whose they are. Fargate is the
 * one there is (`fargate.ts`). Another, such as Lambda MicroVMs, implements this interface with the same runner image.
 */
export interface ComputeProvider {
  /** Starts a task, or finds the one that the same token has started before. */
  start(request: NewTask): Promise<string>;
  /** How tasks are. One that is not in the result has gone, or has just been started: a provider may be slow to know it. */
  find(tasks: readonly string[]): Promise<ReadonlyMap<string, TaskState>>;
  /** Every task that has not been stopped, of all launches. */
  list(): Promise<ListedTask[]>;
  /** Idempotent; a task that is gone is no error. */
  stop(task: string, reason: string): Promise<void>;
}

export interface NewTask {
  /** At most 64 characters. */
  token: string;
  /** Whose it is, for `list`. */
  owner: string;
  /** For the runner. No secrets: the right to describe tasks is enough to read it. */
  environment: Readonly<Record<string, string>>;
}

export type TaskState =
  | { state: "starting" }
  /** `origin` is `host:port` of its runner. */
  | { state: "running"; origin: string }
  | { state: "stopped"; reason: string };

export interface ListedTask {
  task: string;
  owner: string;
  startedAt: number;
}
