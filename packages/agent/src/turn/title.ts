import { headOf } from "@slipway/contract/cut";
import * as Conversation from "@slipway/core/conversation/system";
import * as Log from "@slipway/core/log";
import * as Message from "@slipway/core/message/system";
import * as Project from "@slipway/core/project";
import * as ProjectStore from "@slipway/core/project/system";
import type { Lease } from "@slipway/core/run/system";
import { generateText } from "ai";
import { provideSmall } from "../model/provider.ts";
import { tokensOf } from "../price/price.ts";
import { titleInstructions } from "../prompt/prompt.ts";
import { providedFor } from "./provided.ts";
import { recordCall } from "./record-call.ts";

/**
 * Gives a conversation its title from its first message, and the project its name if it has none of its own. A failure
 * leaves both as they are and does not affect the run.
 */
export async function suggestTitle(lease: Lease, signal: AbortSignal): Promise<void> {
  const { run } = lease;
  try {
    const small = await provideSmall(await providedFor(lease), run.userID);
    const message = await Message.textOf(run.conversationID, run.userMessageID);
    // What a plan is of says what the conversation is about.
    const asked = message.replace(/^\/plan\s+/i, "");
    const { text, usage } = await generateText({
      model: small.model,
      instructions: titleInstructions,
      prompt: headOf(asked, 4000),
      // A model that thinks spends most of them on that.
      maxOutputTokens: 2000,
      maxRetries: 1,
      abortSignal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
    });
    const title = titleFrom(text);
    await recordCall(run, "title", tokensOf(usage), small);
    if (title === "") return;
    await Conversation.suggestTitle(run.conversationID, title, [lease.guardItem()]);
    if (await ProjectStore.suggestName(run.projectID, { title, asked }, [lease.guardItem()]))
      await Project.announce({ userID: run.userID }, run.projectID);
  } catch (error) {
    if (!signal.aborted)
      Log.warn("title-failed", { runID: run.runID, error: error instanceof Error ? error.name : "unknown" });
  }
}

/** The first line that says something, without what models put around a title. */
export function titleFrom(answer: string): string {
  const lines = answer.split("\n").map((line) =>
    line
      .replace(/^\s*(?:#+\s*|title:\s*)*/i, "")
      .replace(/^["'“„«*_`\s]+|["'”“»*_`.\s]+$/g, "")
      .trim(),
  );
  return headOf(lines.find((line) => line !== "") ?? "", 80);
}
