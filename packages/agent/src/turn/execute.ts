import { VisibleError } from "@slipway/contract/error";
import type { Block } from "@slipway/contract/run";
import { now } from "@slipway/core/clock";
import * as File from "@slipway/core/file";
import * as Log from "@slipway/core/log";
import * as Run from "@slipway/core/run/system";
import { ZodError, z } from "zod";
import { beginningOf, cutTo, tellable } from "../history/tellable.ts";
import { boundChanges } from "../tool/bound-changes.ts";
import { hintOf } from "../tool/closest-paths.ts";
import { ToolFailure, type ToolContext, type ToolOutcome } from "../tool/tool.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { judge, type Call, type GateState } from "./gate.ts";
import type { Refusal } from "./limits.ts";

/** One tool call, from the gate to its result. */

export interface StepCall extends Call {
  /** The model's own id of the call, for its result message. */
  modelCallID: string;
  /** Why it cannot run; undefined when it can. */
  refused: Refusal | undefined;
}

type Result = NonNullable<Extract<Block, { type: "tool" }>["result"]>;
type Pending = Run.StepProgress["pending"][string];

export type Executed =
  | { kind: "done"; block: Block; told: Run.StepProgress["told"][string] }
  | { kind: "pending"; pending: Pending; pollAfterSeconds: number };

/** Characters of an output that its card shows, and that the model is told. What is longer is kept, and read in parts. */
const maxShown = 4000;
const maxTold = 60_000;

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
  const { state, output, rev, command, file } = outcome;
  const told = tellable(outcome.told ?? output);
  const changes = boundChanges(outcome.changes ?? []);
  const block: Block = {
    type: "tool",
    id: call.callID,
    tool: call.tool,
    title: tools.titleOf(call.tool),
    input: call.input,
    result: {
      state,
      output: cutTo(output, maxShown),
      ...(outcome.told === undefined ? {} : { told: cutTo(told, maxShown) }),
      changes,
      milliseconds: now() - since,
      ...(command === undefined ? {} : { command }),
      ...(rev === undefined ? {} : { rev }),
    },
  };
  const shown = file === undefined ? {} : { file };
  const whole = told.length > maxTold ? beginningOf(told, maxTold, await options.context.outputs.keep(told)) : told;
  const answer = { output: whole, failed: state !== "completed", ...shown };
  return { kind: "done", block, told: answer };
}

interface Finished extends Pick<Result, "state" | "output" | "told" | "command" | "rev"> {
  changes?: Result["changes"];
  file?: Run.StepFile;
}

async function run(
  call: StepCall,
  { tools, gate, context, pending }: Parameters<typeof execute>[1],
): Promise<Finished | Extract<ToolOutcome, { pending: unknown }>> {
  try {
    if (call.refused !== undefined) return failed(call.refused);
    const bound = tools.bind(call.tool, call.input);
    if (bound === undefined)
      return failed({
        shown: "The model called a tool that does not exist.",
        told: `Error: there is no tool "${call.tool}".`,
      });
    if (pending === undefined) {
      const verdict = await judge(call, { tools, gate, context });
      if (verdict.verdict === "ask")
        return failed({ shown: "Not approved.", told: `Denied: ${verdict.reason}` }, "denied");
      if (verdict.verdict === "deny") return failed(verdict, "denied");
    }
    const outcome = pending === undefined ? await bound.run(context) : await bound.resume(pending.handle, context);
    return "pending" in outcome ? outcome : { state: "completed", ...outcome };
  } catch (error) {
    if (error instanceof Run.LeaseLost) throw error;
    if (error instanceof ZodError)
      return failed({
        shown: "The model called the tool in a way that it does not allow.",
        told: `Error: the input does not fit the tool.\n${z.prettifyError(error)}`,
      });
    if (error instanceof VisibleError) {
      const told = `Error: ${error instanceof ToolFailure ? error.told : error.message}`;
      const hint = await pathHint(error, context);
      return failed({ shown: error.message, told: told + hint }, error.code === "conflict" ? "unknown" : "failed");
    }
    Log.error("tool-failed", error, { tool: call.tool });
    return failed({
      shown: "The tool failed on our side.",
      told: "Error: the tool failed. Try another way, or tell the person.",
    });
  }
}

/** Which paths a tool may have meant that found nothing at one. */
async function pathHint({ code, details }: VisibleError, { actor, projectID }: ToolContext): Promise<string> {
  if (code !== "not_found" || typeof details.path !== "string") return "";
  const { files } = await File.list(actor, projectID);
  return hintOf(
    details.path,
    files.map(({ path }) => path),
  );
}

function failed({ shown, told }: Refusal, state: Result["state"] = "failed"): Finished {
  return { state, output: shown, told };
}
