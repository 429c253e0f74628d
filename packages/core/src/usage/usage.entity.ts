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
      used: { type: "number" },
      /** Completions and quick edits: they take no runs. */
      assists: { type: "number" },
      /** Of every model call of the month, by the ledger. */
      dollars: { type: "number" },
    },
    indexes: { byMonth: key(["userID"], ["month"]) },
  },
  connection,
);

/** What an admin has set the plans to; one row at most. */
export const LimitsEntity = new Entity(
  {
    model: { entity: "limits", version: "1", service },
    attributes: {
      all: { type: "string", required: true },
      /** Absent: as the deployment's configuration has it. */
      free: { type: "number" },
      pro: { type: "number" },
    },
    indexes: { byAll: key(["all"], []) },
  },
  connection,
);
