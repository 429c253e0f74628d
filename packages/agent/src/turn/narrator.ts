import { headOf } from "@slipway/contract/cut";
import type { Block, Delta } from "@slipway/contract/run";
import type { Lease } from "@slipway/core/run/system";
import type { TextStreamPart, ToolSet } from "ai";
import { isThinking } from "../model/thinking-tags.ts";
import { acceptable, maxBlock } from "./limits.ts";

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
  let snapshotTimer: NodeJS.Timeout | undefined;
  let failure: unknown;
  // Writes run in order, without holding up the stream.
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
    const told = delta(current, offset, text);
    // In the writes' order: a block must be seen to end before the next one begins.
    then(() => Promise.resolve(lease.tell({ type: "delta", projectId: projectID, deltas: [told] })));
    keep(current);
  }

  /** Stores what is open, at once or when it is time to: a model that pauses must not keep its words from being kept. */
  function keep(current: Open): void {
    if (snapshotTimer !== undefined) return;
    // A long block is stored less often, since each snapshot holds all of it.
    const due = current.snapshotAt + snapshotInterval * (1 + current.text.length / 50_000);
    const store = () => {
      snapshotTimer = undefined;
      current.snapshotAt = Date.now();
      const whole = current.text;
      then(() => lease.saveSnapshot(delta(current, 0, whole)));
    };
    if (due <= Date.now()) store();
    else snapshotTimer = setTimeout(store, due - Date.now());
  }

  const nextID = () => `${step}.${attempt}.${blocks++}`;

  function begin(kind: Delta["kind"], block: string, tool?: string): Open {
    return { kind, block, ...(tool ? { tool } : {}), text: "", sent: 0, snapshotAt: kind === "tool" ? Date.now() : 0 };
  }

  function write(text: string): void {
    if (open === undefined) return;
    open.text += text;
    // What continues in another block keeps rows, snapshots and messages small; no ordinary answer is as long.
    while (open.kind !== "tool" && open.text.length > maxBlock) {
      const { kind, block, text: whole } = open;
      open.text = headOf(whole, maxBlock);
      const end = open.text.length;
      close({ type: kind, id: block, text: open.text });
      open = begin(kind, nextID());
      open.text = whole.slice(end);
    }
    timer ??= setTimeout(flush, deltaInterval);
  }

  function close(block: Block | undefined): void {
    flush();
    clearTimeout(snapshotTimer);
    snapshotTimer = undefined;
    open = undefined;
    if (block) then(() => lease.append([{ type: "block-finished", step: step, block }]));
  }

  return {
    async onPart(part) {
      if (failure) throw failure;
      switch (part.type) {
        case "text-start":
          open = begin("text", nextID());
          break;
        case "reasoning-start":
          open = begin("thinking", nextID());
          break;
        case "text-delta":
        case "reasoning-delta":
          write(part.text);
          break;
        case "text-end":
        case "reasoning-end":
          if (open && open.text !== "")
            close({ type: isThinking(part) ? "thinking" : "text", id: open.block, text: open.text });
          else close(undefined);
          break;
        case "tool-input-start":
          open = begin("tool", part.id, part.toolName);
          break;
        case "tool-input-delta":
          write(part.delta);
          break;
        case "tool-call":
          close({
            type: "tool",
            id: part.toolCallId,
            tool: part.toolName,
            title: titleOf(part.toolName),
            input: acceptable(part.input),
          });
          break;
      }
    },
    async finish() {
      flush();
      clearTimeout(snapshotTimer);
      await work;
      if (failure) throw failure;
    },
  };
}
