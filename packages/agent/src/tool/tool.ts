import type { ToolChange } from "@slipway/contract/run";
import type { Actor } from "@slipway/core/member";
import type { Lease } from "@slipway/core/run";
import type { z } from "zod";

/** What a tool is given: whose run it is, where, and the lease under which it may write. */
export interface ToolContext {
  readonly actor: Actor;
  readonly projectID: string;
  readonly lease: Lease;
  /** Unique in the run. */
  readonly callID: string;
  readonly signal: AbortSignal;
  readonly fetchText: (url: string, signal: AbortSignal) => Promise<string>;
}

/** What the model is told, and what its card shows. */
export interface ToolOutcome {
  output: string;
  changes?: ToolChange[];
  rev?: number;
}

/** Why a call needs a person's consent; undefined when it carries no risk. */
export type Risk = string | undefined;

export interface Tool<I> {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodType<I>;
  risk?(input: I, context: ToolContext): Risk | Promise<Risk>;
  /** @throws VisibleError: the model is told its message, and goes on */
  run(input: I, context: ToolContext): Promise<ToolOutcome>;
}

/** Keeps the input's type between its schema and its functions. */
export function defineTool<I>(tool: Tool<I>): Tool<I> {
  return tool;
}
