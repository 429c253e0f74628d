import { Entity } from "electrodb";
import { contextSize, key, service, tokenCounts } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const MessageEntity = new Entity(
  {
    model: { entity: "message", version: "1", service },
    attributes: {
      conversationID: { type: "string", required: true },
      messageID: { type: "string", required: true },
      projectID: { type: "string", required: true },
      role: { type: ["user", "assistant"] as const, required: true },
      status: { type: ["queued", "processing", "completed", "cancelled", "failed"] as const, required: true },
      text: { type: "string" },
      /** Gzip of the blocks' JSON. */
      blocks: { type: "any" },
      /** Key in S3 of blocks that are too large for a row. */
      body: { type: "string" },
      attachments: { type: "any" },
      runID: { type: "string" },
      /** Of a copy in a forked conversation: the run of the original. */
      sourceRunID: { type: "string" },
      /** Sent to join the run. */
      isSteer: { type: "boolean" },
      errorCode: { type: "string" },
      errorMessage: { type: "string" },
      /** Of an answer. */
      model: { type: "string" },
      effort: { type: ["low", "medium", "high", "max"] as const },
      cost: { type: "number" },
      tokens: tokenCounts,
      context: contextSize,
      createdAt: { type: "number", required: true },
    },
    indexes: { byConversation: key(["conversationID"], ["messageID"]) },
  },
  connection,
);
