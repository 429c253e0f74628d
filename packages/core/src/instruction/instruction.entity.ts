import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** What the agent is told in every conversation of a person, or of everyone. */
export const InstructionEntity = new Entity(
  {
    model: { entity: "instruction", version: "1", service },
    attributes: {
      /** A person's id, or `team`. */
      owner: { type: "string", required: true },
      text: { type: "string", required: true },
      at: { type: "number", required: true },
    },
    indexes: { byOwner: key(["owner"], []) },
  },
  connection,
);
