import { inputTokens } from "@slipway/local/bedrock/prompt";
import { servedModel, unknownModel } from "@slipway/local/bedrock/served-models";
import { ModelRefusal } from "@slipway/local/bedrock/refusal";
import type { ContentBlock, ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { allEvents, ended, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastResults, lastText, speak, type Cloud, type Said } from "../support/cloud.ts";

/** What a model is sent: each request of a conversation is the one before, and more. */

let cloud: Cloud & { remove(): Promise<void> };
let requests: ConverseRequest[] = [];
let play: (request: ConverseRequest) => AsyncIterable<ModelEvent>;
const contextWindow = 16_000;
const sonnet = "global.anthropic.claude-sonnet-5-5";
const isSummary = (request: ConverseRequest) => textOf(request.system).includes("Write down what is needed to go on");

beforeAll(async () => {
  cloud = await cloudWith({
    model: { kind: "openai-compatible", url: "http://127.0.0.1:9", model: "small", key: undefined, contextWindow },
    planLimits: { free: 100, pro: 100 },
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      requests.push(structuredClone(request));
      return withUsage(play(request), { inputTokens: inputTokens(request), outputTokens: 20 });
    },
  });
});
afterAll(() => cloud.remove());
beforeEach(() => (requests = []));

async function* withUsage(
  events: AsyncIterable<ModelEvent>,
  usage: { inputTokens: number; outputTokens: number },
): AsyncGenerator<ModelEvent> {
  for await (const event of events) yield event.type === "stop" ? { ...event, usage } : event;
}

function textOf(blocks: readonly object[]): string {
  return blocks.flatMap((block) => ("text" in block ? [String(block.text)] : [])).join("\n");
}

/** Everything in a request, in order, but for cache points. */
function flat({ system, toolConfig, messages }: ConverseRequest): string[] {
  const isPoint = (block: object) => "cachePoint" in block;
  return [
    JSON.stringify(system.filter((block) => !isPoint(block))),
    JSON.stringify(toolConfig?.tools.filter((tool) => !isPoint(tool))),
    ...messages.flatMap(({ role, content }) =>
      content.filter((block: ContentBlock) => !isPoint(block)).map((block) => `${role} ${JSON.stringify(block)}`),
    ),
  ];
}

/** Places where a request is not the one before and more. */
function rewritten(): number[] {
  return requests.slice(1).flatMap((request, at) => {
    const [before, after] = [flat(requests[at] ?? request), flat(request)];
    return before.every((part, n) => part === after[n]) ? [] : [at + 1];
  });
}

const say = (...steps: Said[]) => {
  let at = 0;
  play = () => speak(steps[Math.min(at++, steps.length - 1)] ?? {});
};
const read = (path: string) => ({ name: "read_file", input: { path } });
const create = (path: string, content = "x") => ({ name: "create_file", input: { path, content } });

let people = 0;
async function begin(prompt: string): Promise<{ client: Client; conversation: string; project: string; run: string }> {
  const client = await signIn(cloud.url, { name: `Transcript ${++people}` });
  const started = (await client.post("/api/projects/create-with-prompt", { prompt })).json();
  return {
    client,
    conversation: String(started.conversationId),
    project: String(started.projectId),
    run: String(started.runId),
  };
}
async function send(client: Client, conversationId: string, message: string, mode = "queue"): Promise<string> {
  return String((await client.post("/api/messages", { conversationId, message, mode })).json().runId);
}

test("follow-ups append, whatever changed meanwhile: files, settings, names", async () => {
  say({ thinking: "Let me see.", text: "I look.", tools: [create("a.txt")] }, { text: "Made." });
  const { client, conversation, project, run } = await begin("make a file");
  await ended(client, run);
  await client.request("PUT", `/api/projects/${project}/files/b.txt`, { body: { content: "theirs" } });
  await client.request("PATCH", `/api/projects/${project}`, { body: { name: "Another name" } });
  say({ text: "Hello again.", tools: [read("b.txt")] }, { text: "Read." });
  await ended(client, await send(client, conversation, "and now @a.txt"));
  say({ text: "Third." });
  await ended(client, await send(client, conversation, "a third time"));
  expect(requests).toHaveLength(5);
  expect(rewritten()).toEqual([]);
});

test("a retry, a throttle, an approval and a steer append", async () => {
  let throttled = false;
  let step = 0;
  const paths = Array.from({ length: 12 }, (_, n) => `f${n}.txt`);
  const steps: Said[] = [
    { tools: paths.map((path) => create(path)) },
    { text: "Now I delete.", tools: [{ name: "delete_files", input: { paths } }] },
    { text: "Deleted." },
    { text: "And this too." },
  ];
  play = () => {
    if (step === 1 && !throttled) {
      throttled = true;
      throw new ModelRefusal(429, "ThrottlingException", "slow down", "1");
    }
    return speak(steps[Math.min(step++, steps.length - 1)] ?? {});
  };
  const { client, conversation, run } = await begin("delete them");
  const asked = await until(
    async () => (await allEvents(client, run)).events.find((event) => event.type === "approval-requested"),
    "an approval",
  );
  await send(client, conversation, "hurry up", "steer");
  await client.post(`/api/runs/${run}/approvals/${asked.approval.id}`, { answer: "allow", scope: "once" });
  expect((await ended(client, run)).status).toBe("completed");
  expect(textOf(requests.at(-1)?.messages.flatMap(({ content }) => content) ?? [])).toContain("hurry up");
  expect(rewritten()).toEqual([]);
});

test("a run that was stopped is closed with what it had said and done", async () => {
  let step = 0;
  play = () =>
    step++ === 0 ? speak({ text: "First.", tools: [create("a.txt")] }) : speak({ text: "I was about to ", hang: true });
  const { client, conversation, project, run } = await begin("start");
  await until(async () => {
    const page = (await client.get(`/api/runs/${run}/events?after=0`)).json();
    return JSON.stringify(page.snapshot ?? "").includes("about") ? true : undefined;
  }, "half an answer");
  await client.post("/api/messages/cancel", { projectId: project });
  await ended(client, run);
  say({ text: "I go on." });
  await ended(client, await send(client, conversation, "go on"));
  const last = requests.at(-1);
  expect(lastText(last ?? { messages: [], system: [] })).toBe("go on");
  const all = JSON.stringify(last?.messages);
  expect(all).toContain("I was about to");
  expect(all).toContain("The person interrupted your answer here");
  expect(rewritten()).toEqual([]);
});

test("a conversation outgrows its model's window, and what matters stays", async () => {
  const word = (n: number) => `line ${n} of a long file that fills the window with words\n`;
  const long = Array.from({ length: 200 }, (_, n) => word(n)).join("");
  let step = 0;
  const steps = 60;
  play = (request) => {
    if (isSummary(request)) return speak({ text: "## Goal\nCount to sixty. The secret is heron." });
    step++;
    if (step > steps) return speak({ text: "Done." });
    return speak({
      text: `Step ${step}.`,
      tools: [step % 3 === 1 ? create(`n${step}.txt`, long) : read(`n${step - 1}.txt`)],
    });
  };
  const { client, conversation, run } = await begin("Count to sixty, and never touch the harbour.");
  const end = await ended(client, run);
  expect([end.status, end.error]).toEqual(["completed", undefined]);
  expect(step).toBe(steps + 1);
  const asked = requests.filter((request) => !isSummary(request));
  // None was too long, by the server's own count.
  expect(Math.max(...asked.map((request) => inputTokens(request)))).toBeLessThan(contextWindow);
  const { events } = await allEvents(client, run);
  const notices = events.filter((event) => event.type === "block-finished" && event.block.type === "notice");
  expect(notices.length).toBeGreaterThan(1);
  // The prefix is rewritten by those alone.
  requests = asked;
  expect(rewritten().length).toBeLessThanOrEqual(notices.length);
  const last = JSON.stringify(asked.at(-1)?.messages);
  for (const kept of ["never touch the harbour", "n1.txt", "n58.txt", "heron"]) expect(last).toContain(kept);

  say({ text: "You said harbour." });
  await ended(client, await send(client, conversation, "what must you not touch?"));
  expect(JSON.stringify(requests.at(-1)?.messages)).toContain("never touch the harbour");
});

test("a request that the model refuses as too long is shortened and sent again", async () => {
  let refused = 0;
  let step = 0;
  play = (request) => {
    if (isSummary(request)) return speak({ text: "## Goal\nGo on." });
    if (step === 3 && refused++ === 0)
      throw new ModelRefusal(400, "ValidationException", "Input is too long for requested model.");
    step++;
    return step <= 5 ? speak({ tools: [create(`${step}.txt`, "y".repeat(3000))] }) : speak({ text: "Done." });
  };
  const { client, run } = await begin("write five files");
  expect((await ended(client, run)).status).toBe("completed");
  expect(refused).toBe(2);
  expect(lastResults(requests.at(-1) ?? { messages: [], system: [] })).toHaveLength(1);
});

test("a message that is too long by itself fails by name, with its unit back", async () => {
  play = (request) => (isSummary(request) ? speak({ text: "Nothing." }) : speak({ text: "Fine." }));
  const client = await signIn(cloud.url, { name: `Transcript ${++people}` });
  const started = (await client.post("/api/projects/create-with-prompt", { prompt: "hello" })).json();
  await ended(client, String(started.runId));
  const run = await send(client, String(started.conversationId), "word ".repeat(18_000));
  const { status, error } = await ended(client, run);
  expect([status, error?.code]).toEqual(["failed", "context_overflow"]);
  expect((await client.get("/api/agent/usage")).json().used).toBe(1);
});

test("a run asks at its project's cost limit, and each answer doubles it", async () => {
  let step = 0;
  const dear = await cloudWith({
    models: { [sonnet]: servedModel(sonnet) ?? unknownModel },
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      const said = step++ < 4 ? speak({ tools: [create(`${step}.txt`)] }) : speak({ text: "Done." });
      return withUsage(said, { inputTokens: 500_000, outputTokens: 20 });
    },
  });
  try {
    const client = await signIn(dear.url, { name: "Spender" });
    const project = String((await client.post("/api/projects", { name: "Limited" })).json().id);
    await client.request("PATCH", `/api/projects/${project}`, {
      body: { settings: { costLimit: 1.5, model: sonnet } },
    });
    const conversation = String((await client.post(`/api/projects/${project}/conversations`, {})).json().id);
    const run = await send(client, conversation, "spend");
    const asked = async (count: number) =>
      until(async () => {
        const { events } = await allEvents(client, run);
        const found = events.flatMap((event) => (event.type === "approval-requested" ? [event.approval] : []));
        return found[count - 1];
      }, "a question");
    const first = await asked(1);
    expect(first).toMatchObject({ tool: "go_on", title: "Raise the limit to $3.00 and go on?" });
    expect(step).toBe(2);
    await client.post(`/api/runs/${run}/approvals/${first.id}`, { answer: "allow" });
    const second = await asked(2);
    expect(second.title).toBe("Raise the limit to $6.00 and go on?");
    expect(step).toBe(3);
    await client.post(`/api/runs/${run}/approvals/${second.id}`, { answer: "deny" });
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "cost_limit"]);
  } finally {
    await dear.remove();
  }
});
