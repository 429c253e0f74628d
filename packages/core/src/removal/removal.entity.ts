import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/**
 * A removed project or conversation whose contents have not been purged yet, or a conversation that is removed unless it
 * exists by then.
 */
export const RemovedEntity = new Entity(
  {
    model: { entity: "removed", version: "2", service },
    attributes: {
      id: { type: "string", required: true },
      kind: { type: ["project", "conversation"] as const, required: true },
      at: ordered,
      all: { type: "string", required: true, default: "all", readOnly: true },
    },
    indexes: { byID: key(["id"], []), byTime: indexKey("gsi1", ["all"], ["at"]) },
  },
  connection,
);
