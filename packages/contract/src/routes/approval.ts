import { z } from "zod";
import { ApprovalID, ConversationID, ProjectID, RuleID, RunID, Time } from "../id.ts";
import { body, inProject, ok, reply, route } from "../route.ts";
import { Approval, ApprovalScope, PendingApproval } from "../approval.ts";

export const listApprovals = route({
  method: "get",
  path: "/api/approvals",
  responses: {
    200: reply(z.object({ approvals: z.array(PendingApproval) }), "Every pending approval of the person."),
  },
});

export const answerApproval = route({
  method: "post",
  path: "/api/runs/{id}/approvals/{approvalId}",
  request: {
    params: z.object({ id: RunID, approvalId: ApprovalID }),
    body: body(z.object({ answer: z.enum(["allow", "deny"]), scope: ApprovalScope.default("once") })),
  },
  responses: { 200: reply(Approval, "Answered; the run resumes.") },
});

const Rule = z
  .object({
    id: RuleID,
    tool: z.string(),
    title: z.string().meta({ description: "The tool's title." }),
    pattern: z.string().optional().meta({ description: "The calls that it covers; without it, all of the tool's." }),
    answer: z.enum(["allow", "deny"]),
    conversationId: ConversationID.optional(),
    createdAt: Time,
  })
  .meta({
    id: "Rule",
    description: "A standing answer for a tool or a pattern of its calls, in one conversation or the whole project.",
  });

export const listRules = route({
  method: "get",
  path: "/api/projects/{id}/rules",
  request: { params: inProject },
  responses: { 200: reply(z.object({ rules: z.array(Rule) }), "Every rule.") },
});

export const revokeRule = route({
  method: "delete",
  path: "/api/projects/{id}/rules/{ruleId}",
  request: { params: z.object({ id: ProjectID, ruleId: RuleID }) },
  responses: { 200: reply(ok, "Revoked; matching calls ask again.") },
});
