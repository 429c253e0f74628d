import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const ProjectEntity = new Entity(
  {
    model: { entity: "project", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      name: { type: "string", required: true },
      /** The name gives way to the first title of a conversation. */
      isNameRandom: { type: "boolean" },
      description: { type: "string" },
      origin: { type: ["blank", "prompt", "github"] as const, required: true },
      kind: { type: ["project", "session"] as const, required: true },
      state: { type: ["ready", "importing", "failed"] as const, required: true },
      ownerID: { type: "string", required: true },
      /** A map, so that one setting is written without the others. */
      settings: {
        type: "map",
        required: true,
        properties: {
          installCommand: { type: "string" },
          devCommand: { type: "string" },
          testCommand: { type: "string" },
          model: { type: "string" },
          approvalPolicy: { type: ["ask", "allow", "deny"] as const },
          sandboxPrestart: { type: "boolean" },
          costLimit: { type: "number" },
        },
      },
      createdAt: { type: "number", required: true },
    },
    indexes: { byID: key(["projectID"], []) },
  },
  connection,
);
