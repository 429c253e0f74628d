import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** When a project's history and superseded contents are next collected. */
export const RetentionEntity = new Entity(
  {
    model: { entity: "retention", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      dueAt: ordered,
      all: { type: "string", required: true, default: "all", readOnly: true },
    },
    indexes: { byID: key(["projectID"], []), byDue: indexKey("gsi1", ["all"], ["dueAt"]) },
  },
  connection,
);
