import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const ConversationEntity = new Entity(
  {
    model: { entity: "conversation", version: "1", service },
    attributes: {
      conversationID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      title: { type: "string" },
      createdAt: { type: "number", required: true },
      activeAt: ordered,
    },
    indexes: {
      byID: key(["conversationID"], []),
      byProject: indexKey("gsi1", ["projectID"], ["activeAt"]),
    },
  },
  connection,
);
