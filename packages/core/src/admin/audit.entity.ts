import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** An admin's change, written in its transaction. Ids sort by time. */
export const AuditEntity = new Entity(
  {
    model: { entity: "audit", version: "1", service },
    attributes: {
      all: { type: "string", required: true, default: "all", readOnly: true },
      auditID: { type: "string", required: true },
      at: { type: "number", required: true },
      by: { type: "string", required: true },
      byName: { type: "string", required: true },
      action: { type: "string", required: true },
      subject: { type: "string", required: true },
      before: { type: "string", required: true },
      after: { type: "string", required: true },
    },
    indexes: { byTime: key(["all"], ["auditID"]) },
  },
  connection,
);
