import { z } from "zod";

/** Characters of a message. */
export const maxPromptLength = 100_000;

export const Prompt = z.string().trim().min(1).max(maxPromptLength);
