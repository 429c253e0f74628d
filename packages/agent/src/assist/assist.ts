import { headOf, tailOf } from "@slipway/contract/cut";
import type { Completion, CompletionRequest, QuickEdit, QuickEditRequest } from "@slipway/contract/assist";
import { VisibleError } from "@slipway/contract/error";
import { create as createID } from "@slipway/core/id";
import * as Ledger from "@slipway/core/ledger/system";
import * as Log from "@slipway/core/log";
import { authorise, type Actor } from "@slipway/core/member";
import * as Models from "@slipway/core/model";
import * as ProjectStore from "@slipway/core/project/system";
import * as Usage from "@slipway/core/usage";
import { generateText } from "ai";
import { createFetcher } from "../fetch/fetch-text.ts";
import { provide, provideSmall, type Provided } from "../model/provider.ts";
import { price, tokensOf } from "../price/price.ts";
import { completeInstructions, editInstructions } from "./instructions.ts";

/** Help at the cursor: one model call each, metered in the ledger and apart from runs. */

const maxURLs = 3;
const maxPage = 20_000;

/** What might stand at the cursor. Empty rather than wrong: nobody asked for it. @throws VisibleError */
export async function complete(actor: Actor, request: CompletionRequest): Promise<Completion> {
  const { model } = await prepare(actor, request.projectId);
  const { path, before, after } = request;
  const prompt = `<file>${inTag(path)}</file>\n<before>${before}</before>\n<after>${after}</after>`;
  const text = await ask(actor, request.projectId, {
    model: await provideSmall(model, actor.userID),
    instructions: completeInstructions,
    prompt,
    // A model that thinks spends most of them on that.
    maxOutputTokens: 1000,
    milliseconds: 10_000,
  });
  return { text: withoutOverlap(unfenced(text ?? ""), before, after) };
}

/** What a selection becomes by an instruction. @throws VisibleError */
export async function quickEdit(actor: Actor, request: QuickEditRequest): Promise<QuickEdit> {
  const { model } = await prepare(actor, request.projectId);
  const { path, before, selection, after, instruction } = request;
  const { pages, unread } = await readPages(instruction);
  const prompt = [
    ...pages,
    `<file>${inTag(path)}</file>`,
    `<before>${tailOf(before, 6000)}</before>`,
    `<after>${headOf(after, 6000)}</after>`,
    `<selection>${selection}</selection>`,
    `<instruction>${instruction}</instruction>`,
  ].join("\n");
  const text = await ask(actor, request.projectId, {
    model,
    instructions: editInstructions,
    prompt,
    maxOutputTokens: 16_000,
    milliseconds: 50_000,
  });
  if (text === undefined)
    throw new VisibleError("model_failed", "The model's answer was cut off. Select less, or ask for less.");
  return { text: asSelection(unfenced(text), selection), unread };
}

async function prepare(actor: Actor, projectID: string): Promise<{ model: Provided }> {
  const [, settings] = await Promise.all([
    authorise(actor, "write", projectID),
    ProjectStore.settings(projectID),
    Usage.requireAssist(actor.userID),
  ]);
  const choice = await Models.choose(actor, {}, settings.model);
  const model = await provide(choice.model, actor.userID);
  if (model === undefined) throw new VisibleError("model_failed", "The project's model is gone. Choose another one.");
  return { model };
}

/** Undefined when the answer is not whole. @throws VisibleError model_failed */
async function ask(
  actor: Actor,
  projectID: string,
  call: {
    model: Provided;
    instructions: string;
    prompt: string;
    maxOutputTokens: number;
    milliseconds: number;
  },
): Promise<string | undefined> {
  const { model, instructions, prompt, maxOutputTokens, milliseconds } = call;
  try {
    const { text, usage, finishReason, reasoningText } = await generateText({
      model: model.model,
      instructions,
      prompt,
      maxOutputTokens,
      maxRetries: 0,
      abortSignal: AbortSignal.timeout(milliseconds),
    });
    const tokens = tokensOf(usage);
    await Ledger.record(
      {
        runID: createID("assist"),
        call: "assist",
        userID: actor.userID,
        projectID,
        model: model.info.id,
        inputTokens: tokens.input,
        outputTokens: tokens.output,
        cacheReadTokens: tokens.cacheRead,
        cacheWriteTokens: tokens.cacheWrite + (tokens.cacheWriteHour ?? 0),
        ...price(model, tokens),
        ...(model.paidBy === "person" ? { isOwnKey: true } : {}),
      },
      1,
    );
    // Half an answer, or thinking alone, must not take the place of anything.
    const isHalf = finishReason === "length" || (text.trim() === "" && (reasoningText ?? "") !== "");
    return isHalf ? undefined : text;
  } catch (error) {
    Log.warn("assist-failed", { projectID, error: error instanceof Error ? error.name : "unknown" });
    throw new VisibleError("model_failed", "The model did not answer. Try again in a moment.", {}, error);
  }
}

/** Public pages that an instruction names. */
async function readPages(instruction: string): Promise<{ pages: string[]; unread: string[] }> {
  const urls = [...instruction.matchAll(/https?:\/\/[^\s"'<>)\]]+/g)].map(([url]) => url).slice(0, maxURLs);
  const pages: string[] = [];
  const unread: string[] = [];
  if (urls.length === 0) return { pages, unread };
  const fetchText = createFetcher();
  await Promise.all(
    urls.map(async (url) => {
      try {
        const text = await fetchText(url, AbortSignal.timeout(10_000));
        pages.push(`<page url="${url}">${headOf(text, maxPage)}</page>`);
      } catch (error) {
        unread.push(`${url}: ${error instanceof VisibleError ? error.message : "it could not be read."}`);
      }
    }),
  );
  return { pages, unread };
}

/** A path cannot end its tag. */
function inTag(path: string): string {
  return path.replace(/[<>]|\p{Cf}/gu, "_");
}

/** Models fence what they write, whatever they are told. */
function unfenced(text: string): string {
  return /^\s*```[^\n]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text;
}

/** Without what stands before or after the cursor already. */
function withoutOverlap(text: string, before: string, after: string): string {
  const line = before.slice(before.lastIndexOf("\n") + 1);
  let rest = line.trim() !== "" && text.startsWith(line) ? text.slice(line.length) : text;
  for (let size = Math.min(rest.length, after.length); size > 0; size--) {
    if (after.startsWith(rest.slice(-size)) && rest.slice(-size).trim() !== "") {
      rest = rest.slice(0, -size);
      break;
    }
  }
  return rest.trim() === "" ? "" : rest;
}

/** Ends as the selection ended, so that no line is joined or split. */
function asSelection(text: string, selection: string): string {
  const ending = /\n*$/.exec(selection)?.[0] ?? "";
  return text.replace(/\n*$/, "") + ending;
}
