import { Entity } from "electrodb";
import { indexKey, key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const LedgerEntity = new Entity(
  {
    model: { entity: "ledger", version: "1", service },
    attributes: {
      runID: { type: "string", required: true },
      /** Which call of the run: a step and its attempt, or "title". */
      call: { type: "string", required: true },
      userID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      month: { type: "string", required: true },
      model: { type: "string", required: true },
      inputTokens: { type: "number", required: true },
      outputTokens: { type: "number", required: true },
      cacheReadTokens: { type: "number", required: true },
      cacheWriteTokens: { type: "number", required: true },
      dollars: { type: "number", required: true },
      /** A person's own key paid for it, so it cost the team nothing. */
      isOwnKey: { type: "boolean" },
      /** The call was cut off before the provider said what it took. */
      estimated: { type: "boolean" },
      /** Date of the price table. */
      priced: { type: "string", required: true },
      at: { type: "number", required: true },
    },
    indexes: {
      byRun: key(["runID"], ["call"]),
      byUser: indexKey("gsi1", ["userID", "month"], ["runID", "call"]),
      byProject: indexKey("gsi2", ["projectID", "month"], ["runID", "call"]),
    },
  },
  connection,
);
