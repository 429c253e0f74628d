import { Entity } from "electrodb";
import { key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** What a person has accepted of a run's change to a file: the content that the rest is now compared with. */
export const ReviewEntity = new Entity(
  {
    model: { entity: "review", version: "1", service },
    attributes: {
      runID: { type: "string", required: true },
      path: { type: "string", required: true },
      /** A version in the content store; absent when the file is to be absent. */
      base: { type: "any" },
      at: { type: "number", required: true },
    },
    indexes: { byRun: key(["runID"], ["path"]) },
  },
  connection,
);

/** A rejection, under the revision of the commit that reverted the change. The model is told on its next turn. */
export const RejectionEntity = new Entity(
  {
    model: { entity: "rejection", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      rev: ordered,
      runID: { type: "string", required: true },
      note: { type: "string", required: true },
      at: { type: "number", required: true },
    },
    indexes: { byRev: key(["projectID"], ["rev"]) },
  },
  connection,
);
