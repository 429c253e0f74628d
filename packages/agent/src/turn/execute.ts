import { VisibleError } from "@slipway/contract/error";
import type { Block, NewRunEvent } from "@slipway/contract/run";
import * as Run from "@slipway/core/run";
import type { Lease } from "@slipway/core/run";
import * as Log from "@slipway/core/log";
import type { ToolContent } from "ai";
import { ZodError, z } from "zod";
import { bind } from "../tool/registry.ts";
import type { ToolContext } from "../tool/tool.ts";
import { judge, type Call, type GateState, type Verdict } from "./gate.ts";

/** A step's calls, from the gate to their results. */

type Result = NonNullable<Extract<Block, { type: "tool" }>["result"]>;

export interface StepCall extends Call {
  /** What the model named it: for its result message. */
  modelCallID: string;
  invalid: string | undefined;
}

const maxShown = 4000;
const maxTold = 100_000;

/**
 * Asks about every call that needs it, in one go. `asked` when at least one question is open now; then nothing has run.
 */
export async function askFirst(
  calls: readonly StepCall[],
  state: GateState,
  context: (call: StepCall) => ToolContext,
  at: { lease: Lease; step: number },
): Promise<"clear" | "asked"> {
  const questions: { event: NewRunEvent; items: ReturnType<typeof Run.newApproval>["items"] }[] = [];
  for (const call of calls) {
    if (call.invalid !== undefined) continue;
    const verdict = await judgeSafely(call, state, context(call));
    if (verdict.verdict !== "ask") continue;
    const { approval, items } = Run.newApproval(at.lease.run, {
      callID: call.callID,
      tool: call.tool,
      reason: verdict.reason,
      input: call.input,
    });
    questions.push({ items, event: { type: "approval-requested", step: at.step, approval } });
  }
  if (questions.length === 0) return "clear";
  await at.lease.append(
    questions.map(({ event }) => event),
    { items: questions.flatMap(({ items }) => items), set: { status: "waiting" } },
  );
  await Run.announceInbox(at.lease.run.userID);
  return "asked";
}

/** Runs one call and says how it went, to people and to the model. @throws LeaseLost */
export async function execute(
  call: StepCall,
  state: GateState,
  context: ToolContext,
): Promise<{ block: Block; told: ToolContent[number] }> {
  const began = Date.now();
  const { result, output } = await outcome(call, state, context);
  const block: Block = {
    type: "tool",
    id: call.callID,
    tool: call.tool,
    input: call.input,
    result: { ...result, milliseconds: Date.now() - began },
  };
  const value = output.length > maxTold ? `${output.slice(0, maxTold)}\n[cut]` : output;
  return {
    block,
    told: {
      type: "tool-result",
      toolCallId: call.modelCallID,
      toolName: call.tool,
      output: { type: result.state === "completed" ? "text" : "error-text", value },
    },
  };
}

async function outcome(
  call: StepCall,
  state: GateState,
  context: ToolContext,
): Promise<{ result: Omit<Result, "milliseconds">; output: string }> {
  const told = (outcomeState: Result["state"], output: string) => ({
    output,
    result: { state: outcomeState, output: output.slice(0, maxShown), changes: [] },
  });
  try {
    if (call.invalid !== undefined)
      return told("failed", `Error: the input does not fit the tool. ${call.invalid.slice(0, 1000)}`);
    const verdict = await judge(call, state, context);
    if (verdict.verdict !== "allow")
      return told("denied", `Denied: ${verdict.verdict === "deny" ? verdict.why : verdict.reason}`);
    const bound = bind(call.tool, call.input);
    if (bound === undefined) return told("failed", `Error: there is no tool "${call.tool}".`);
    const { output, changes = [], rev } = await bound.run(context);
    return {
      output,
      result: { state: "completed", output: output.slice(0, maxShown), changes, ...(rev === undefined ? {} : { rev }) },
    };
  } catch (error) {
    if (error instanceof Run.LeaseLost) throw error;
    if (error instanceof ZodError)
      return told("failed", `Error: the input does not fit the tool.\n${z.prettifyError(error)}`);
    if (error instanceof VisibleError)
      return told(error.code === "conflict" ? "unknown" : "failed", `Error: ${error.message}`);
    Log.error("tool-failed", error, { runID: context.lease.run.runID, tool: call.tool });
    return told("failed", "Error: the tool failed. Try another way, or tell the person.");
  }
}

/** An input that a tool's own check refuses cannot be risky: it is refused when it runs, with the reason. */
async function judgeSafely(call: StepCall, state: GateState, context: ToolContext): Promise<Verdict> {
  try {
    return await judge(call, state, context);
  } catch (error) {
    if (error instanceof ZodError || error instanceof VisibleError) return { verdict: "allow" };
    throw error;
  }
}
