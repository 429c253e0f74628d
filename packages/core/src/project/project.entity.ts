import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const ProjectEntity = new Entity(
  {
    model: { entity: "project", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      name: { type: "string", required: true },
      origin: { type: ["blank", "prompt", "github"] as const, required: true },
      kind: { type: ["project", "session"] as const, required: true },
      state: { type: ["ready", "importing", "failed"] as const, required: true },
      ownerID: { type: "string", required: true },
      settings: { type: "any", required: true },
      createdAt: { type: "number", required: true },
    },
    indexes: { byID: key(["projectID"], []) },
  },
  connection,
);

/** A removed project whose files are still to be purged. */
export const RemovedEntity = new Entity(
  {
    model: { entity: "removed", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      at: ordered,
      all: { type: "string", required: true, default: "all", readOnly: true },
    },
    indexes: { byID: key(["projectID"], []), byTime: indexKey("gsi1", ["all"], ["at"]) },
  },
  connection,
);
