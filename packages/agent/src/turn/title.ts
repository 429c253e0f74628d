import * as Conversation from "@slipway/core/conversation";
import * as Ledger from "@slipway/core/ledger";
import * as Log from "@slipway/core/log";
import type { RunRecord } from "@slipway/core/run";
import { generateText } from "ai";
import { smallModel } from "../model/model.ts";
import { resolve } from "../model/provider.ts";
import { price } from "../price/price.ts";
import { titleInstructions } from "../prompt/prompt.ts";

/** Gives a conversation its title from its first message. A title that fails is none; the run does not mind. */
export async function suggestTitle(run: RunRecord, signal: AbortSignal): Promise<void> {
  try {
    const model = smallModel(run.model);
    const { text, usage } = await generateText({
      model: resolve(model),
      instructions: titleInstructions,
      prompt: run.prompt.slice(0, 4000),
      maxOutputTokens: 200,
      maxRetries: 1,
      abortSignal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    const title = text
      .replace(/^["'\s]+|["'.\s]+$/g, "")
      .split("\n")[0]
      ?.slice(0, 80);
    const tokens = {
      input: usage.inputTokenDetails.noCacheTokens ?? usage.inputTokens ?? 0,
      output: usage.outputTokens ?? 0,
      cacheRead: usage.inputTokenDetails.cacheReadTokens ?? 0,
      cacheWrite: usage.inputTokenDetails.cacheWriteTokens ?? 0,
    };
    await Ledger.record({
      runID: run.runID,
      call: "title",
      userID: run.userID,
      projectID: run.projectID,
      model,
      inputTokens: tokens.input,
      outputTokens: tokens.output,
      cacheReadTokens: tokens.cacheRead,
      cacheWriteTokens: tokens.cacheWrite,
      ...price(model, tokens),
    });
    if (title) await Conversation.suggestTitle(run.conversationID, title);
  } catch (error) {
    if (!signal.aborted)
      Log.warn("title-failed", { runID: run.runID, error: error instanceof Error ? error.name : "unknown" });
  }
}
