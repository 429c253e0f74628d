import { VisibleError } from "@slipway/contract/error";
import * as Run from "@slipway/core/run/system";
import type { Lease } from "@slipway/core/run/system";
import type { ModelMessage, ToolCallPart, ToolContent } from "ai";
import { effortOf } from "../model/effort.ts";
import { modelStep } from "../model/model-step.ts";
import { exploreInstructions, instructions } from "../prompt/prompt.ts";
import type { ToolContext, ToolResult } from "../tool/tool.ts";
import { createToolbox } from "../tool/toolbox.ts";
import { listFiles, readFile, searchFiles } from "../tool/read-tools.ts";
import { expectedTokens, inputBudget, lengthOfRequest, outputBudget } from "../transcript/budget.ts";
import { cutTo } from "../history/tellable.ts";
import { providedFor } from "./provided.ts";
import { spend } from "./spend.ts";

/**
 * A subagent: the run's own model with a context of its own and tools that only read. A crash repeats it, which costs its
 * calls again and changes nothing.
 */

const maxSteps = 25;
/** Characters of one result. */
const maxResult = 30_000;
const tools = createToolbox([listFiles, readFile, searchFiles]);

/** @throws VisibleError unavailable; LeaseLost */
export async function explore(
  lease: Lease,
  { question, context }: { question: string; context: ToolContext },
  options: { signal: AbortSignal; milliseconds(): number },
): Promise<ToolResult> {
  const provided = await providedFor(lease);
  const { info } = provided;
  const system = instructions([exploreInstructions]);
  const messages: ModelMessage[] = [{ role: "user", content: question }];
  const done: string[] = [];
  let answer = "";
  for (let step = 1; step <= maxSteps; step++) {
    const length = await lengthOfRequest({ system, tools: tools.definitions, messages });
    const mustEnd =
      step === maxSteps || expectedTokens(length, lease.run) > inputBudget(info) || options.milliseconds() < 60_000;
    if (mustEnd) messages.push({ role: "user", content: "Answer now, with what you have found." });
    const outcome = await modelStep({
      model: provided.model,
      // A conversation that holds calls is refused without tools.
      tools: tools.definitions,
      instructions: system,
      messages,
      effort: effortOf(info, lease.run.effort),
      caches: info.caching?.kind === "points",
      maxOutputTokens: Math.min(8000, outputBudget(info)),
      signal: options.signal,
      milliseconds: Math.max(1000, options.milliseconds()),
      callID: (position) => `explore-${step}-${position}`,
      onPart: () => undefined,
    });
    await spend(lease, { call: `${context.callID}.${step}`, tokens: outcome.tokens, provided });
    if (outcome.kind === "aborted") throw new Run.LeaseLost();
    if (outcome.kind !== "said") throw new VisibleError("unavailable", "The model did not answer the question.");
    messages.push(...outcome.messages);
    const { text, calls } = partsOf(outcome.messages);
    if (text !== "") answer = text;
    if (calls.length === 0 || mustEnd) break;
    context.report(`${done.length + calls.length} steps`);
    messages.push({ role: "tool", content: await Promise.all(calls.map((call) => answered(call, context))) });
    done.push(...calls.map(inShort));
  }
  if (answer === "") throw new VisibleError("unavailable", "The model did not answer the question.");
  return { output: [...done, "", answer].join("\n").trim(), told: answer };
}

function partsOf(messages: readonly ModelMessage[]): { text: string; calls: ToolCallPart[] } {
  const parts = messages.flatMap(({ role, content }) =>
    role !== "assistant" || typeof content === "string" ? [] : content,
  );
  return {
    text: parts
      .flatMap((part) => (part.type === "text" ? [part.text] : []))
      .join("\n")
      .trim(),
    calls: parts.filter((part) => part.type === "tool-call"),
  };
}

async function answered(
  { toolCallId, toolName, input }: ToolCallPart,
  context: ToolContext,
): Promise<ToolContent[number]> {
  const { told, failed } = await run(toolName, input, context);
  const value = cutTo(told === "" ? "(nothing)" : told, maxResult);
  return { type: "tool-result", toolCallId, toolName, output: { type: failed ? "error-text" : "text", value } };
}

async function run(name: string, input: unknown, context: ToolContext): Promise<{ told: string; failed: boolean }> {
  try {
    const bound = tools.bind(name, input);
    if (bound === undefined) return { told: `Error: there is no tool "${name}".`, failed: true };
    // Nobody can be asked here.
    if ((await bound.risk(context)) !== undefined)
      return { told: "Denied: this may hold secrets, so it cannot be read here.", failed: true };
    const show = () => Promise.resolve("This file cannot be seen here.");
    const outcome = await bound.run({ ...context, show });
    if ("pending" in outcome) return { told: "Error: not possible here.", failed: true };
    return { told: outcome.told ?? outcome.output, failed: false };
  } catch (error) {
    if (error instanceof Run.LeaseLost) throw error;
    return {
      told: `Error: ${error instanceof VisibleError ? error.message : "the input does not fit the tool."}`,
      failed: true,
    };
  }
}

function inShort({ toolName, input }: ToolCallPart): string {
  const fields = typeof input === "object" && input !== null ? Object.values(input) : [];
  const about = fields.find((field) => typeof field === "string") ?? "";
  return `${tools.titleOf(toolName)} ${cutTo(about, 100)}`.trim();
}
