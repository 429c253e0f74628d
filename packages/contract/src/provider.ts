import { z } from "zod";
import { Time } from "./id.ts";

/** A provider of models that is reached with a key of the team's, or of a person's own. */
export const KeyProvider = z
  .enum(["anthropic", "openai", "google", "openrouter", "compatible"])
  .meta({ id: "KeyProvider", description: "`compatible` is any other endpoint that speaks OpenAI's API." });
export type KeyProvider = z.infer<typeof KeyProvider>;

/** A stored key. The key itself is never sent back. */
export const ProviderKey = z
  .object({
    provider: KeyProvider,
    ending: z
      .string()
      .meta({ description: "The key's last four characters; empty without a key, or for a short one." }),
    baseUrl: z.string().optional().meta({ description: "Where the provider is reached, if not at its own address." }),
    models: z.int().meta({ description: "How many models it offers." }),
    setAt: Time,
    setBy: z.string().optional().meta({ description: "The name of the admin who entered the team's key." }),
    checkedAt: Time,
  })
  .meta({ id: "ProviderKey" });
export type ProviderKey = z.infer<typeof ProviderKey>;

export const ProviderKeys = z.object({ keys: z.array(ProviderKey) });

/** A key as it is entered. Only an endpoint that is not one of the known providers may have none. */
export const NewProviderKey = z.object({
  key: z
    .string()
    .trim()
    .max(1000)
    .regex(/^[\x21-\x7e]*$/, "must be one word of letters, digits and signs"),
  baseUrl: z.string().trim().max(500).optional(),
});
export type NewProviderKey = z.infer<typeof NewProviderKey>;
