import type { Message } from "@slipway/contract/conversation";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { allEvents, ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import {
  startProviderPeer,
  type Asked,
  type ProtocolName,
  type ProviderPeer,
  type Raw,
} from "../support/provider-peer/peer.ts";
import type { Said } from "../support/provider-peer/protocol.ts";
import { rows } from "../support/table.ts";

/** Models that are chosen for a message, and the keys by which some are reached, through the whole stack. */

const key = "sk-test-0123456789abcdefWXYZ";
const names = {
  anthropic: "claude-sonnet-5-5",
  openai: "gpt-5.6-terra",
  google: "gemini-3.8-flash",
  compatible: "qwen3",
};
type Named = keyof typeof names;
const protocols: Record<Named, ProtocolName> = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  compatible: "chat",
};

let cloud: Cloud & { remove(): Promise<void> };
let peer: ProviderPeer;
/** What every model answers instead. */
let refused: Raw | undefined;
const logs: string[] = [];

beforeAll(async () => {
  peer = await startProviderPeer({ key, models: Object.values(names), answer });
  for (const method of ["log", "error"] as const)
    vi.spyOn(console, method).mockImplementation((...lines: unknown[]) => void logs.push(lines.map(String).join(" ")));
  cloud = await cloudWith({ trustedModelOrigins: [peer.origin], isVerbose: true });
});
afterAll(async () => {
  vi.restoreAllMocks();
  await cloud.remove();
  await peer.close();
});

/** Writes a file, then says so; says only that for anything but the first request of a message. */
function answer({ model, results, prompts, body }: Asked): Said | Raw {
  if (refused) return refused;
  if (JSON.stringify(body).includes("title of 3 to 6 words")) return { text: "A title" };
  const last = prompts.findLast((prompt) => prompt.includes("please")) ?? "";
  const path = `${model}.txt`;
  if (results.some((result) => result.includes(path)) || !last.includes("write"))
    return { thinking: "Done already.", text: `${model} is done.` };
  return { thinking: "A file.", text: "Writing it.", tools: [{ name: "create_file", input: { path, content: "hi" } }] };
}

let people = 0;
async function person(role: "member" | "admin" = "member"): Promise<Client> {
  return signIn(cloud.url, { name: `Models ${++people}`, role, plan: "pro" });
}
const put = (client: Client, provider: Named, of = "/api/providers") =>
  client.request("PUT", `${of}/${provider}`, { body: { key, baseUrl: peer.base(protocols[provider]) } });

async function conversation(client: Client): Promise<{ project: string; id: string }> {
  const project = String((await client.post("/api/projects", { name: "Models" })).json().id);
  const id = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  return { project, id };
}

async function send(client: Client, id: string, message: string, choice: object = {}) {
  const reply = await client.post("/api/messages", { conversationId: id, message, ...choice });
  if (reply.status !== 200) return { reply, run: undefined, answer: undefined };
  const run = await ended(client, String(reply.json().runId));
  const { messages } = (await client.get(`/api/conversations/${id}/messages`)).json() as unknown as {
    messages: Message[];
  };
  return { reply, run, answer: messages.find((each) => each.id === String(reply.json().messageId)) };
}

test("one conversation goes on with the model of each message, whoever provides it", async () => {
  const client = await person();
  const { project, id } = await conversation(client);
  for (const provider of Object.keys(names) as Named[]) expect((await put(client, provider)).status).toBe(200);
  const order: Named[] = ["anthropic", "openai", "google", "compatible", "anthropic"];
  for (const provider of order) {
    const model = `${provider}@own/${names[provider]}`;
    const { run, answer: said } = await send(client, id, `${provider}, please write your file`, {
      model,
      effort: "high",
    });
    expect(run).toMatchObject({ status: "completed", model });
    expect(said).toMatchObject({ model, text: expect.stringContaining(`${names[provider]} is done.`) as string });
  }
  const { files } = (await client.get(`/api/projects/${project}/files`)).json() as unknown as {
    files: { path: string }[];
  };
  expect(files.map(({ path }) => path).toSorted()).toEqual(
    Object.values(names)
      .map((name) => `${name}.txt`)
      .toSorted(),
  );
  const steps = peer.asked.filter(({ protocol, isStreamed }) => protocol === "anthropic" && isStreamed);
  expect(steps.length).toBeGreaterThan(0);
  for (const { body } of steps) expect(body).toMatchObject({ output_config: { effort: "high" } });
  // The tokens are in the ledger; the dollars are the person's own.
  const own = await rows(cloud, "ledger", ({ model }) => String(model).includes("@own/"));
  expect(own.length).toBeGreaterThan(5);
  for (const row of own) expect(row).toMatchObject({ dollars: 0, isOwnKey: true });
  expect(own.some(({ inputTokens }) => Number(inputTokens) > 0)).toBe(true);
});

test.each(Object.keys(names) as Named[])("the title of a conversation comes from %s too", async (provider) => {
  const client = await person();
  const { id } = await conversation(client);
  await put(client, provider);
  await send(client, id, "please answer", { model: `${provider}@own/${names[provider]}` });
  expect((await client.get(`/api/conversations/${id}`)).json().title).toBe("A title");
});

test("the team's key serves everyone, and its dollars are the team's", async () => {
  const [admin, member] = [await person("admin"), await person()];
  expect((await put(member, "openai", "/api/admin/providers")).status).toBe(403);
  expect((await put(admin, "openai", "/api/admin/providers")).status).toBe(200);
  const model = "openai@team/gpt-5.6-terra";
  const { models } = (await member.get("/api/agent/models")).json() as unknown as { models: { id: string }[] };
  expect(models.map((each) => each.id)).toContain(model);
  const { id } = await conversation(member);
  const { run } = await send(member, id, "please answer", { model });
  expect(run).toMatchObject({ status: "completed", model });
  expect(run?.cost).toBeGreaterThan(0);
  expect((await admin.request("DELETE", "/api/admin/providers/openai")).status).toBe(200);
});

test("what is not offered is refused, and nothing is written", async () => {
  const client = await person();
  const other = await person();
  const { id } = await conversation(client);
  expect((await put(other, "openai")).status).toBe(200);
  const before = (await client.get("/api/agent/usage")).json().used;
  for (const model of ["gpt-99", "openai@own/gpt-5.6-terra", "openai@team/gpt-5.6-terra", "__proto__", "@own/x"]) {
    const { reply } = await send(client, id, "please answer", { model });
    expect([reply.status, reply.json().error?.code]).toEqual([422, "invalid_input"]);
    const created = await client.post("/api/projects/create-with-prompt", { prompt: "please answer", model });
    expect(created.status).toBe(422);
  }
  expect((await client.get(`/api/conversations/${id}/messages`)).json().messages).toEqual([]);
  expect((await client.get("/api/agent/usage")).json().used).toBe(before);
});

test("messages that wait keep the model that each was sent with", async () => {
  const client = await person();
  const { id } = await conversation(client);
  await put(client, "anthropic");
  await put(client, "openai");
  const wanted = ["anthropic@own/claude-sonnet-5-5", "openai@own/gpt-5.6-terra", "demo"];
  const sent = [];
  for (const model of wanted)
    sent.push(
      await client.post("/api/messages", { conversationId: id, message: "please answer", model, mode: "queue" }),
    );
  const runs = [];
  for (const reply of sent) runs.push(await ended(client, String(reply.json().runId)));
  expect(runs.map(({ status, model }) => [status, model])).toEqual(wanted.map((model) => ["completed", model]));
});

test("a key that its provider refuses by now fails the run, which says whose key and what to do", async () => {
  const client = await person();
  const { id } = await conversation(client);
  await put(client, "openai");
  refused = { status: 401, body: `{"error":{"message":"Incorrect API key provided: ${key}"}}` };
  const { run } = await send(client, id, "please answer", { model: "openai@own/gpt-5.6-terra" });
  refused = undefined;
  expect(run).toMatchObject({
    status: "failed",
    error: { code: "model_access", message: "OpenAI refused your key. Replace it in Settings, Models." },
  });
  expect((await client.get("/api/agent/usage")).json().used).toBe(0);
});

describe("a model that is gone", () => {
  test("gives the default to a message that waited for it, and says so", async () => {
    const client = await person();
    const { id } = await conversation(client);
    await put(client, "openai");
    const model = "openai@own/gpt-5.6-terra";
    // The key goes while the message waits: it is deleted by the time that its run starts.
    const [first, queued] = [
      await client.post("/api/messages", { conversationId: id, message: "please answer", model }),
      await client.post("/api/messages", { conversationId: id, message: "please answer", model, mode: "queue" }),
    ];
    await client.request("DELETE", "/api/providers/openai");
    await ended(client, String(first.json().runId));
    const run = await ended(client, String(queued.json().runId));
    expect(run).toMatchObject({ status: "completed", model: "demo" });
    const { events } = await allEvents(client, run.id);
    const notices = events.flatMap((event) =>
      event.type === "block-finished" && event.block.type === "notice" ? [event.block.text] : [],
    );
    expect(notices).toEqual(["GPT-5.6 Terra is no longer available here, so Demo model answers."]);
  });

  test("gives the default where a project prefers it", async () => {
    const client = await person();
    const { project, id } = await conversation(client);
    await put(client, "openai");
    const model = "openai@own/gpt-5.6-terra";
    await client.request("PATCH", `/api/projects/${project}`, { body: { settings: { model } } });
    expect((await send(client, id, "please answer")).run).toMatchObject({ model });
    await client.request("DELETE", "/api/providers/openai");
    expect((await send(client, id, "please answer")).run).toMatchObject({ status: "completed", model: "demo" });
  });
});

test("no key is in a row, a log, an event or a reply", async () => {
  const client = await person();
  const replies = [await put(client, "compatible"), await client.get("/api/providers")];
  expect(replies.map(({ text }) => text).join()).not.toContain(key);
  const stored = await rows(cloud, "provider-key");
  expect(stored.length).toBeGreaterThan(0);
  expect(JSON.stringify(stored)).not.toContain(key);
  for (const entity of ["run", "run-event", "message", "audit"])
    expect(JSON.stringify(await rows(cloud, entity))).not.toContain(key);
  expect(logs.join()).toContain("model-called");
  expect(logs.join()).not.toContain(key);
});
