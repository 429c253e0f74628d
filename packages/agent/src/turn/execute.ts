import { VisibleError } from "@slipway/contract/error";
import type { Block } from "@slipway/contract/run";
import { now } from "@slipway/core/clock";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import { ZodError, z } from "zod";
import { boundChanges } from "../tool/bound-changes.ts";
import type { ToolContext, ToolOutcome } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { judge, type Call, type GateState } from "./gate.ts";

/** One tool call, from the gate to its result. */

export interface StepCall extends Call {
  /** The model's own id of the call, for its result message. */
  modelCallID: string;
  /** Why it cannot run; undefined when it can. */
  refused: string | undefined;
}

type Result = NonNullable<Extract<Block, { type: "tool" }>["result"]>;
type Pending = Run.StepProgress["pending"][string];

export type Executed =
  | { kind: "done"; block: Block; told: { output: string; failed: boolean } }
  | { kind: "pending"; pending: Pending; pollAfterSeconds: number };

/** Characters of an output that its card shows, and that the model is told. */
const maxShown = 4000;
const maxTold = 100_000;

/** Runs the call, or asks again about one that is pending. @throws LeaseLost */
export async function execute(
  call: StepCall,
  options: { tools: Toolbox; gate: GateState; context: ToolContext; pending: Pending | undefined },
): Promise<Executed> {
  const { tools, pending } = options;
  const since = pending?.since ?? now();
  const outcome = await run(call, options);
  if ("pending" in outcome) {
    const { handle, pollAfterSeconds } = outcome.pending;
    return { kind: "pending", pending: { handle, since }, pollAfterSeconds };
  }
  const { state, output, rev } = outcome;
  const changes = boundChanges(outcome.changes ?? []);
  const block: Block = {
    type: "tool",
    id: call.callID,
    tool: call.tool,
    title: tools.titleOf(call.tool),
    input: call.input,
    result: {
      state,
      output: output.slice(0, maxShown),
      changes,
      milliseconds: now() - since,
      ...(rev === undefined ? {} : { rev }),
    },
  };
  const told = output.length > maxTold ? `${output.slice(0, maxTold)}\n[cut]` : output;
  return { kind: "done", block, told: { output: told, failed: state !== "completed" } };
}

type Finished = Pick<Result, "state" | "output" | "rev"> & { changes?: Result["changes"] };

async function run(
  call: StepCall,
  { tools, gate, context, pending }: Parameters<typeof execute>[1],
): Promise<Finished | Extract<ToolOutcome, { pending: unknown }>> {
  const failed = (output: string, state: Result["state"] = "failed") => ({ state, output });
  try {
    if (call.refused !== undefined) return failed(`Error: ${call.refused}`);
    const bound = tools.bind(call.tool, call.input);
    if (bound === undefined) return failed(`Error: there is no tool "${call.tool}".`);
    if (pending === undefined) {
      const verdict = await judge(call, { tools, gate, context });
      if (verdict.verdict !== "allow")
        return failed(`Denied: ${verdict.verdict === "deny" ? verdict.why : verdict.reason}`, "denied");
    }
    const outcome = pending === undefined ? await bound.run(context) : await bound.resume(pending.handle, context);
    return "pending" in outcome ? outcome : { state: "completed", ...outcome };
  } catch (error) {
    if (error instanceof Run.LeaseLost) throw error;
    if (error instanceof ZodError) return failed(`Error: the input does not fit the tool.\n${z.prettifyError(error)}`);
    if (error instanceof VisibleError)
      return failed(`Error: ${error.message}`, error.code === "conflict" ? "unknown" : "failed");
    Log.error("tool-failed", error, { tool: call.tool });
    return failed("Error: the tool failed. Try another way, or tell the person.");
  }
}
