import type { Server } from "node:net";

/** How a task's container is run on this machine. One implementation per way of isolating it. */
export interface Launcher {
  /** Starts the runner. @throws Error whose message says in one sentence why it cannot */
  launch(spec: ContainerSpec): Promise<Container>;
  close(): Promise<void>;
}

export interface ContainerSpec {
  /** Unique, of letters and digits. */
  readonly id: string;
  /** Whose it is, if that is known: what the owner's last container has not given away is in this one. */
  readonly owner: string | undefined;
  /** The environment of the runner, as the task definition and the overrides give it. */
  readonly environment: Readonly<Record<string, string>>;
  readonly limits: Limits;
}

export interface Limits {
  /** Bytes of memory, of all processes together. */
  readonly memory: number;
  /** Bytes that its folders may hold. */
  readonly disk: number;
  readonly processes: number;
}

/** Bytes that one file may have. */
export const largestFile = 2 * 1024 ** 3;

export interface Container {
  /** Port on 127.0.0.1 on which the runner is reached. */
  readonly port: number;
  /** Of the outermost process, on this machine. */
  readonly pid: number;
  /** Resolves once every process has ended and its folders are gone, or kept for the next one of its owner. */
  readonly exited: Promise<Exit>;
  /** Asks the runner to end, by SIGTERM. */
  terminate(): void;
  /** Ends every process at once. */
  kill(): void;
}

export interface Exit {
  readonly code: number | null;
  /** The last lines that the runner printed to its error output. */
  readonly output: string;
}

/** A server that listens on a free loopback port, and the descriptor by which a child process can accept its connections. */
export function descriptorOf(server: Server): number {
  const handle: unknown = Reflect.get(server, "_handle");
  const descriptor: unknown = typeof handle === "object" && handle !== null ? Reflect.get(handle, "fd") : undefined;
  if (typeof descriptor !== "number" || descriptor < 0) throw new Error("the listener has no descriptor");
  return descriptor;
}
