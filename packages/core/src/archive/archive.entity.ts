import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const ArchiveEntity = new Entity(
  {
    model: { entity: "archive", version: "1", service },
    attributes: {
      archiveID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      userID: { type: "string", required: true },
      state: { type: ["making", "ready", "failed"] as const, required: true },
      done: { type: "number", required: true },
      files: { type: "number", required: true },
      size: { type: "number" },
      createdAt: { type: "number", required: true },
      /** Only while it is made, so that the sweep's index holds nothing else. */
      open: { type: "string" },
      touchedAt: ordered,
      expires: { type: "number", required: true },
    },
    indexes: {
      byID: key(["archiveID"], []),
      byOpen: indexKey("gsi1", ["open"], ["touchedAt"]),
      byProject: indexKey("gsi2", ["projectID"], ["archiveID"]),
    },
  },
  connection,
);
