import { VisibleError } from "@slipway/contract/error";
import type { NewRunEvent } from "@slipway/contract/run";
import * as ProjectStore from "@slipway/core/project/system";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import { ZodError } from "zod";
import type { ToolContext } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import type { StepCall } from "./execute.ts";
import { maxQuestions } from "./limits.ts";
import { judge, type GateState } from "./gate.ts";

/** Questions of the gate: reading what was answered, and asking what is not. */

/** What the gate decides by, now. Records that questions without an answer have expired. @throws LeaseLost */
export async function readGate(
  lease: Lease,
  calls: readonly StepCall[],
  options: { tools: Toolbox; isPlan: boolean; context(callID: string): ToolContext },
): Promise<GateState> {
  const { run } = lease;
  const [settings, rules, approvals, deletes] = await Promise.all([
    ProjectStore.settings(run.projectID),
    Run.rulesIn(run.projectID, run.conversationID),
    Run.approvals(run.runID),
    deletesOf(calls, options),
  ]);
  await recordAnswers(lease, approvals);
  return { policy: settings.approvalPolicy, isPlan: options.isPlan, rules, approvals, deletes };
}

async function deletesOf(
  calls: readonly StepCall[],
  { tools, context }: { tools: Toolbox; context(callID: string): ToolContext },
): Promise<Map<string, number>> {
  const deletes = new Map<string, number>();
  for (const { callID, tool, input, refused } of calls) {
    if (refused !== undefined) continue;
    const count = await unlessRefused(async () => (await tools.bind(tool, input)?.deletes(context(callID))) ?? 0);
    if (count !== undefined && count > 0) deletes.set(callID, count);
  }
  return deletes;
}

/** A waiting run continues when all is answered or the time is up. Each answer gets one event. */
export async function recordAnswers(lease: Lease, approvals: GateState["approvals"]): Promise<void> {
  if (approvals.length === 0) return;
  const log = await Run.log(lease.run.runID);
  const known = new Set(log.flatMap((event) => (event.type === "approval-answered" ? [event.approvalId] : [])));
  for (const approval of approvals) {
    if (known.has(approval.id)) continue;
    const answer = approval.answer ?? "expired";
    const items = approval.answer === undefined ? Run.expireItems(lease.run, approval.id) : [];
    await lease.append([{ type: "approval-answered", approvalId: approval.id, answer }], { items });
    approval.answer = answer;
  }
}

/** Asks about every call that needs consent, at once. True when there is a question now; then nothing has run. */
export async function askFirst(
  calls: readonly StepCall[],
  options: { lease: Lease; step: number; tools: Toolbox; gate: GateState; context(callID: string): ToolContext },
): Promise<boolean> {
  const { lease, step, tools, gate, context } = options;
  const questions: { event: NewRunEvent; items: ReturnType<typeof Run.newApproval>["items"] }[] = [];
  for (const call of calls) {
    if (call.refused !== undefined || questions.length === maxQuestions) continue;
    const verdict = await unlessRefused(() => judge(call, { tools, gate, context: context(call.callID) }));
    if (verdict?.verdict !== "ask") continue;
    const { approval, items } = Run.newApproval(lease.run, {
      callID: call.callID,
      tool: call.tool,
      title: tools.titleOf(call.tool),
      reason: verdict.reason,
      input: call.input,
      ...(verdict.patterns === undefined ? {} : { patterns: verdict.patterns }),
    });
    questions.push({ items, event: { type: "approval-requested", step, approval } });
  }
  if (questions.length === 0) return false;
  await lease.append(
    questions.map(({ event }) => event),
    { items: questions.flatMap(({ items }) => items), set: { status: "waiting" } },
  );
  await Run.announceInbox(lease.run.userID);
  return true;
}

/** Undefined for an input that the tool refuses: it carries no risk, because the call fails with the reason when it runs. */
async function unlessRefused<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof ZodError || error instanceof VisibleError) return undefined;
    throw error;
  }
}
