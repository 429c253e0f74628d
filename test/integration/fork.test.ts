import type { ConverseRequest } from "@slipway/local/bedrock/converse";
import { servedModel, unknownModel } from "@slipway/local/bedrock/served-models";
import { expect, test } from "vitest";
import { ended, signIn, until } from "../support/client.ts";
import { projectWith, textOf } from "../support/page.ts";
import { startScripted } from "../support/scripted.ts";

/** Conversations that go on from a message of another one. */

/** It sees images. */
const sonnet = "global.anthropic.claude-sonnet-5-5";

const model = startScripted({ name: "Forker" }, { models: { [sonnet]: servedModel(sonnet) ?? unknownModel } });

interface Listed {
  id: string;
  role: string;
  text: string;
  runId?: string;
  blocks: { type: string }[];
}
async function messagesOf(conversation: string): Promise<Listed[]> {
  return (await model.client.get(`/api/conversations/${conversation}/messages`)).json().messages as unknown as Listed[];
}
async function begin(): Promise<string> {
  const project = await projectWith(model.client, { "a.txt": "one\n" });
  return String((await model.client.post(`/api/projects/${project}/conversations`, {})).json().id);
}
async function say(conversationId: string, message: string): Promise<string> {
  const run = String(
    (await model.client.post("/api/messages", { conversationId, message, model: sonnet })).json().runId,
  );
  expect((await ended(model.client, run)).status).toBe("completed");
  return run;
}
async function fork(conversation: string, messageId: string, includes = true): Promise<string> {
  const forked = await model.client.post(`/api/conversations/${conversation}/fork`, { messageId, includes });
  expect(forked.status).toBe(201);
  return String(forked.json().id);
}
/** All of a request in order, without cache points. */
const told = (request: ConverseRequest | undefined) => {
  const whole = (block: object) => !("cachePoint" in block);
  return [
    JSON.stringify(request?.system.filter(whole)),
    JSON.stringify(request?.toolConfig?.tools.filter(whole)),
    ...(request?.messages ?? []).flatMap(({ role, content }) =>
      content.filter(whole).map((block) => `${role} ${JSON.stringify(block)}`),
    ),
  ];
};
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const remove = async (conversation: string) =>
  expect((await model.client.request("DELETE", `/api/conversations/${conversation}`)).status).toBe(200);

test("a fork goes on with the very prompt of the original, and neither changes the other", async () => {
  const conversation = await begin();
  model.steps = [
    { text: "I read.", tools: [{ name: "read_file", input: { path: "a.txt" } }] },
    { text: "It says one." },
  ];
  await say(conversation, "what does it say?");
  const before = told(model.requests.at(-1));
  model.steps = [];
  await say(conversation, "and again?");
  const [, first] = await messagesOf(conversation);
  const copy = await fork(conversation, first?.id ?? "");
  expect((await messagesOf(copy)).map(({ role, text }) => [role, text])).toEqual([
    ["user", "what does it say?"],
    ["assistant", "I read.\n\nIt says one."],
  ]);
  await say(copy, "something else");
  expect(told(model.requests.at(-1)).slice(0, before.length)).toEqual(before);
  expect(told(model.requests.at(-1)).join()).not.toContain("and again?");
  expect(await messagesOf(conversation)).toHaveLength(4);
});

test("without its message, the person can put it in other words", async () => {
  const conversation = await begin();
  await say(conversation, "first");
  await say(conversation, "second");
  const [, , second] = await messagesOf(conversation);
  await model.client.request("PATCH", `/api/conversations/${conversation}`, { body: { title: "A name" } });
  const copy = await fork(conversation, second?.id ?? "", false);
  expect((await messagesOf(copy)).map(({ text }) => text)).toEqual(["first", "Done."]);
  expect((await model.client.get(`/api/conversations/${copy}`)).json().title).toBe("A name");
});

test.each(["the original", "the fork"])("deleting %s leaves the other whole", async (which) => {
  const conversation = await begin();
  // So much that its blocks are in the bucket.
  const noise = Array.from({ length: 40_000 }, () => Math.random().toString(36).slice(2)).join(" ");
  model.steps = [{ text: noise }];
  await say(conversation, "make noise");
  model.steps = [];
  const [, answer] = await messagesOf(conversation);
  const copy = await fork(conversation, answer?.id ?? "");
  const [gone, left] = which === "the original" ? [conversation, copy] : [copy, conversation];
  await model.client.request("DELETE", `/api/conversations/${gone}`);
  await model.cloud.invoke("sweep", {});
  await until(
    async () => ((await model.client.get(`/api/conversations/${gone}`)).status === 404 ? true : undefined),
    "the conversation to be gone",
  );
  expect((await messagesOf(left)).at(-1)?.blocks).toHaveLength(answer?.blocks.length ?? 0);
  await say(left, "go on");
  expect(told(model.requests.at(-1)).join()).toContain(noise.slice(0, 200));
});

test("a fork of a conversation that is deleted but not purged yet goes on, and so does a copy of a copy", async () => {
  const conversation = await begin();
  model.steps = [
    { text: "I read.", tools: [{ name: "read_file", input: { path: "a.txt" } }] },
    { text: "It says one." },
  ];
  await say(conversation, "what does it say?");
  const before = told(model.requests.at(-1));
  model.steps = [];
  const copy = await fork(conversation, (await messagesOf(conversation)).at(-1)?.id ?? "");
  const second = await fork(copy, (await messagesOf(copy)).at(-1)?.id ?? "");
  await say(second, "from the copy of a copy");
  expect(told(model.requests.at(-1)).slice(0, before.length)).toEqual(before);
  await remove(conversation);
  await say(copy, "something else");
  expect(told(model.requests.at(-1)).join()).toContain("It says one.");
});

test("images that were seen before the fork outlive the original", async () => {
  const project = await projectWith(model.client, {});
  const upload = (await model.client.post("/api/uploads", { projectId: project, size: png.length })).json();
  await fetch(String(upload.url), { method: "PUT", body: new Uint8Array(png) });
  await model.client.request("PUT", `/api/projects/${project}/files/a.png`, { body: { upload: String(upload.id) } });
  const conversation = String((await model.client.post(`/api/projects/${project}/conversations`, {})).json().id);
  model.steps = [{ tools: [{ name: "read_file", input: { path: "a.png" } }] }, { text: "Seen." }];
  await say(conversation, "look");
  const before = told(model.requests.at(-1));
  expect(before.join()).toContain(png.toString("base64"));
  model.steps = [];
  const copy = await fork(conversation, (await messagesOf(conversation)).at(-1)?.id ?? "");
  await say(copy, "again");
  expect(told(model.requests.at(-1)).slice(0, before.length)).toEqual(before);
  await remove(conversation);
  await model.cloud.invoke("sweep", {});
  await say(copy, "and again");
  expect(told(model.requests.at(-1)).slice(0, before.length)).toEqual(before);
});

test("a fork is told which files the original's later runs changed", async () => {
  const conversation = await begin();
  await say(conversation, "first");
  model.steps = [{ tools: [{ name: "create_file", input: { path: "later.txt", content: "x" } }] }, { text: "Made." }];
  await say(conversation, "second");
  model.steps = [];
  const copy = await fork(conversation, (await messagesOf(conversation))[1]?.id ?? "");
  await say(copy, "third");
  expect(told(model.requests.at(-1)).join()).toContain("later.txt");
  // It knows by now.
  await say(copy, "fourth");
  expect(told(model.requests.at(-1)).join().split("later.txt")).toHaveLength(2);
});

test("a fork leaves out what is still being answered, and both go on at the same time", async () => {
  const conversation = await begin();
  await say(conversation, "first");
  model.steps = [{ text: "word ".repeat(60), pace: 15 }];
  const sent = (
    await model.client.post("/api/messages", { conversationId: conversation, message: "second", model: sonnet })
  ).json();
  await until(async () => ((await messagesOf(conversation)).length === 4 ? true : undefined), "the second run");
  const copy = await fork(conversation, String(sent.messageId));
  expect((await messagesOf(copy)).map(({ text }) => text)).toEqual(["first", "Done.", "second"]);
  const body = { conversationId: copy, message: "third", model: sonnet, mode: "queue" };
  const other = (await model.client.post("/api/messages", body)).json();
  expect((await ended(model.client, String(sent.runId))).status).toBe("completed");
  model.steps = [];
  expect((await ended(model.client, String(other.runId))).status).toBe("completed");
  expect((await messagesOf(conversation)).map(({ text }) => text)).not.toContain("third");
  expect((await messagesOf(conversation)).some(({ text }) => text.startsWith("word word"))).toBe(true);
});

test("a run that never started restores nothing", async () => {
  const project = await projectWith(model.client, { "a.txt": "one\n" });
  const conversationId = String((await model.client.post(`/api/projects/${project}/conversations`, {})).json().id);
  model.steps = [{ text: "word ".repeat(400), pace: 15 }];
  const send = async (message: string) =>
    String(
      (await model.client.post("/api/messages", { conversationId, message, model: sonnet, mode: "queue" })).json()
        .runId,
    );
  const runs = [await send("first"), await send("second")];
  expect((await model.client.post("/api/messages/cancel", { projectId: project })).status).toBe(200);
  for (const run of runs) expect((await ended(model.client, run)).status).toBe("cancelled");
  expect((await model.client.post(`/api/runs/${runs[1] ?? ""}/restore`)).status).toBe(409);
  expect(await textOf(model.client, project, "a.txt")).toBe("one\n");
});

test("others and messages of other conversations are not found", async () => {
  const [conversation, other] = [await begin(), await begin()];
  await say(conversation, "mine");
  const [message] = await messagesOf(conversation);
  const stranger = await signIn(model.cloud.url, { name: "Stranger to forks" });
  const body = { messageId: message?.id };
  expect((await stranger.post(`/api/conversations/${conversation}/fork`, body)).status).toBe(404);
  expect((await model.client.post(`/api/conversations/${other}/fork`, body)).status).toBe(404);
});
