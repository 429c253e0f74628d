import type { Block, Delta } from "@slipway/contract/run";
import * as Connection from "@slipway/core/connection";
import type { Lease } from "@slipway/core/run";
import type { TextStreamPart, ToolSet } from "ai";

/**
 * Turns a model's stream into what people see: deltas about every 40 ms to the socket, a snapshot of the open block
 * about every 500 ms, and a durable event for each finished block.
 */
export interface Narrator {
  onPart(part: TextStreamPart<ToolSet>): Promise<void>;
  /** Sends what is left and waits until all of it is written. @throws LeaseLost */
  finish(): Promise<void>;
}

const deltaInterval = 40;
const snapshotInterval = 500;

interface Open {
  kind: Delta["kind"];
  block: string;
  tool?: string;
  text: string;
  /** How much of the text has been sent. */
  sent: number;
  snapshotAt: number;
}

export function createNarrator(
  lease: Lease,
  options: { step: number; attempt: number; titleOf(tool: string): string },
): Narrator {
  const { runID, projectID } = lease.run;
  const { step, attempt, titleOf } = options;
  let open: Open | undefined;
  let blocks = 0;
  let timer: NodeJS.Timeout | undefined;
  let failure: unknown;
  // Sends and writes run in order, without holding up the stream.
  let work: Promise<unknown> = Promise.resolve();
  const then = (run: () => Promise<unknown>) => {
    work = work.then(run).catch((error: unknown) => (failure ??= error));
  };

  function delta(from: Open, offset: number, text: string): Delta {
    const { kind, block, tool } = from;
    return { runId: runID, step, attempt, block, kind, ...(tool ? { tool, title: titleOf(tool) } : {}), offset, text };
  }

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    const current = open;
    if (current === undefined || current.sent === current.text.length) return;
    const offset = current.sent;
    const text = current.text.slice(offset);
    current.sent = current.text.length;
    then(() =>
      Connection.broadcast(projectID, { type: "delta", projectId: projectID, deltas: [delta(current, offset, text)] }),
    );
    if (Date.now() - current.snapshotAt >= snapshotInterval) {
      current.snapshotAt = Date.now();
      const whole = current.text;
      then(() => lease.saveSnapshot(delta(current, 0, whole)));
    }
  }

  function begin(kind: Delta["kind"], block: string, tool?: string): void {
    open = { kind, block, ...(tool ? { tool } : {}), text: "", sent: 0, snapshotAt: Date.now() };
  }

  function write(text: string): void {
    if (open === undefined) return;
    open.text += text;
    timer ??= setTimeout(flush, deltaInterval);
  }

  function close(block: Block | undefined): void {
    flush();
    open = undefined;
    if (block) then(() => lease.append([{ type: "block-finished", step: step, block }]));
  }

  return {
    async onPart(part) {
      if (failure) throw failure;
      switch (part.type) {
        case "text-start":
          begin("text", `${step}.${attempt}.${blocks++}`);
          break;
        case "reasoning-start":
          begin("thinking", `${step}.${attempt}.${blocks++}`);
          break;
        case "text-delta":
        case "reasoning-delta":
          write(part.text);
          break;
        case "text-end":
        case "reasoning-end":
          if (open && open.text !== "")
            close({ type: part.type === "text-end" ? "text" : "thinking", id: open.block, text: open.text });
          else close(undefined);
          break;
        case "tool-input-start":
          begin("tool", `${step}:${part.id}`, part.toolName);
          break;
        case "tool-input-delta":
          write(part.delta);
          break;
        case "tool-call":
          close({
            type: "tool",
            id: `${step}:${part.toolCallId}`,
            tool: part.toolName,
            title: titleOf(part.toolName),
            input: part.input as unknown,
          });
          break;
      }
    },
    async finish() {
      flush();
      await work;
      if (failure) throw failure;
    },
  };
}
