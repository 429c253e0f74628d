import type { Block } from "@slipway/contract/run";
import { z } from "zod";

/** What a conversation keeps word for word, however often it is shortened. */
export const Memory = z.object({
  /** The person's own words, oldest first. */
  said: z.array(z.string()),
  /** What they did not allow. */
  refused: z.array(z.string()),
  /** Paths that the agent changed. */
  changed: z.array(z.string()),
  /** The list of what is to be done, as its tool shows it. */
  todo: z.string().default(""),
});
export type Memory = z.infer<typeof Memory>;

export const emptyMemory: Memory = { said: [], refused: [], changed: [], todo: "" };

export function changedIn(blocks: readonly Block[]): string[] {
  return blocks.flatMap((block) =>
    block.type === "tool" ? (block.result?.changes.map(({ path }) => path) ?? []) : [],
  );
}
