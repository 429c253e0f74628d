import { z } from "zod";

/** How much a model thinks before it answers. Each provider's own levels are mapped to these. */
export const Effort = z.enum(["low", "medium", "high", "max"]).meta({ id: "Effort" });
export type Effort = z.infer<typeof Effort>;

export const ModelProvider = z
  .enum(["bedrock", "anthropic", "openai", "google", "openrouter", "compatible"])
  .meta({ id: "ModelProvider", description: "`bedrock` needs nobody's key." });
export type ModelProvider = z.infer<typeof ModelProvider>;

/** A model that a person can choose for a message. What is not known of it is absent. */
export const Model = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    isDefault: z.boolean(),
    provider: ModelProvider,
    contextWindow: z.int().meta({ description: "Tokens." }),
    seesImages: z.boolean().optional(),
    efforts: z.array(Effort).meta({ description: "Those that can be asked for. Empty: the model decides." }),
    defaultEffort: Effort.optional(),
    priceClass: z.enum(["free", "low", "medium", "high"]).optional().meta({
      description: "By the price of what it writes: below 3, below 15, and from 15 dollars per million tokens.",
    }),
  })
  .meta({ id: "Model" });
export type Model = z.infer<typeof Model>;
