import { existsSync } from "node:fs";
import { basename } from "node:path";
import type { TerminalInfo } from "@slipway/contract/sandbox";
import type { IPty } from "@lydell/node-pty";
import { asUser } from "./adopt.ts";
import { ChangeSignal } from "./change-signal.ts";
import type { Place } from "./command.ts";
import { killTree, programOf, type Tree } from "./process-table.ts";

/** Output is sent in pieces of this time: fewer frames than keys, and no delay that a person notices. */
const coalesceMs = 8;
const maxScrollback = 1024 * 1024;

/** A shell on a pseudo terminal. It lives on without a client, and ends with its shell. */
export class Terminal {
  readonly id: string;
  readonly startedAt = Date.now();
  readonly tree: Tree;
  readonly changed = new ChangeSignal();
  readonly #pty: IPty;
  #scrollback: Buffer[] = [];
  #held = 0;
  #total = 0;
  #pending: Buffer[] = [];
  #timer: NodeJS.Timeout | undefined;
  #size: { cols: number; rows: number };
  #exit: { code: number | null; signal: string | null } | undefined;

  static async open(id: string, size: { cols: number; rows: number }, place: Place): Promise<Terminal> {
    // Loaded with the first terminal: a runner is ready earlier.
    const { spawn } = await import("@lydell/node-pty");
    const shell = existsSync("/bin/bash") ? "/bin/bash" : "/bin/sh";
    const { cwd, env, uid } = place;
    // Not a login shell: that would set the search path anew, without where this image has its programs.
    const [program = "", ...args] = asUser(uid, [shell, "-i"]);
    const pty = spawn(program, args, {
      name: "xterm-256color",
      ...size,
      cwd,
      env,
      encoding: null,
    });
    return new Terminal(id, size, pty, place.mark);
  }

  private constructor(id: string, size: { cols: number; rows: number }, pty: IPty, mark: string) {
    this.id = id;
    this.#size = size;
    this.#pty = pty;
    this.tree = { pid: pty.pid, mark, isAdopting: false };
    // With `encoding: null` it emits bytes, whatever its types say.
    pty.onData((data: unknown) => this.#add(Buffer.isBuffer(data) ? data : Buffer.from(String(data))));
    pty.onExit(({ exitCode, signal }) => {
      this.#flush();
      this.#exit = { code: signal ? null : exitCode, signal: signal ? `signal ${signal}` : null };
      this.changed.notify();
    });
  }

  get exit(): { code: number | null; signal: string | null } | undefined {
    return this.#exit;
  }

  get size(): { cols: number; rows: number } {
    return this.#size;
  }

  get total(): number {
    return this.#total;
  }

  info(): TerminalInfo {
    return { id: this.id, startedAt: this.startedAt, title: this.#title(), ...this.#size };
  }

  /** The program in the foreground. */
  #title(): string {
    return basename(this.#exit ? "" : this.#pty.process).slice(0, 200) || programOf(this.tree.pid);
  }

  write(data: string): void {
    if (!this.#exit) this.#pty.write(data);
  }

  resize(size: { cols: number; rows: number }): void {
    if (this.#exit || (size.cols === this.#size.cols && size.rows === this.#size.rows)) return;
    this.#size = { cols: size.cols, rows: size.rows };
    this.#pty.resize(size.cols, size.rows);
    this.changed.notify();
  }

  /** Ends the shell and what runs in it. */
  async close(): Promise<void> {
    await killTree(this.tree);
    for (let tries = 0; !this.#exit && tries < 20; tries++) await this.changed.wait(100);
  }

  /** The output from an offset on, as far as the scrollback reaches back. */
  read(offset: number, limit: number): { start: number; bytes: Buffer } {
    const first = this.#total - this.#held;
    const start = Math.min(Math.max(offset, first), this.#total);
    let at = first;
    const parts: Buffer[] = [];
    let size = 0;
    for (const chunk of this.#scrollback) {
      if (at + chunk.length > start && size < limit) {
        const part = chunk.subarray(Math.max(0, start - at));
        parts.push(part);
        size += part.length;
      }
      at += chunk.length;
    }
    return { start, bytes: Buffer.concat(parts) };
  }

  #add(data: Buffer): void {
    this.#pending.push(data);
    this.#timer ??= setTimeout(() => this.#flush(), coalesceMs);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#pending.length === 0) return;
    const chunk = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#scrollback.push(chunk);
    this.#held += chunk.length;
    this.#total += chunk.length;
    while (this.#held > maxScrollback && this.#scrollback.length > 1)
      this.#held -= this.#scrollback.shift()?.length ?? 0;
    this.changed.notify();
  }
}
