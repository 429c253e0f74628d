import type { TerminalInfo } from "@slipway/contract/sandbox";
import { TerminalInput, type TerminalEvent } from "@slipway/contract/sandbox";
import type { WebSocket } from "ws";
import type { Activity } from "./activity.ts";
import type { Place } from "./command.ts";
import { Failure } from "./failure.ts";
import { messageOf } from "./socket.ts";
import { Terminal } from "./terminal.ts";

const maxTerminals = 16;
const frameBytes = 64 * 1024;
/** A client that is this far behind misses output: it is told of the gap. */
const maxBehind = 4 * 1024 * 1024;

export class Terminals {
  readonly #terminals = new Map<string, Terminal>();
  readonly #opening = new Map<string, Promise<Terminal>>();
  readonly #activity: Activity;
  readonly #onChange: () => void;

  constructor(options: { activity: Activity; onChange: () => void }) {
    this.#activity = options.activity;
    this.#onChange = options.onChange;
  }

  all(): Terminal[] {
    return [...this.#terminals.values()];
  }

  list(): TerminalInfo[] {
    return this.all().map((terminal) => terminal.info());
  }

  /** Opens a terminal, or returns the one of this id. @throws Failure busy */
  async open(id: string, size: { cols: number; rows: number }, place: Place): Promise<Terminal> {
    const before = this.#terminals.get(id) ?? this.#opening.get(id);
    if (before) return before;
    if (this.#terminals.size + this.#opening.size >= maxTerminals)
      throw new Failure("busy", `${maxTerminals} terminals are open. Close one first.`);
    const opening = Terminal.open(id, size, place);
    this.#opening.set(id, opening);
    try {
      const terminal = await opening;
      this.#terminals.set(id, terminal);
      this.#activity.touch();
      this.#onChange();
      void this.#forgetAtExit(terminal);
      return terminal;
    } finally {
      this.#opening.delete(id);
    }
  }

  async #forgetAtExit(terminal: Terminal): Promise<void> {
    while (!terminal.exit) await terminal.changed.wait(60_000);
    this.#terminals.delete(terminal.id);
    this.#onChange();
  }

  /** @throws Failure not_found */
  get(id: string): Terminal {
    const terminal = this.#terminals.get(id);
    if (!terminal) throw new Failure("not_found", "There is no such terminal.");
    return terminal;
  }

  async closeAll(): Promise<void> {
    await Promise.all(this.all().map((terminal) => terminal.close()));
  }

  /** Connects a client until either leaves. */
  async serve(socket: WebSocket, terminal: Terminal, offset: number): Promise<void> {
    const gone = new AbortController();
    const tell = (event: TerminalEvent) => socket.send(JSON.stringify(event));
    socket.on("close", () => gone.abort());
    socket.on("error", () => gone.abort());
    socket.on("message", (data, isBinary) => {
      const input = TerminalInput.safeParse(messageOf(data, isBinary)).data;
      if (!input) return tell({ type: "error", message: "Not a message of a terminal." });
      this.#activity.touch();
      if (input.type === "input") terminal.write(input.data);
      else if (input.type === "resize") terminal.resize(input);
      else void terminal.close();
    });

    let size = terminal.size;
    let at = terminal.read(offset, 0).start;
    tell({ type: "attached", offset: at, total: terminal.total, ...size });
    while (!gone.signal.aborted) {
      if (terminal.size !== size) tell({ type: "resized", ...(size = terminal.size) });
      if (socket.bufferedAmount > maxBehind) {
        await terminal.changed.wait(50, gone.signal);
        continue;
      }
      const { start, bytes } = terminal.read(at, frameBytes);
      if (start !== at) tell({ type: "gap", offset: start });
      if (bytes.length > 0) socket.send(bytes);
      at = start + bytes.length;
      if (bytes.length > 0) continue;
      if (terminal.exit) {
        tell({ type: "exit", ...terminal.exit });
        socket.close(1000);
        return;
      }
      await terminal.changed.wait(60_000, gone.signal);
    }
  }
}
