import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import type { ComputeMeter } from "../meter.ts";
import { threadURL } from "../threads.ts";

/**
 * Lambda: bundles in worker threads. A worker handles one event at a time, stays warm and has its own environment. One
 * that exceeds its time or memory is terminated, and the next event gets a new one.
 */
export interface FunctionDefinition {
  name: string;
  /** File that exports `handler`. */
  bundle: string;
  /** MiB of heap. */
  memory: number;
  /** Seconds. */
  timeout: number;
  /** Called when the first worker starts. */
  environment(): Record<string, string>;
  /** Most concurrent workers; further events wait. */
  concurrency?: number;
}

/** A function's exception as Lambda reports it. */
export class FunctionError extends Error {
  readonly errorType: string;
  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

export interface Runtime {
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Ends every worker of a function, busy or not. Returns how many there were. */
  kill(name: string): Promise<number>;
  /** How many of its workers are busy with an event. */
  busy(name: string): number;
  /** Lets busy workers finish; later events run the bundle that is now on disk. */
  recycle(names?: readonly string[]): void;
  close(): Promise<void>;
}

export interface WorkerSetup {
  bundle: string;
  name: string;
  memory: number;
}
export interface Invocation {
  id: string;
  event: string;
  /** Milliseconds since 1970. */
  deadline: number;
}
export type WorkerReply =
  | { type: "ready" }
  | { type: "result"; id: string; value: string }
  | { type: "error"; id: string; errorType: string; message: string };

/** Lambda's limit for a request and for a reply, in bytes. */
export const payloadLimit = 6 * 1024 * 1024;

interface Slot {
  worker: Worker;
  generation: number;
  busy: { resolve(value: unknown): void; reject(error: Error): void; timer: NodeJS.Timeout } | undefined;
  ended: boolean;
}

interface Pool {
  definition: FunctionDefinition;
  environment: Record<string, string> | undefined;
  slots: Set<Slot>;
  waiting: { event: string; resolve(value: unknown): void; reject(error: Error): void }[];
  generation: number;
}

export function createRuntime(
  definitions: readonly FunctionDefinition[],
  log: (line: string) => void,
  meter: ComputeMeter,
): Runtime {
  const pools = new Map<string, Pool>(
    definitions.map((definition) => [
      definition.name,
      { definition, environment: undefined, slots: new Set(), waiting: [], generation: 0 } satisfies Pool,
    ]),
  );
  let closed = false;

  function poolOf(name: string): Pool {
    const pool = pools.get(name);
    if (pool === undefined) throw new FunctionError("ResourceNotFoundException", `Function not found: ${name}`);
    return pool;
  }

  function start(pool: Pool): Slot {
    const { definition } = pool;
    const setup: WorkerSetup = {
      bundle: `${pathToFileURL(definition.bundle).href}?v=${pool.generation}`,
      name: definition.name,
      memory: definition.memory,
    };
    const worker = new Worker(threadURL("lambda"), {
      workerData: setup,
      env: (pool.environment ??= definition.environment()),
      resourceLimits: { maxOldGenerationSizeMb: definition.memory },
      stdout: true,
      stderr: true,
    });
    const slot: Slot = { worker, generation: pool.generation, busy: undefined, ended: false };
    pool.slots.add(slot);
    for (const output of [worker.stdout, worker.stderr])
      createInterface({ input: output }).on("line", (line) => {
        meter.logBytes += Buffer.byteLength(line) + 1;
        log(`[${definition.name}] ${line}`);
      });
    worker.on("message", (reply: WorkerReply) => {
      if (reply.type === "ready") return;
      const { busy } = slot;
      slot.busy = undefined;
      if (busy) {
        clearTimeout(busy.timer);
        if (reply.type === "error") busy.reject(new FunctionError(reply.errorType, reply.message));
        else busy.resolve(JSON.parse(reply.value));
      }
      if (slot.generation !== pool.generation) void end(pool, slot);
      next(pool);
    });
    worker.on("error", (error: Error & { code?: string }) => {
      const memory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
      fail(slot, new FunctionError(memory ? "Runtime.OutOfMemory" : "Runtime.ExitError", error.message));
    });
    worker.on("exit", () => {
      slot.ended = true;
      pool.slots.delete(slot);
      fail(slot, new FunctionError("Runtime.ExitError", `${definition.name} exited before it answered`));
      next(pool);
    });
    return slot;
  }

  function fail(slot: Slot, error: FunctionError): void {
    const { busy } = slot;
    slot.busy = undefined;
    if (busy === undefined) return;
    clearTimeout(busy.timer);
    busy.reject(error);
  }

  async function end(pool: Pool, slot: Slot): Promise<void> {
    pool.slots.delete(slot);
    slot.ended = true;
    await slot.worker.terminate();
  }

  function next(pool: Pool): void {
    if (closed) return;
    const waiting = pool.waiting[0];
    if (waiting === undefined) return;
    const idle = [...pool.slots].find((slot) => !slot.busy && !slot.ended && slot.generation === pool.generation);
    const slot = idle ?? (pool.slots.size < (pool.definition.concurrency ?? 10) ? start(pool) : undefined);
    if (slot === undefined) return;
    pool.waiting.shift();
    const { definition } = pool;
    const milliseconds = definition.timeout * 1000;
    const timer = setTimeout(() => {
      fail(slot, new FunctionError("Sandbox.Timedout", `Task timed out after ${definition.timeout}.00 seconds`));
      void end(pool, slot);
    }, milliseconds);
    slot.busy = { resolve: waiting.resolve, reject: waiting.reject, timer };
    const invocation: Invocation = { id: randomUUID(), event: waiting.event, deadline: Date.now() + milliseconds };
    slot.worker.postMessage(invocation);
  }

  return {
    async invoke(name, event) {
      const pool = poolOf(name);
      const text = JSON.stringify(event ?? null);
      if (Buffer.byteLength(text) > payloadLimit) {
        throw new FunctionError("RequestEntityTooLargeException", "Request must be smaller than 6291456 bytes");
      }
      const began = performance.now();
      try {
        return await new Promise((resolve, reject) => {
          pool.waiting.push({ event: text, resolve, reject });
          next(pool);
        });
      } finally {
        const used = (meter.lambda[name] ??= { invocations: 0, milliseconds: 0 });
        used.invocations++;
        used.milliseconds += performance.now() - began;
      }
    },
    async kill(name) {
      const pool = poolOf(name);
      const slots = [...pool.slots];
      await Promise.all(
        slots.map(async (slot) => {
          await end(pool, slot);
          fail(slot, new FunctionError("Runtime.ExitError", `${name} was killed`));
        }),
      );
      next(pool);
      return slots.length;
    },
    busy: (name) => [...poolOf(name).slots].filter((slot) => slot.busy).length,
    recycle(names) {
      for (const pool of pools.values()) {
        if (names && !names.includes(pool.definition.name)) continue;
        pool.generation++;
        for (const slot of pool.slots) if (!slot.busy) void end(pool, slot);
      }
    },
    async close() {
      closed = true;
      await Promise.all([...pools.values()].flatMap((pool) => [...pool.slots].map((slot) => end(pool, slot))));
    },
  };
}
