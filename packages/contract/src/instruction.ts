import { z } from "zod";

/** What a person, or the team, tells the agent in every conversation. */
export const Instructions = z
  .object({ text: z.string().max(8000).meta({ description: "Empty for none." }) })
  .meta({ id: "Instructions" });
export type Instructions = z.infer<typeof Instructions>;
