import { createSignal } from "solid-js";
import { z } from "zod";
import { Effort } from "@slipway/contract/model";
import { readStored, writeStored } from "./stored.ts";

/** What answers the next messages of a project. Without a model it is the project's own. */
const Choice = z.object({
  model: z.string().optional(),
  effort: Effort.optional(),
  /** For the button that shows it, before the models are read. */
  label: z.string().optional(),
});
export type ModelChoice = z.infer<typeof Choice>;

/** Remembered per project in this browser. */
export function createModelChoice(projectID: string) {
  const key = `model ${projectID}`;
  const [choice, set] = createSignal<ModelChoice>(readStored(key, Choice) ?? {});
  return [choice, (next: ModelChoice) => writeStored(key, set(next))] as const;
}
