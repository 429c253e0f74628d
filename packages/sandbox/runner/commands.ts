import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandInfo } from "@slipway/contract/sandbox";
import { maxListed } from "@slipway/contract/sandbox";
import type { z } from "zod";
import type { CommandRequest } from "../src/protocol.ts";
import type { Activity } from "./activity.ts";
import { Command, type Place } from "./command.ts";
import { Failure } from "./failure.ts";
import { Output } from "./output.ts";
import { processTable, type Process } from "./process-table.ts";

/** Commands that run at once, and the bytes that all outputs of a project may take. */
const maxRunning = 64;
const maxOutputBytes = 1024 * 1024 * 1024;

/** The commands of a project by call: those that run, and the last ones that have ended. */
export class Commands {
  readonly #commands = new Map<string, Command>();
  readonly #folder: string;
  readonly #activity: Activity;
  /** Called when one has started, ended or been forgotten. */
  readonly #onChange: () => void;
  #count = 0;

  constructor(options: { folder: string; activity: Activity; onChange: () => void }) {
    this.#folder = options.folder;
    this.#activity = options.activity;
    this.#onChange = options.onChange;
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
  }

  /** Starts a command, or returns the one that this call has started before. @throws Failure busy, disk_full */
  start(request: z.output<typeof CommandRequest>, place: () => Promise<Place>): Command {
    const before = this.#commands.get(request.call);
    if (before) return before;
    const running = [...this.#commands.values()].filter(({ hasEnded }) => !hasEnded);
    if (running.length >= maxRunning)
      throw new Failure("busy", `${maxRunning} commands are running. Wait for one to end, or kill one.`);
    this.#forget();
    const output = new Output(join(this.#folder, `${Date.now()}-${this.#count++}`));
    const release = request.background ? () => this.#activity.touch() : this.#activity.hold();
    const command = new Command(request, output, () => {
      release();
      this.#onChange();
    });
    this.#commands.set(request.call, command);
    void command.start(place).then(this.#onChange);
    return command;
  }

  /** @throws Failure not_found */
  get(call: string): Command {
    const command = this.#commands.get(call);
    if (!command) throw new Failure("not_found", "There is no such command in this sandbox.");
    return command;
  }

  all(): Command[] {
    return [...this.#commands.values()];
  }

  /** Newest first. */
  list(table: Map<number, Process> = processTable()): CommandInfo[] {
    return this.all()
      .toReversed()
      .slice(0, maxListed)
      .map((command) => command.info(table));
  }

  async killAll(): Promise<void> {
    await Promise.all(this.all().map((command) => command.kill()));
  }

  /** Makes room: the oldest that have ended go, with their outputs. */
  #forget(): void {
    let bytes = this.all().reduce((sum, { output }) => sum + output.kept, 0);
    for (const [call, command] of this.#commands) {
      if (this.#commands.size < maxListed && bytes < maxOutputBytes) return;
      if (!command.hasEnded || command.tree) continue;
      bytes -= command.output.kept;
      command.output.remove();
      this.#commands.delete(call);
    }
  }
}
