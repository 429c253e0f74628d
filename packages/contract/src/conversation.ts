import { z } from "zod";
import { ConversationID, MessageID, ProjectID, RunID, Time } from "./id.ts";
import { Effort } from "./model.ts";
import { Block, ContextSize, TokenCounts } from "./run.ts";

export const Conversation = z
  .object({
    id: ConversationID,
    projectId: ProjectID,
    title: z.string().meta({ description: "Empty until the first answer." }),
    createdAt: Time,
    activeAt: Time,
  })
  .meta({ id: "Conversation" });
export type Conversation = z.infer<typeof Conversation>;

export const MessageStatus = z.enum(["queued", "processing", "completed", "cancelled", "failed"]);
export type MessageStatus = z.infer<typeof MessageStatus>;

/** A file attached to a message: read by the model, not part of the project. */
export const Attachment = z
  .object({
    name: z.string(),
    kind: z.enum(["image", "text"]),
    type: z.string().meta({ description: "Media type." }),
    size: z.int().meta({ description: "Bytes." }),
    url: z.string().meta({ description: "Presigned for one hour." }),
  })
  .meta({ id: "Attachment" });
export type Attachment = z.infer<typeof Attachment>;

/** Most attachments of a message; most bytes of an image (the limit of models) and of a text. */
export const maxAttachments = 8;
export const maxImageBytes = 3_750_000;
export const maxAttachedTextBytes = 200_000;

export const Message = z
  .object({
    id: MessageID,
    conversationId: ConversationID,
    role: z.enum(["user", "assistant"]),
    status: MessageStatus,
    text: z.string().meta({ description: "The prompt, or the plain text of a finished answer." }),
    blocks: z
      .array(Block)
      .meta({ description: "The blocks of a finished answer, in order. Empty while the run is open." }),
    attachments: z.array(Attachment).optional(),
    runId: RunID.optional().meta({ description: "The run that the message began, joined, or is the answer of." }),
    sourceRunId: RunID.optional().meta({
      description: "Of a copy in a forked conversation: the run that the original began, joined, or is the answer of.",
    }),
    isSteer: z.boolean().optional().meta({
      description:
        "Sent to join `runId`. Once it has, the run's answer holds a `steer` block with this message's id in its place; until then, and if the run ended first, it stands alone.",
    }),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    model: z.string().optional().meta({
      description: "Of an answer: the model that writes it. `modelName` is its name for people.",
    }),
    modelName: z.string().optional(),
    effort: Effort.optional(),
    cost: z.number().optional().meta({ description: "US dollars of the run, from the ledger." }),
    tokens: TokenCounts.optional().meta({ description: "Of all model calls of the run." }),
    context: ContextSize.optional().meta({ description: "After the answer." }),
    createdAt: Time,
  })
  .meta({ id: "Message" });
export type Message = z.infer<typeof Message>;

/** The effect of a new message on a run in progress in the same project. */
export const SendMode = z.enum(["replace", "queue", "steer"]);
export type SendMode = z.infer<typeof SendMode>;
