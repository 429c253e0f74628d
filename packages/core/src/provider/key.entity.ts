import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** A key for a provider of models, encrypted, with the models that it reaches. */
export const ProviderKeyEntity = new Entity(
  {
    model: { entity: "provider-key", version: "1", service },
    attributes: {
      /** A person's id, or `team`. */
      owner: { type: "string", required: true },
      provider: { type: ["anthropic", "openai", "google", "openrouter", "compatible"] as const, required: true },
      sealed: { type: "string", required: true },
      /** Its last four characters. */
      ending: { type: "string", required: true },
      baseURL: { type: "string" },
      /** JSON of what the provider listed. */
      models: { type: "string", required: true },
      setAt: { type: "number", required: true },
      /** The name of the admin who entered the team's. */
      setBy: { type: "string" },
      checkedAt: { type: "number", required: true },
    },
    indexes: { byOwner: key(["owner"], ["provider"]) },
  },
  connection,
);
