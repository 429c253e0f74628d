import { VisibleError, type ErrorCode } from "@slipway/contract/error";
import type { CommandResult, ToolChange } from "@slipway/contract/run";
import type { Actor } from "@slipway/core/member";
import type { StepFile, WriteGuard } from "@slipway/core/run/system";
import { tool as describe, type ToolSet } from "ai";
import type { z } from "zod";
import type { Fetcher } from "../fetch/fetch-text.ts";
import type { Hands } from "./hands.ts";
import type { KeptOutputs } from "./kept-output.ts";

/** Files that the calls of one answer may delete without asking. */
export const freeDeletes = 10;

/** What a tool gets: who asks, where, and how it may write. Nothing of the run itself. */
export interface ToolContext {
  readonly actor: Actor;
  readonly projectID: string;
  /** Unique in the run, and the same when the call is repeated after a crash. */
  readonly callID: string;
  /** Aborts when the run is cancelled or another turn takes it. */
  readonly signal: AbortSignal;
  readonly write: WriteGuard;
  /**
   * Shows a line of progress on the call's card, and the end of what a command writes: live only, at most four times a
   * second, the newest wins.
   */
  report(progress: string, output?: string): void;
  readonly hands: Hands;
  readonly fetchText: Fetcher;
  readonly outputs: KeptOutputs;
  /** Takes an image or a PDF into what the model sees. Resolves to why it cannot, in a sentence, or to the result's `file`. */
  show(file: { name: string; type: string; bytes: Uint8Array }): Promise<string | StepFile>;
  /** Has a subagent answer a question. @throws VisibleError unavailable */
  explore(question: string): Promise<ToolResult>;
}

/** A failure whose readers need different words: `message` is for people, `told` for the model. */
export class ToolFailure extends VisibleError {
  readonly told: string;
  constructor(code: ErrorCode, { shown, told }: { shown: string; told: string }, cause?: unknown) {
    super(code, shown, {}, cause);
    this.told = told;
  }
}

/** What the card shows, and what the model is told: the same, unless `told` says something else. */
export interface ToolResult {
  output: string;
  told?: string;
  changes?: ToolChange[];
  /** How a command ended. */
  command?: CommandResult;
  rev?: number;
  /** What the model sees beside the output. */
  file?: StepFile;
}

/**
 * The call needs longer than a turn should take. The workflow waits without a function, then a later turn calls `resume`
 * with the handle. A crash before the handle is stored repeats `run`, so start the work under `callID`.
 */
export interface ToolPending {
  pending: {
    handle: string;
    /** 1 to 300. */
    pollAfterSeconds: number;
  };
}

export type ToolOutcome = ToolResult | ToolPending;

/**
 * Why a call needs a person's consent; undefined when it carries no risk. One that does several things names each of them,
 * so that rules can be for some.
 */
export type Risk = string | readonly RiskPart[] | undefined;

export interface RiskPart {
  /** What the patterns of rules are matched with. */
  text: string;
  /** Without a rule. */
  answer: "allow" | "ask";
  /** Why it asks, for people. */
  reason: string;
  /** What a lasting answer is saved as. */
  pattern: string;
  /** Another tool that does the same: a rule for that tool as a whole holds for this part too. */
  sameAs?: string;
}

export interface ToolSpec<I> {
  readonly name: string;
  /** What its card says: a verb, followed by what it is done to. */
  readonly title: string;
  readonly description: string;
  readonly input: z.ZodType<I>;
  /** It only reads, so calls in a row run side by side. */
  readonly reads?: boolean;
  risk?(input: I, context: ToolContext): Risk | Promise<Risk>;
  /** Files that it would delete now: the gate asks about many of them, whatever tool deletes them. */
  deletes?(input: I, context: ToolContext): number | Promise<number>;
  /** @throws VisibleError: the card shows its message, and the model is told it, or what a ToolFailure says instead */
  run(input: I, context: ToolContext): Promise<ToolOutcome>;
  /** Required of a tool that answers pending. @throws as `run` */
  resume?(handle: string, context: ToolContext, input: I): Promise<ToolOutcome>;
}

/** A tool whatever its input. */
export interface Tool {
  readonly name: string;
  readonly title: string;
  readonly reads: boolean;
  /** What the model is offered. */
  readonly definition: ToolSet[string];
  /** @throws ZodError when the input does not fit */
  bind(input: unknown): BoundTool;
}

/** A call's tool with its parsed input. */
export interface BoundTool {
  risk(context: ToolContext): Promise<Risk>;
  deletes(context: ToolContext): Promise<number>;
  run(context: ToolContext): Promise<ToolOutcome>;
  resume(handle: string, context: ToolContext): Promise<ToolOutcome>;
}

export function defineTool<I>(spec: ToolSpec<I>): Tool {
  const { name, title, description, input } = spec;
  return {
    name,
    title,
    reads: spec.reads ?? false,
    // No `execute`: our executor runs the call, by its id, once the step is persisted.
    definition: describe({ description, inputSchema: input }) as ToolSet[string],
    bind(raw) {
      const parsed = input.parse(raw);
      return {
        risk: async (context) => spec.risk?.(parsed, context),
        deletes: async (context) => (await spec.deletes?.(parsed, context)) ?? 0,
        run: (context) => spec.run(parsed, context),
        resume(handle, context) {
          if (spec.resume === undefined) throw new Error(`${name} answered pending and cannot resume`);
          return spec.resume(handle, context, parsed);
        },
      };
    },
  };
}
