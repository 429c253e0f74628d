import { z } from "zod";
import { ApprovalID, ConversationID, ProjectID, RunID, Time } from "./id.ts";

export const ApprovalScope = z.enum(["once", "conversation", "project"]);
export type ApprovalScope = z.infer<typeof ApprovalScope>;

export const Approval = z
  .object({
    id: ApprovalID,
    runId: RunID,
    toolCallId: z.string(),
    tool: z.string(),
    title: z.string().optional().meta({ description: "Title of the tool's card. Absent in old rows." }),
    reason: z.string().meta({ description: "Why approval is needed, for people." }),
    input: z.unknown(),
    patterns: z.array(z.string()).optional().meta({
      description:
        "What a lasting answer covers, such as `npm install *`. Without it, the tool as a whole; empty when there can be none.",
    }),
    answer: z.enum(["allow", "deny", "expired"]).optional(),
    createdAt: Time,
  })
  .meta({ id: "Approval" });
export type Approval = z.infer<typeof Approval>;

/** A pending approval, with its project and conversation. */
export const PendingApproval = Approval.extend({
  projectId: ProjectID,
  projectName: z.string(),
  conversationId: ConversationID,
}).meta({
  id: "PendingApproval",
});
export type PendingApproval = z.infer<typeof PendingApproval>;
