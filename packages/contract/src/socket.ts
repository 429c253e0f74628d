import { z } from "zod";
import { Message, Conversation } from "./conversation.ts";
import { Transfer } from "./github.ts";
import { ProjectID, Revision, RunID } from "./id.ts";
import { Operation } from "./operation.ts";
import { Project } from "./project.ts";
import { Delta, Run, RunEvent } from "./run.ts";
import { Sandbox } from "./sandbox-state.ts";
import { Usage } from "./user.ts";

/** What a client sends. One connection follows at most one project; a new `subscribe` replaces the old. */
export const ClientMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ping") }),
  z.object({ type: z.literal("subscribe"), projectId: ProjectID }),
  z.object({ type: z.literal("unsubscribe") }),
]);
export type ClientMessage = z.infer<typeof ClientMessage>;

/**
 * What a client receives. Nothing here is the only copy of anything: what a lost connection missed is read again
 * through the API (`changes?since`, `events?after`, the conversation's messages).
 */
export const ServerMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("pong") }),
  z.object({ type: z.literal("subscribed"), projectId: ProjectID, rev: Revision }),
  z.object({ type: z.literal("delta"), projectId: ProjectID, deltas: z.array(Delta) }),
  z.object({
    type: z.literal("tool-progress"),
    projectId: ProjectID,
    runId: RunID,
    toolCallId: z.string(),
    text: z.string(),
    output: z
      .string()
      .optional()
      .meta({ description: "The end of what a command has written so far, with its colours." }),
  }),
  z.object({ type: z.literal("run-event"), projectId: ProjectID, runId: RunID, event: RunEvent }),
  z.object({ type: z.literal("run"), projectId: ProjectID, run: Run }),
  z.object({ type: z.literal("files-changed"), projectId: ProjectID, rev: Revision }),
  z.object({ type: z.literal("message"), projectId: ProjectID, message: Message }),
  z.object({ type: z.literal("conversation"), projectId: ProjectID, conversation: Conversation }),
  z.object({ type: z.literal("project"), project: Project }),
  z.object({ type: z.literal("project-removed"), projectId: ProjectID }),
  z.object({ type: z.literal("transfer"), transfer: Transfer }),
  z.object({ type: z.literal("operation"), operation: Operation }),
  z.object({ type: z.literal("usage"), usage: Usage }),
  z.object({ type: z.literal("sandbox"), sandbox: Sandbox }),
  z.object({ type: z.literal("inbox") }),
  z.object({ type: z.literal("error"), code: z.string(), message: z.string() }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
