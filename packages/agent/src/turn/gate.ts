import type { ApprovalPolicy } from "@slipway/contract/project";
import * as Run from "@slipway/core/run/system";
import type { ToolContext } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { Refusal } from "./limits.ts";

/** The gate that every tool call passes: policy and earlier answers → allow, ask or deny. */

export interface Call {
  callID: string;
  tool: string;
  input: unknown;
}
export type Verdict =
  | { verdict: "allow" }
  | ({ verdict: "deny" } & Refusal)
  /** `reason` is for people. */
  | { verdict: "ask"; reason: string };

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
  if (gate.policy === "deny")
    return deny("Denied by the project's settings.", "the project's policy does not allow this. Do without it.");
  if (rules.some(({ answer }) => answer === "deny"))
    return deny("Denied by a saved permission.", "the person denied this tool permanently. Do without it.");
  const asked = gate.approvals.find(({ toolCallId }) => toolCallId === call.callID);
  if (asked) {
    if (asked.hash !== Run.callHash(call.callID, call.input))
      return deny("Not approved: the request has changed since.", "the call is not the one that was approved.");
    if (asked.answer === "allow") return { verdict: "allow" };
    if (asked.answer === "deny")
      return deny("Denied.", "the person denied it. Do without it, or ask what they want instead.");
    return deny("Not approved in time.", "nobody answered in time, so this was not done.");
  }
  if (gate.policy === "allow" || rules.some(({ answer }) => answer === "allow")) return { verdict: "allow" };
  return { verdict: "ask", reason };
}

function deny(shown: string, told: string): Verdict {
  return { verdict: "deny", shown, told: `Denied: ${told}` };
}
