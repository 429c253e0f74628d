import type { ApprovalPolicy } from "@slipway/contract/project";
import * as Run from "@slipway/core/run/system";
import type { ToolContext } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";

/** The gate that every tool call passes: policy and earlier answers → allow, ask or deny. */

export interface Call {
  callID: string;
  tool: string;
  input: unknown;
}
export type Verdict = { verdict: "allow" } | { verdict: "deny"; why: string } | { verdict: "ask"; reason: string };

export interface GateState {
  policy: ApprovalPolicy;
  rules: Pick<Run.Rule, "tool" | "answer">[];
  approvals: Awaited<ReturnType<typeof Run.approvals>>;
}

/** @throws ZodError, VisibleError when the input does not fit the tool */
export async function judge(
  call: Call,
  { tools, gate, context }: { tools: Toolbox; gate: GateState; context: ToolContext },
): Promise<Verdict> {
  const reason = await tools.bind(call.tool, call.input)?.risk(context);
  if (reason === undefined) return { verdict: "allow" };
  const rules = gate.rules.filter(({ tool }) => tool === call.tool);
  // Deny takes precedence over any allow.
  if (gate.policy === "deny") return deny("The project's policy denies this. Do without it.");
  if (rules.some(({ answer }) => answer === "deny"))
    return deny("The person denied this tool permanently. Do without it.");
  const asked = gate.approvals.find(({ toolCallId }) => toolCallId === call.callID);
  if (asked) {
    if (asked.hash !== Run.callHash(call.callID, call.input))
      return deny("The call is not the one that was asked about.");
    if (asked.answer === "allow") return { verdict: "allow" };
    if (asked.answer === "deny") return deny("The person denied it. Do without it, or ask what they want instead.");
    return deny("Nobody answered in time, so this was not done.");
  }
  if (gate.policy === "allow" || rules.some(({ answer }) => answer === "allow")) return { verdict: "allow" };
  return { verdict: "ask", reason };
}

function deny(why: string): Verdict {
  return { verdict: "deny", why };
}
