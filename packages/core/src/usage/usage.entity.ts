import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const UsageEntity = new Entity(
  {
    model: { entity: "usage", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      /** UTC, as 2026-11. */
      month: { type: "string", required: true },
      used: { type: "number", required: true },
    },
    indexes: { byMonth: key(["userID"], ["month"]) },
  },
  connection,
);
