import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { leftOf } from "../support/left.ts";
import { launchFor } from "../support/sandbox.ts";

let cloud: Cloud & { remove(): Promise<void> };
let ada: Client;
beforeAll(async () => {
  cloud = await cloudWith();
  ada = await signIn(cloud.url, { name: "Ada", plan: "pro" });
});
afterAll(() => cloud.remove());

async function ask(prompt: string): Promise<{ project: string; conversation: string; run: string }> {
  const reply = (await ada.post("/api/projects/create-with-prompt", { prompt })).json();
  await ended(ada, String(reply.runId));
  return { project: String(reply.projectId), conversation: String(reply.conversationId), run: String(reply.runId) };
}

test("removing a project leaves nothing of it and nothing else changes", async () => {
  const gone = await ask("A todo list website named xyzzy");
  const kept = await ask("A pomodoro timer website named plugh");
  await ada.post(`/api/projects/${gone.project}/checkpoints`, { label: "xyzzy" });
  // A sandbox in which both were open: it keeps a snapshot of each.
  for (const { project } of [gone, kept]) await launchFor(cloud, ada, project);
  expect((await ada.post("/api/sandbox/stop")).json()).toMatchObject({ state: "stopped" });
  expect((await leftOf(cloud, [gone.project])).some((key) => key.startsWith("snapshots/"))).toBe(true);
  const words = [gone.project, gone.conversation, gone.run, "xyzzy"];
  expect((await leftOf(cloud, words)).length).toBeGreaterThan(20);
  const before = await leftOf(cloud, [kept.project, kept.conversation, kept.run]);
  expect((await ada.request("DELETE", `/api/projects/${gone.project}`)).status).toBe(200);
  await cloud.invoke("sweep", {});
  expect(await leftOf(cloud, words)).toEqual([]);
  expect((await leftOf(cloud, [kept.project, kept.conversation, kept.run])).length).toBe(before.length);
  expect((await ada.get(`/api/projects/${kept.project}`)).status).toBe(200);
});

test("removing a conversation deletes its messages and keeps the files", async () => {
  const { project, conversation, run } = await ask("A quiz website named frotz");
  expect((await ada.request("DELETE", `/api/conversations/${conversation}`)).status).toBe(200);
  expect((await ada.get(`/api/conversations/${conversation}/messages`)).status).toBe(404);
  await cloud.invoke("sweep", {});
  const left = await leftOf(cloud, [conversation, "frotz"]);
  expect(left.filter((text) => !text.includes(project))).toEqual([]);
  expect((await ada.get(`/api/runs/${run}`)).status).toBe(404);
  const { files } = (await ada.get(`/api/projects/${project}/files`)).json();
  expect(Array.isArray(files) && files.length).toBeGreaterThan(2);
});
