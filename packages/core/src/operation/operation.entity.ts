import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** A change of files that takes more than one commit. */
export const OperationEntity = new Entity(
  {
    model: { entity: "operation", version: "1", service },
    attributes: {
      operationID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      /** Who committed the changes: as in `file/writer.ts`. */
      writer: { type: "any", required: true },
      /** What to do: `plan.ts`. */
      request: { type: "any", required: true },
      /** The requester's conditions, as items of a transaction. Every commit must meet them. */
      guard: { type: "any", required: true },
      state: { type: ["running", "completed", "failed", "cancelled"] as const, required: true },
      done: { type: "number", required: true },
      total: { type: "number", required: true },
      /** The project's revision when it began, and after its last commit. */
      from: { type: "number", required: true },
      rev: { type: "number", required: true },
      kept: { type: "list", items: { type: "string" }, required: true },
      errorCode: { type: "string" },
      errorMessage: { type: "string" },
      /** How often it was started: names its execution. */
      round: { type: "number", required: true },
      createdAt: { type: "number", required: true },
      touchedAt: ordered,
      /** Only while it runs, so that the sweep's index holds nothing else. */
      open: { type: "string" },
      expires: { type: "number" },
    },
    indexes: {
      byID: key(["operationID"], []),
      byOpen: indexKey("gsi1", ["open"], ["touchedAt"]),
      byProject: indexKey("gsi2", ["projectID"], ["operationID"]),
    },
  },
  connection,
);
