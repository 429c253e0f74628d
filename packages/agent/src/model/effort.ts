import type { Effort } from "@slipway/contract/model";
import type { ModelInfo } from "@slipway/core/registry";

/** What a model is asked to think: the effort that was chosen if it has it, else its default. */
export function effortOf({ efforts, defaultEffort }: ModelInfo, chosen: Effort | undefined): Effort | undefined {
  return chosen !== undefined && efforts.includes(chosen) ? chosen : defaultEffort;
}

/**
 * An effort in the SDK's terms. Claude from 4.7 on sends its thinking, and what it says between calls, only to those who
 * ask for a summary; with the other providers the same is asked in `connected.ts`.
 */
export function reasoningOf(effort: Effort) {
  return {
    reasoning: effort === "max" ? ("xhigh" as const) : effort,
    providerOptions: { amazonBedrock: { reasoningConfig: { display: "summarized" as const } } },
  };
}
