import { z } from "zod";
import { Approval, ApprovalScope } from "./approval.ts";
import { ApprovalID, ConversationID, MessageID, ProjectID, Revision, RunID, Time } from "./id.ts";
import { Effort } from "./model.ts";
import { RunStatus } from "./run-status.ts";

export const Run = z
  .object({
    id: RunID,
    projectId: ProjectID,
    conversationId: ConversationID,
    messageId: MessageID.meta({ description: "The assistant message that the run fills." }),
    status: RunStatus,
    model: z.string(),
    effort: Effort.optional(),
    startRev: Revision.optional(),
    endRev: Revision.optional(),
    createdAt: Time,
    endedAt: Time.optional(),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    cost: z.number(),
  })
  .meta({ id: "Run" });
export type Run = z.infer<typeof Run>;

/** Tokens of model calls. `input` was neither read from the provider's cache nor written to it. */
export const TokenCounts = z
  .object({ input: z.int(), output: z.int(), cacheRead: z.int(), cacheWrite: z.int() })
  .meta({ id: "TokenCounts" });
export type TokenCounts = z.infer<typeof TokenCounts>;

/** How much of its model's window a conversation takes, in tokens. It is shortened at `limit`. */
export const ContextSize = z.object({ tokens: z.int(), limit: z.int(), window: z.int() }).meta({ id: "ContextSize" });
export type ContextSize = z.infer<typeof ContextSize>;

/** One file change of a tool call, for its card. `diff` is a unified diff, cut at 20,000 characters. */
export const ToolChange = z.object({
  path: z.string(),
  op: z.enum(["created", "edited", "deleted", "moved"]),
  from: z.string().optional(),
  diff: z.string().optional(),
});
export type ToolChange = z.infer<typeof ToolChange>;

/** `unknown`: it was started and may have taken effect. It is never retried automatically. */
export const ToolState = z.enum(["completed", "failed", "denied", "unknown"]);
export type ToolState = z.infer<typeof ToolState>;

/** How a command ended, or that it runs on in the background. */
export const CommandResult = z.object({
  state: z.enum(["exited", "killed", "timeout", "failed", "background"]),
  code: z.int().nullable(),
  signal: z.string().nullable(),
  bytes: z.int().nonnegative().meta({ description: "Of its whole output." }),
  ports: z.array(z.int()).meta({ description: "On which it listens." }),
});
export type CommandResult = z.infer<typeof CommandResult>;

/** Title of a tool's card: a verb, followed by its subject. Absent in old rows. */
const title = z.string().optional();

/** A finished block of an answer. `id` is unique in the run. A tool block appears once, with its result if it has one. */
export const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), id: z.string(), text: z.string() }),
  z.object({ type: z.literal("thinking"), id: z.string(), text: z.string() }),
  z.object({
    type: z.literal("tool"),
    id: z.string(),
    tool: z.string(),
    title,
    input: z.unknown(),
    result: z
      .object({
        state: ToolState,
        output: z.string().meta({ description: "For people; a long one is cut at 4,000 characters and says so." }),
        told: z.string().optional().meta({ description: "What the model was told, where that is something else." }),
        changes: z.array(ToolChange),
        command: CommandResult.optional(),
        rev: Revision.optional(),
        milliseconds: z.int(),
      })
      .optional(),
  }),
  z.object({ type: z.literal("steer"), id: z.string(), text: z.string() }).meta({
    description: "A person's message where it joined the run. `id` is the message's, which has its attachments.",
  }),
  z
    .object({ type: z.literal("notice"), id: z.string(), code: z.string(), text: z.string() })
    .meta({ description: "What Slipway tells people about the run. `code` is stable; `text` is for people." }),
]);
export type Block = z.infer<typeof Block>;

const base = { seq: z.int().positive(), at: Time };

/**
 * The durable log of a run: `seq` counts from 1 without gaps, and only the holder of the run's epoch writes it.
 * `step-reset` says that the step is retried and its blocks so far are void; `model-waiting`, that the model is
 * throttled or down and will be asked again after so many seconds.
 */
export const RunEvent = z
  .discriminatedUnion("type", [
    z.object({ ...base, type: z.literal("run-started"), model: z.string() }),
    z.object({ ...base, type: z.literal("step-started"), step: z.int(), attempt: z.int() }),
    z.object({ ...base, type: z.literal("step-reset"), step: z.int(), attempt: z.int(), reason: z.string() }),
    z.object({ ...base, type: z.literal("model-waiting"), step: z.int(), seconds: z.int() }),
    z.object({ ...base, type: z.literal("block-finished"), step: z.int(), block: Block }),
    z.object({ ...base, type: z.literal("approval-requested"), step: z.int(), approval: Approval }),
    z.object({
      ...base,
      type: z.literal("approval-answered"),
      approvalId: ApprovalID,
      answer: z.enum(["allow", "deny", "expired"]),
      scope: ApprovalScope.optional(),
    }),
    z.object({
      ...base,
      type: z.literal("step-finished"),
      step: z.int(),
      cost: z.number(),
      context: ContextSize.optional(),
    }),
    z.object({
      ...base,
      type: z.literal("run-finished"),
      status: z.enum(["completed", "cancelled", "failed"]),
      cost: z.number(),
      endRev: Revision.optional(),
      error: z.object({ code: z.string(), message: z.string() }).optional(),
    }),
  ])
  .meta({ id: "RunEvent" });
export type RunEvent = z.infer<typeof RunEvent>;
/** A durable event before it is numbered and timestamped. */
export type NewRunEvent = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, "seq" | "at"> : never) : never;

/**
 * Text of a block that is still open, from `offset` (UTF-16 units from the block's start). Not stored; the latest
 * snapshot (offset 0, all text so far) is, until its block ends.
 */
export const Delta = z
  .object({
    runId: RunID,
    step: z.int(),
    attempt: z.int(),
    block: z.string(),
    kind: z.enum(["text", "thinking", "tool"]),
    tool: z.string().optional().meta({ description: "The tool whose input is being written, when kind is `tool`." }),
    title,
    offset: z.int().nonnegative(),
    text: z.string(),
  })
  .meta({ id: "Delta" });
export type Delta = z.infer<typeof Delta>;

export const RunEvents = z
  .object({
    run: Run,
    events: z.array(RunEvent),
    snapshot: Delta.optional().meta({ description: "The open block as last stored; deltas continue it by offset." }),
    more: z.boolean(),
  })
  .meta({ id: "RunEvents" });
export type RunEvents = z.infer<typeof RunEvents>;
