import type { ApprovalPolicy } from "@slipway/contract/project";
import * as Run from "@slipway/core/run/system";
import { matches } from "../policy/pattern.ts";
import { filesCount } from "../tool/file-operation.ts";
import { freeDeletes, type BoundTool, type RiskPart, type ToolContext } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { Refusal } from "./limits.ts";

/** The gate that every tool call passes: policy, rules and earlier answers → allow, ask or deny. */

export interface Call {
  callID: string;
  tool: string;
  input: unknown;
}
export type Verdict =
  | { verdict: "allow" }
  | ({ verdict: "deny" } & Refusal)
  /** `reason` is for people. `patterns`: what a lasting answer covers; the whole tool without it. */
  | { verdict: "ask"; reason: string; patterns?: string[] };

type Rule = Pick<Run.Rule, "tool" | "answer" | "pattern">;

export interface GateState {
  policy: ApprovalPolicy;
  /** Nothing may be changed or run. */
  isPlan: boolean;
  rules: Rule[];
  approvals: Awaited<ReturnType<typeof Run.approvals>>;
  /** Files that each call of the answer would delete, as it stood before any of them ran. */
  deletes: ReadonlyMap<string, number>;
}

/** More patterns than this are no answer that a person can read. */
const maxPatterns = 8;

/** @throws ZodError, VisibleError when the input does not fit the tool */
export async function judge(
  call: Call,
  { tools, gate, context }: { tools: Toolbox; gate: GateState; context: ToolContext },
): Promise<Verdict> {
  if (gate.isPlan && !tools.reads(call.tool))
    return deny(
      "Not done: this run only plans.",
      "this is a plan, so nothing may be changed or run. Put it into the plan.",
    );
  const bound = tools.bind(call.tool, call.input);
  const risk = await bound?.risk(context);
  const deletion = await deletionBy(bound, call, { gate, context });
  const asked = gate.approvals.find(({ toolCallId }) => toolCallId === call.callID);
  if (risk === undefined && deletion === undefined)
    // What was asked about is done as it was answered, also when the reason has gone since.
    return asked === undefined ? { verdict: "allow" } : answered(asked, call);
  if (risk?.length === 0)
    return deny("Denied: what this does was not judged.", "what this does could not be judged. Do it another way.");
  const isWhole = risk === undefined || typeof risk === "string";
  const own = typeof risk === "string" ? [{ text: "", answer: "ask" as const, reason: risk, pattern: "" }] : risk;
  const parts: readonly RiskPart[] = [...(own ?? []), ...(deletion === undefined ? [] : [deletion])];

  // Deny takes precedence over any allow.
  if (gate.policy === "deny" && parts.some(({ answer }) => answer === "ask"))
    return deny("Denied by the project's settings.", "the project's policy does not allow this. Do without it.");
  const denying = parts.flatMap((part) => rulesFor(part, call.tool, gate.rules, "deny"));
  if (denying.length > 0) return deniedBy(denying[0]);

  const open = parts.filter(
    (part) => part.answer === "ask" && rulesFor(part, call.tool, gate.rules, "allow").length === 0,
  );
  if (open.length === 0) return { verdict: "allow" };
  if (asked) return answered(asked, call);
  if (gate.policy === "allow") return { verdict: "allow" };
  return {
    verdict: "ask",
    reason: [...new Set(open.map(({ reason }) => reason))].join(" "),
    ...(isWhole ? {} : { patterns: patternsOf(open) }),
  };
}

/** What the person's answer means for the call. */
function answered(asked: GateState["approvals"][number], { callID, input }: Call): Verdict {
  if (asked.hash !== Run.callHash(callID, input))
    return deny("Not approved: the request has changed since.", "the call is not the one that was approved.");
  if (asked.answer === "allow") return { verdict: "allow" };
  if (asked.answer === "deny")
    return deny("Denied.", "the person denied it. Do without it, or ask what they want instead.");
  return deny("Not approved in time.", "nobody answered in time, so this was not done.");
}

/** The question before a deletion: calls of one answer count together, or many small ones would pass where one does not. */
async function deletionBy(
  bound: BoundTool | undefined,
  { callID }: Call,
  { gate, context }: { gate: GateState; context: ToolContext },
): Promise<RiskPart | undefined> {
  const own = (await bound?.deletes(context)) ?? 0;
  if (own === 0) return undefined;
  const others = [...gate.deletes].reduce((sum, [id, count]) => (id === callID ? sum : sum + count), 0);
  const total = own + others;
  if (total <= freeDeletes) return undefined;
  const rest = others === 0 ? "" : ` This answer deletes ${filesCount(total)} in all.`;
  // A rule for deletions holds whatever tool makes them.
  const sameAs = "delete_files";
  return { text: "", answer: "ask", reason: `Delete ${filesCount(own)}?${rest}`, pattern: "", sameAs };
}

function rulesFor(part: RiskPart, tool: string, rules: readonly Rule[], answer: Rule["answer"]): Rule[] {
  return rules.filter((rule) => {
    if (rule.answer !== answer) return false;
    if (rule.pattern === undefined) return rule.tool === tool || rule.tool === part.sameAs;
    return rule.tool === tool && matches(rule.pattern, part.text);
  });
}

/** None when there are too many to read. */
function patternsOf(parts: readonly RiskPart[]): string[] {
  const patterns = [...new Set(parts.map(({ pattern }) => pattern))];
  const isReadable = patterns.length <= maxPatterns && patterns.every(({ length }) => length <= 200);
  return isReadable ? patterns : [];
}

function deniedBy(rule: Rule | undefined): Verdict {
  const about = rule?.pattern === undefined ? "" : ` for "${rule.pattern}"`;
  return deny(
    `Denied by a saved permission${about}.`,
    rule?.pattern === undefined
      ? "the person denied this tool permanently. Do without it."
      : `the person denied "${rule.pattern}" permanently. Do without it.`,
  );
}

function deny(shown: string, told: string): Verdict {
  return { verdict: "deny", shown, told: `Denied: ${told}` };
}
