import { z } from "zod";

/** A model as a provider lists it. */
export const Listed = z.object({
  name: z.string(),
  listedAs: z.string().optional(),
  contextWindow: z.int().positive().optional(),
  maxOutput: z.int().positive().optional(),
  images: z.boolean().optional(),
  thinks: z.boolean().optional(),
  prices: z
    .object({
      input: z.number(),
      output: z.number(),
      cacheRead: z.number(),
      cacheWrite: z.number(),
      cacheWriteHour: z.number(),
    })
    .optional(),
});
export type Listed = z.infer<typeof Listed>;

const Stored = z.array(Listed);

export function parseListed(json: string): Listed[] {
  return Stored.parse(JSON.parse(json));
}
