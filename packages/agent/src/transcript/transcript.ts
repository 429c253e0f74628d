import type { NewRunEvent } from "@slipway/contract/run";
import * as Run from "@slipway/core/run/system";
import type { Lease, RunRecord } from "@slipway/core/run/system";
import { modelMessageSchema, type ModelMessage, type SystemModelMessage, type ToolSet } from "ai";
import { z } from "zod";
import { instructions } from "../prompt/prompt.ts";
import type { Toolbox } from "../tool/toolbox.ts";
import { FrozenTool, freeze, thaw } from "./frozen-tools.ts";
import { Memory } from "./memory.ts";

/**
 * What a model is sent. It only grows: a provider's cache and the signatures of thinking are for exactly what stood before
 * them. So the system text, the tools and all that was told at a run's start are kept as they were rendered, and whatever
 * is learned later is appended. Compaction alone begins it anew.
 */
export interface Transcript {
  system: SystemModelMessage[];
  tools: ToolSet;
  /** Grows with the run. */
  messages: ModelMessage[];
  /** Where in them the run's own message is. */
  asked: number;
  /** What it was begun with. */
  opening: Opening;
  /** Files of its messages, by key. */
  loaded: Map<string, Promise<Uint8Array>>;
}

/** What a run's steps follow: the whole conversation before them. */
export const Opening = z.object({
  system: z.array(z.string()),
  tools: z.array(FrozenTool),
  messages: z.array(modelMessageSchema),
  asked: z.int(),
  /** Runs whose words are in it. */
  runs: z.array(z.string()),
  /** Reverts that it tells of, by their hash, and the project's settings that it tells of. */
  rejections: z.array(z.string()),
  settings: z.string(),
  /** Models that have refused its images. */
  sightless: z.array(z.string()),
  memory: Memory,
  /** The run only plans. */
  isPlan: z.boolean().default(false),
  /** The run is to shorten the conversation, and nothing else; what to keep above all. */
  compact: z.string().optional(),
});
export type Opening = z.infer<typeof Opening>;

/** The opening that a run has stored. @throws Error when S3 does not hold it */
export async function loadOpening(runID: string, hash: string): Promise<Opening> {
  return Opening.parse(await Run.loadJSON(runID, hash));
}

/** Makes the opening the run's own, in the place of all steps up to `step`. @throws LeaseLost */
export async function keepOpening(
  lease: Lease,
  opening: Opening,
  { step, events = [], compactions }: { step: number; events?: readonly NewRunEvent[]; compactions?: number },
): Promise<void> {
  const openingHash = await Run.storeJSON(lease.run.runID, opening);
  const set = { openingHash, openingStep: step, ...(compactions === undefined ? {} : { compactions }) };
  await lease.append(events, { set });
}

export function transcriptOf(opening: Opening): Transcript {
  return {
    system: instructions(opening.system),
    tools: thaw(opening.tools),
    messages: [...opening.messages],
    asked: opening.asked,
    opening,
    loaded: new Map(),
  };
}

/** The head of a conversation as it would be begun now. */
export async function newHead(system: readonly string[], tools: Toolbox): Promise<Pick<Opening, "system" | "tools">> {
  return { system: [...system], tools: await freeze(tools.definitions) };
}

/** Messages of a run as they were stored. */
export function parseMessages(stored: readonly unknown[]): ModelMessage[] {
  return z.array(modelMessageSchema).parse(stored);
}

/** A message as it was told when it joined the run. */
export async function loadTold(run: Pick<RunRecord, "runID">, hash: string): Promise<ModelMessage> {
  return modelMessageSchema.parse(await Run.loadJSON(run.runID, hash));
}
