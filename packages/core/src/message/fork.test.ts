import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { StoredAttachment } from "./system.ts";
import { storageForCore } from "../../../../test/support/storage.ts";

const storage = await storageForCore();
const Project = await import("../project/project.ts");
const Conversation = await import("../conversation/conversation.ts");
const Message = await import("./message.ts");
const Messages = await import("./system.ts");
const { MessageEntity } = await import("./message.entity.ts");
const Removal = await import("../removal/removal.ts");
const { waiting } = await import("../removal/record.ts");
const { hold } = await import("../clock/clock.ts");
const { create } = await import("../id/id.ts");
const { putItem, transact } = await import("../table/table.ts");
afterAll(() => storage.remove());

const actor = { userID: create("user") };
const later = () => Date.now() + 2 * 60 * 60 * 1000;
let projectID: string;
let conversationID: string;
beforeAll(async () => {
  ({ id: projectID } = await Project.create(actor, { name: "Forks" }));
});
beforeEach(async () => {
  ({ id: conversationID } = await Conversation.create(actor, projectID));
});

async function said(text: string, more: { attachments?: StoredAttachment[] } = {}): Promise<string> {
  const messageID = create("message");
  const ids = { messageID, conversationID, projectID, runID: create("run") };
  await transact([Messages.userItem({ ...ids, text, ...more })]);
  return messageID;
}
const copiesIn = (copyID: string) => Messages.before(copyID, create("message"), 100);
const fork = (messageID: string, includes = true) => Message.fork(actor, conversationID, { messageID, includes });

test("copies many of the largest messages, in order", async () => {
  const texts = Array.from({ length: 24 }, (_, at) => `${at} ${"語".repeat(125_000)}`);
  let last = "";
  for (const text of texts) last = await said(text);
  const { id } = await fork(last);
  const copies = await copiesIn(id);
  expect(copies.map(({ text }) => text.slice(0, 3))).toEqual(texts.map((text) => text.slice(0, 3)));
  expect(copies.some(({ runId }) => runId !== undefined)).toBe(false);
});

test("messages that joined an answer keep their attachments, those after the forked message too", async () => {
  await said("do it");
  const runID = create("run");
  const answerID = create("message");
  const answer = { messageID: answerID, conversationID, projectID, runID };
  await transact([Messages.placeholderItem({ ...answer, status: "processing", model: "demo" })]);
  const key = `files/${projectID}/attachments/a/0`;
  const joined = await said("like this", {
    attachments: [{ name: "notes.txt", size: 3, kind: "text", type: "text/plain", key }],
  });
  const blocks = [{ type: "steer" as const, id: joined, text: "like this" }];
  await transact([await Messages.endingItem({ ...answer, status: "completed", model: "demo", cost: 0, blocks })]);
  await said("and then");

  const copies = await copiesIn((await fork(answerID)).id);
  expect(copies.map(({ text }) => text)).toEqual(["do it", "", "like this"]);
  const copy = copies.at(-1);
  expect(copies[1]?.blocks).toEqual([{ type: "steer", id: copy?.id, text: "like this" }]);
  expect(copy?.id).not.toBe(joined);
  expect(copy?.attachments).toMatchObject([{ name: "notes.txt" }]);
});

test("what a fork that died has written is removed after an hour, and is no conversation until then", async () => {
  for (let at = 0; at < 12; at++) await said(`${at}`);
  // Blocks that cannot be read, in the second batch.
  const broken = { conversationID, projectID, messageID: create("message"), role: "assistant" as const };
  await transact([
    putItem(MessageEntity.create({ ...broken, status: "completed", body: "runs/none/gone", createdAt: 1 })),
  ]);
  const before = await Conversation.list(actor, projectID);
  await expect(fork(broken.messageID)).rejects.toThrow();
  expect(await Conversation.list(actor, projectID)).toEqual(before);
  expect(await waiting()).toEqual([]);

  const release = hold(later);
  try {
    const kept = new Set((await Conversation.list(actor, projectID)).map(({ id }) => id));
    const dead = (await waiting()).find(({ id }) => !kept.has(id))?.id ?? "";
    expect(await copiesIn(dead)).not.toEqual([]);
    await Removal.purge();
    expect(await copiesIn(dead)).toEqual([]);
    expect(await waiting()).toEqual([]);
  } finally {
    release();
  }
});

test("the sweep leaves a finished fork as it is", async () => {
  const { id } = await fork(await said("hello"));
  const release = hold(later);
  try {
    await Removal.purge();
    expect(await waiting()).toEqual([]);
    expect(await copiesIn(id)).toMatchObject([{ text: "hello" }]);
    expect(await Conversation.fromID(actor, id)).toMatchObject({ id });
  } finally {
    release();
  }
});
