import type { Cloud } from "./cloud.ts";

/** Writes a long conversation straight into the table with the product's own code, since runs would take minutes. */
export async function fillConversation(
  cloud: Cloud,
  place: { project: string; conversation: string; messages: number },
): Promise<void> {
  // The product reads its environment on import.
  Object.assign(process.env, cloud.rootEnvironment);
  const [Message, Id, Table] = await Promise.all([
    import("@slipway/core/message/system"),
    import("@slipway/core/id"),
    import("@slipway/core/table"),
  ]);
  const of = { projectID: place.project, conversationID: place.conversation };
  for (let at = 0; at < place.messages; at += 50) {
    const items = [];
    const endings = [];
    for (let n = at; n < Math.min(at + 50, place.messages); n += 2) {
      const runID = Id.create("run");
      items.push(Message.userItem({ ...of, runID, messageID: Id.create("message"), text: `question ${n}` }));
      const messageID = Id.create("message");
      items.push(Message.placeholderItem({ ...of, runID, messageID, status: "processing", model: "demo" }));
      const text = `answer ${n + 1}\n\nSome words about it, and code:\n\n\`\`\`ts\nconst n = ${n};\n\`\`\``;
      endings.push(
        await Message.endingItem({
          runID,
          conversationID: place.conversation,
          messageID,
          status: "completed",
          blocks: [{ type: "text", id: "1", text }],
          model: "demo",
          cost: 0.001,
        }),
      );
    }
    await Table.transact(items);
    await Table.transact(endings);
  }
}
