import { spawn, type ChildProcess } from "node:child_process";
import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { CommandInfo } from "@slipway/contract/sandbox";
import type { z } from "zod";
import type { CommandFrame, CommandRequest } from "../src/protocol.ts";
import { heartbeatMs, maxStreamBytes, maxTailBytes } from "../src/protocol.ts";
import { adopted, asUser } from "./adopt.ts";
import { toFailure } from "./failure.ts";
import type { Output } from "./output.ts";
import { killTree, membersOf, type Process, type Tree } from "./process-table.ts";

export interface Place {
  cwd: string;
  env: Record<string, string>;
  /** Marks the processes: the value of `marker` in `env`. */
  mark: string;
  /** The user of the workspace, where each has its own. */
  uid: number | undefined;
}

const defaultTimeoutMs = 120_000;
/** Bytes of one line of a stream. */
const frameBytes = 64 * 1024;

/** One command: started once, followed by any number of streams. */
export class Command {
  readonly request: z.output<typeof CommandRequest>;
  readonly output: Output;
  readonly startedAt = Date.now();
  #tree: Tree | undefined;
  #end:
    | { at: number; code: number | null; signal: string | null; reason: NonNullable<CommandInfo["reason"]> }
    | undefined;
  #failure: Extract<CommandFrame, { type: "error" }>["error"] | undefined;
  #stopping: "killed" | "timeout" | undefined;
  #hasLeft = false;
  readonly #onEnd: () => void;

  constructor(request: z.output<typeof CommandRequest>, output: Output, onEnd: () => void) {
    this.request = request;
    this.output = output;
    this.#onEnd = onEnd;
  }

  get tree(): Tree | undefined {
    return this.#hasLeft ? undefined : this.#tree;
  }

  get hasEnded(): boolean {
    return this.#end !== undefined;
  }

  /** `table` as of now, unless it is given. */
  info(table?: Map<number, Process>): CommandInfo {
    const { call, command, cwd, background } = this.request;
    return {
      call,
      command: command.slice(0, 2000),
      cwd,
      background,
      startedAt: this.startedAt,
      endedAt: this.#end?.at ?? null,
      code: this.#end?.code ?? null,
      signal: this.#end?.signal ?? null,
      reason: this.#end?.reason ?? null,
      total: this.output.total,
      alive: this.tree ? membersOf(this.tree, table).length : 0,
    };
  }

  /** Runs it. `place` may have to wait for sync, and fails the command when it fails. Does not throw. */
  async start(place: () => Promise<Place>): Promise<void> {
    try {
      this.#run(await place());
    } catch (error) {
      const { code, message } = toFailure(error);
      this.#failure = { code, message };
      this.#finish("failed", null, null);
    }
  }

  #run({ cwd, env, mark, uid }: Place): void {
    if (this.#stopping) return this.#finish(this.#stopping, null, null);
    const { argv, isAdopting } = adopted(["/bin/bash", "-c", this.request.command]);
    const [program = "", ...args] = asUser(uid, argv);
    const child = spawn(program, args, {
      cwd,
      env,
      detached: true,
      stdio: ["ignore", "pipe", "ignore", "pipe"],
    });
    child.on("error", (error) => {
      this.#failure = { code: "internal", message: `The command could not be started: ${error.message}`.slice(0, 500) };
      this.#finish("failed", null, null);
    });
    if (child.pid === undefined) return;
    this.#tree = { pid: child.pid, mark, isAdopting };
    child.stdout?.on("data", (chunk: Buffer) => this.output.write(chunk));
    const { background, timeoutMs = background ? 0 : defaultTimeoutMs } = this.request;
    const timer = timeoutMs > 0 ? setTimeout(() => void this.#stop("timeout"), timeoutMs) : undefined;
    const closed = new Promise<true>((resolve) => child.on("close", () => resolve(true)));
    void closed.then(() => {
      this.#hasLeft = true;
      this.output.end();
      this.output.changed.notify();
    });
    void this.#outcome(child).then(async ([code, signal]) => {
      clearTimeout(timer);
      await this.#drain(closed);
      this.#finish(this.#stopping ?? "exited", code, signal);
    });
  }

  /** How the command itself ended, whatever it left running. */
  #outcome(child: ChildProcess): Promise<[code: number | null, signal: string | null]> {
    return new Promise((resolve) => {
      child.stdio[3]?.on("data", (report: Buffer) => {
        const [code = 0, signal = 0] = report.toString().trim().split(" ").map(Number);
        resolve(signal === 0 ? [code, null] : [null, signalName(signal)]);
      });
      child.on("exit", (code, signal) => resolve([code, signal]));
    });
  }

  /** What it wrote before it ended may still be in the pipe. What it left running may write forever. */
  async #drain(closed: Promise<true>): Promise<void> {
    for (let before = -1; before !== this.output.total;) {
      before = this.output.total;
      if (await Promise.race([closed, sleep(20, false)])) return;
    }
  }

  #finish(reason: NonNullable<CommandInfo["reason"]>, code: number | null, signal: string | null): void {
    if (this.#end) return;
    this.#end = { at: Date.now(), code, signal, reason };
    if (!this.#tree || this.#failure) {
      this.#hasLeft = true;
      this.output.end();
    }
    this.#onEnd();
    this.output.changed.notify();
  }

  /** Ends the command and all that it started. */
  async kill(): Promise<void> {
    await this.#stop("killed");
  }

  async #stop(why: "killed" | "timeout"): Promise<void> {
    this.#stopping ??= why;
    if (this.#tree && !this.#hasLeft) await killTree(this.#tree);
    const isOver = () => this.#end !== undefined || !this.#tree;
    for (const end = Date.now() + 5000; !isOver() && Date.now() < end;) await this.output.changed.wait(200);
  }

  /** The command's stream from an offset on. It ends with the command, or when the reader has left. */
  async *frames(offset: number, signal: AbortSignal): AsyncGenerator<CommandFrame, void> {
    const { call } = this.request;
    yield { type: "started", call, at: this.startedAt };
    let at = offset;
    let sent = 0;
    let heartbeat = Date.now() + heartbeatMs;
    while (!signal.aborted) {
      const isFull = sent >= maxStreamBytes;
      const end = this.#end;
      if (end && isFull) at = Math.max(at, this.output.total - maxTailBytes);
      if (at < this.output.total && (!isFull || end)) {
        const { start, bytes } = await this.output.read(at, at + frameBytes);
        if (bytes.length > 0) yield { type: "output", offset: start, data: bytes.toString("base64") };
        sent += bytes.length;
        heartbeat = Date.now() + heartbeatMs;
        at = bytes.length > 0 ? start + bytes.length : this.output.total;
        continue;
      }
      if (end) {
        yield this.#failure ? { type: "error", error: this.#failure } : { type: "exit", info: this.info() };
        return;
      }
      await this.output.changed.wait(Math.max(0, heartbeat - Date.now()), signal);
      if (Date.now() < heartbeat || signal.aborted) continue;
      // Also while a stream that has had its share is flooded: it only keeps its connection.
      yield { type: "heartbeat", total: this.output.total };
      heartbeat = Date.now() + heartbeatMs;
    }
  }
}

const names = new Map(Object.entries(constants.signals).map(([name, number]) => [number, name]));

function signalName(number: number): string {
  return names.get(number) ?? `signal ${number}`;
}
