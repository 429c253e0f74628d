import type { Message } from "@slipway/contract/conversation";
import * as Run from "@slipway/core/run/system";
import type { RunRecord } from "@slipway/core/run/system";
import type { ModelMessage, ToolContent } from "ai";
import { tellable } from "../history/tellable.ts";
import { callsOf } from "../turn/calls.ts";
import { loadTold, parseMessages } from "./transcript.ts";

/** All that a model was sent in a run that has ended, and said in it, after the run's opening. */
export async function sentBy(run: RunRecord, answer: Message): Promise<ModelMessage[]> {
  const [stored, steers] = await Promise.all([Run.steps(run.runID, run.openingStep), Run.steers(run.runID)]);
  const messages: ModelMessage[] = [];
  const last = stored.at(-1)?.step ?? run.openingStep ?? 0;
  const joined = async (belongs: (step: number) => boolean) => {
    for (const { step, hash } of steers)
      if (step !== undefined && hash !== undefined && belongs(step)) messages.push(await loadTold(run, hash));
  };
  for (const { step, said, results, progress } of stored) {
    await joined((at) => at === step);
    const answered = parseMessages(said);
    messages.push(...answered);
    if (results !== undefined) messages.push(...parseMessages(results));
    else messages.push(...closing(step, answered, { told: progress.told, answer }));
  }
  await joined((at) => at > last);
  const partial = unfinished(answer, last);
  if (partial !== "") messages.push({ role: "assistant", content: [{ type: "text", text: partial }] });
  return messages;
}

/** Answers to the calls of a step that was cut short: as far as they ran. */
function closing(
  step: number,
  said: readonly ModelMessage[],
  { told, answer }: { told: Run.StepProgress["told"]; answer: Message },
): ModelMessage[] {
  const shown = new Map(answer.blocks.flatMap((block) => (block.type === "tool" ? [[block.id, block.result]] : [])));
  const content = callsOf(step, said).map(({ callID, modelCallID, tool }): ToolContent[number] => {
    const result = shown.get(callID);
    const output =
      told[callID] ??
      (result && { output: result.told ?? result.output, failed: result.state !== "completed" }) ??
      notRun;
    return {
      type: "tool-result",
      toolCallId: modelCallID,
      toolName: tool,
      output: { type: output.failed ? "error-text" : "text", value: tellable(output.output) },
    };
  });
  return content.length === 0 ? [] : [{ role: "tool", content }];
}

const notRun = { output: "Not run: the run ended before.", failed: true };

/** What the model was saying in a step that it did not finish. */
function unfinished({ blocks }: Message, last: number): string {
  return blocks
    .flatMap((block) => (block.type === "text" && Number.parseInt(block.id) > last ? [block.text] : []))
    .join("")
    .trim();
}
