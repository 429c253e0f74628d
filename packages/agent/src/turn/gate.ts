import type { ApprovalPolicy } from "@slipway/contract/project";
import * as Run from "@slipway/core/run";
import { bind } from "../tool/registry.ts";
import type { ToolContext } from "../tool/tool.ts";

/** The one gate that every tool call passes: policy and lasting answers → allow, ask or deny. */

export interface Call {
  callID: string;
  tool: string;
  input: unknown;
}
export type Verdict = { verdict: "allow" } | { verdict: "deny"; why: string } | { verdict: "ask"; reason: string };

export interface GateState {
  policy: ApprovalPolicy;
  grants: Awaited<ReturnType<typeof Run.grantsIn>>;
  approvals: Awaited<ReturnType<typeof Run.approvals>>;
}

export async function judge(call: Call, state: GateState, context: ToolContext): Promise<Verdict> {
  const bound = bind(call.tool, call.input);
  const reason = await bound?.risk(context);
  if (reason === undefined) return { verdict: "allow" };
  const lasting = state.grants.filter(({ tool }) => tool === call.tool);
  // A no always wins, however it was said.
  if (state.policy === "deny") return { verdict: "deny", why: "The project's policy denies this. Do without it." };
  if (lasting.some(({ answer }) => answer === "deny")) {
    return { verdict: "deny", why: "The person denied this tool for good. Do without it." };
  }
  const asked = state.approvals.find(({ toolCallId }) => toolCallId === call.callID);
  if (asked) {
    if (asked.hash !== Run.callHash(call.callID, call.input))
      return { verdict: "deny", why: "The call is not the one that was asked about." };
    if (asked.answer === "allow") return { verdict: "allow" };
    if (asked.answer === "deny")
      return { verdict: "deny", why: "The person said no. Do without it, or ask what they want instead." };
    return { verdict: "deny", why: "Nobody answered in time, so this was not done." };
  }
  if (state.policy === "allow" || lasting.some(({ answer }) => answer === "allow")) return { verdict: "allow" };
  return { verdict: "ask", reason };
}
