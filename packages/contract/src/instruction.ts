import { z } from "zod";

export const maxInstructionsLength = 8000;

/** What a person, or the team, tells the agent in every conversation. */
export const Instructions = z
  .object({ text: z.string().max(maxInstructionsLength).meta({ description: "Empty for none." }) })
  .meta({ id: "Instructions" });
export type Instructions = z.infer<typeof Instructions>;
