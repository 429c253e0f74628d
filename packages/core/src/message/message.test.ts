import { afterAll, beforeAll, expect, test } from "vitest";
import { storageForCore } from "../../../../test/support/storage.ts";

const storage = await storageForCore();
const Project = await import("../project/project.ts");
const Conversation = await import("../conversation/conversation.ts");
const Message = await import("./message.ts");
const Messages = await import("./system.ts");
const { create } = await import("../id/id.ts");
const { transact } = await import("../table/table.ts");
afterAll(() => storage.remove());

const actor = { userID: create("user") };
let conversationID: string;
beforeAll(async () => {
  const { id: projectID } = await Project.create(actor, { name: "Messages" });
  ({ id: conversationID } = await Conversation.create(actor, projectID));
  for (let n = 0; n < 6; n++) {
    const ids = { conversationID, projectID, runID: create("run"), messageID: create("message") };
    await transact([Messages.placeholderItem({ ...ids, status: "processing", model: "demo" })]);
    // Random text, so that neither a row nor a page is small for being compressed.
    const text = Array.from({ length: 90_000 }, () => Math.random().toString(36).slice(2, 12)).join(" ");
    await transact([
      await Messages.endingItem({
        ...ids,
        status: "completed",
        model: "demo",
        cost: 0,
        blocks: [{ type: "text", id: `${n}`, text }],
      }),
    ]);
  }
});

test("a page is bounded in bytes as well as in number, and the cursor leads to all the others", async () => {
  const found: string[] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page = await Message.list(actor, conversationID, { cursor });
    expect(page.messages.length).toBeGreaterThan(0);
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(3_000_000);
    found.unshift(...page.messages.flatMap(({ blocks }) => blocks.map(({ id }) => id)));
    cursor = page.cursor;
    pages++;
  } while (cursor !== undefined);
  expect(found).toEqual(["0", "1", "2", "3", "4", "5"]);
  expect(pages).toBeGreaterThan(1);
});
