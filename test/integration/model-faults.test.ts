import { ModelRefusal } from "@slipway/local/bedrock/converse";
import type { ModelEvent } from "@slipway/local/bedrock/converse";
import type { Block } from "@slipway/contract/run";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allEvents, ended, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastResults, lastText, speak, type Cloud } from "../support/cloud.ts";
import { rows } from "../support/table.ts";

/** What a run does when the model is throttled, down, or answers with nonsense. */

let cloud: Cloud & { remove(): Promise<void> };
/** What the model does, by the words of the request and how often it was asked with them. */
const plays = new Map<string, (asked: number, results: string[]) => AsyncIterable<ModelEvent>>();
const asked = new Map<string, number>();

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      const words = lastText(request);
      const count = (asked.get(words) ?? 0) + 1;
      asked.set(words, count);
      return plays.get(words)?.(count, lastResults(request)) ?? speak({ text: "Nothing to say." });
    },
  });
});
afterAll(() => cloud.remove());

function refuse(status: number, type: string, retryAfter?: string): never {
  throw new ModelRefusal(status, type, "refused", retryAfter);
}

let people = 0;
async function start(prompt: string): Promise<{ client: Client; run: string; conversation: string }> {
  const client = await signIn(cloud.url, { name: `Model fault ${++people}` });
  const started = (await client.post("/api/projects/create-with-prompt", { prompt })).json();
  return { client, run: String(started.runId), conversation: String(started.conversationId) };
}
const used = async (client: Client) => Number((await client.get("/api/agent/usage")).json().used);

describe("a throttled model", () => {
  test("is retried after its Retry-After, logged, while no function waits", async () => {
    plays.set("throttle twice", (count) =>
      count <= 2 ? refuse(429, "ThrottlingException", "1") : speak({ text: "Here I am." }),
    );
    const before = (await cloud.stats()).lambda.turn?.invocations ?? 0;
    const { client, run } = await start("throttle twice");
    expect((await ended(client, run)).status).toBe("completed");
    const { events } = await allEvents(client, run);
    const waits = events.filter((event) => event.type === "model-waiting");
    expect(waits).toHaveLength(2);
    for (const wait of waits) expect(wait.seconds).toBeGreaterThanOrEqual(1);
    // Each wait ended its turn: nothing was held.
    expect(((await cloud.stats()).lambda.turn?.invocations ?? 0) - before).toBe(3);
    expect(await used(client)).toBe(1);
  });

  test("asking for an hour fails the run at once, with a clear message and a refund", async () => {
    plays.set("come back in an hour", () => refuse(429, "ThrottlingException", "3600"));
    const { client, run } = await start("come back in an hour");
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "model_unavailable"]);
    expect(error?.message).toMatch(/overloaded or down/);
    expect(asked.get("come back in an hour")).toBe(1);
    expect(await used(client)).toBe(0);
  });
});

const usage = { inputTokens: 100, outputTokens: 20 };
async function* events(...all: ModelEvent[]): AsyncGenerator<ModelEvent> {
  for (const event of all) yield event;
}
const stop = (reason: "end_turn" | "tool_use" | "content_filtered" = "end_turn"): ModelEvent => ({
  type: "stop",
  reason,
  usage,
});

describe("an answer", () => {
  test.each([
    ["fractions", { inputTokens: 10.5, outputTokens: 2.25 }],
    ["negative numbers", { inputTokens: -3, outputTokens: -1 }],
    ["numbers out of any range", { inputTokens: 1e300, outputTokens: Number.MAX_VALUE }],
    ["nothing", { inputTokens: Number.NaN, outputTokens: Number.NaN }],
  ])("is kept when its usage says %s", async (kind, said) => {
    plays.set(`usage of ${kind}`, () =>
      events({ type: "text", text: "An answer." }, { type: "stop", reason: "end_turn", usage: said }),
    );
    const { client, run } = await start(`usage of ${kind}`);
    expect((await ended(client, run)).status).toBe("completed");
    expect(asked.get(`usage of ${kind}`)).toBe(1);
    const [call] = await rows(cloud, "ledger", (row) => row.runID === run && row.call === "1.1");
    for (const tokens of [call?.inputTokens, call?.outputTokens]) {
      expect(Number.isInteger(tokens)).toBe(true);
      expect(tokens).toBeGreaterThanOrEqual(0);
    }
  });

  test.each([
    ["empty", [stop()], "empty_answer"],
    ["blank", [{ type: "text", text: " \n" }, stop()], "empty_answer"],
    ["only thinking", [{ type: "reasoning", text: "Hmm." }, stop()], "empty_answer"],
    ["filtered", [{ type: "text", text: "Once upon" }, stop("content_filtered")], "content_filtered"],
  ] as const)("that is %s fails with a clear message and a refund, and is in the ledger", async (kind, said, code) => {
    plays.set(`answer that is ${kind}`, () => events(...said));
    const { client, run } = await start(`answer that is ${kind}`);
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", code]);
    expect(error?.message).toMatch(/\.$/);
    expect(await used(client)).toBe(0);
    expect(await rows(cloud, "ledger", (row) => row.runID === run && row.call === "1.1")).toHaveLength(1);
  });

  test("that is cut off is in the ledger too, as an estimate for each try", async () => {
    plays.set("cut off once", (count) =>
      count === 1
        ? events({ type: "text", text: "Some words" }, { type: "cut", how: "no-stop" })
        : speak({ text: "All of it." }),
    );
    const { client, run } = await start("cut off once");
    expect((await ended(client, run)).status).toBe("completed");
    const calls = await rows(cloud, "ledger", (row) => row.runID === run && row.call !== "title");
    expect(calls.map(({ estimated }) => estimated ?? false)).toEqual([true, false]);
  });
});

describe("what a model may produce at most", () => {
  async function answer(client: Client, conversation: string) {
    const { messages } = (await client.get(`/api/conversations/${conversation}/messages`)).json() as unknown as {
      messages: { text: string; blocks: Block[]; status: string }[];
    };
    return messages.at(-1);
  }

  test("10 MB of text are kept in the log, page by page, and shown in a message that can be read", async () => {
    const piece = "0123456789abcde\n".repeat(6250);
    plays.set("ten megabytes", () =>
      events(...Array.from({ length: 100 }, (): ModelEvent => ({ type: "text", text: piece })), stop()),
    );
    const { client, run, conversation } = await start("ten megabytes");
    expect((await ended(client, run)).status).toBe("completed");
    expect(asked.get("ten megabytes")).toBe(1);
    const { events: log } = await allEvents(client, run);
    const text = log.map((event) =>
      event.type === "block-finished" && event.block.type === "text" ? event.block.text : "",
    );
    expect(text.join("") === piece.repeat(100)).toBe(true);
    const shown = await answer(client, conversation);
    expect(shown?.status).toBe("completed");
    expect(shown?.blocks.length).toBeGreaterThan(1);
    // The conversation goes on: what it held before does not keep the next message from being read.
    expect((await client.post("/api/messages", { conversationId: conversation, message: "and now?" })).status).toBe(
      200,
    );
  });

  test("a tool input of 500 KB makes its file, once", async () => {
    const content = "line of some text\n".repeat(28_000);
    plays.set("half a megabyte", (count) =>
      count === 1
        ? speak({ tools: [{ name: "create_file", input: { path: "large.txt", content } }] })
        : speak({ text: "There it is." }),
    );
    const { client, run, conversation } = await start("half a megabyte");
    expect((await ended(client, run)).status).toBe("completed");
    const shown = await answer(client, conversation);
    const block = shown?.blocks.find(({ type }) => type === "tool");
    expect(block).toMatchObject({ result: { state: "completed" }, input: { path: "large.txt", content } });
    const { projectId } = (await client.get(`/api/runs/${run}`)).json();
    const file = (await client.get(`/api/projects/${String(projectId)}/files/large.txt`)).json();
    expect(file.content as unknown as string).toBe(content);
    expect(file.rev).toBe(1);
  });

  test.each([
    ["nested 1,000 levels deep", `{"path":${"[".repeat(1000)}${"]".repeat(1000)}}`, /nested more than 64 levels/],
    ["of 2 MB", JSON.stringify({ path: "a.txt", content: "x".repeat(2_000_000) }), /longer than 1,000,000 characters/],
    ["that is no object", `["a","b"]`, /not a JSON object|does not fit/],
    ["that is no JSON", `{"path": "a`, /not a JSON object|does not fit/],
  ])("an input %s fails its call alone, and the model is told why", async (kind, input, why) => {
    plays.set(`input ${kind}`, (count, results) =>
      count === 1
        ? events(
            { type: "tool", id: "odd", name: "create_file" },
            { type: "tool-input", text: input },
            { type: "tool", id: "fine", name: "create_file" },
            { type: "tool-input", text: JSON.stringify({ path: "fine.txt", content: "fine" }) },
            stop("tool_use"),
          )
        : speak({ text: `Told: ${results.join(" | ")}` }),
    );
    const { client, run, conversation } = await start(`input ${kind}`);
    expect((await ended(client, run)).status).toBe("completed");
    expect(asked.get(`input ${kind}`)).toBe(2);
    const shown = await answer(client, conversation);
    expect(shown?.text).toMatch(why);
    expect(shown?.text).toContain("Created fine.txt.");
  });

  test("an input nested 10,000 levels deep fails the run at once, with a clear message and a refund", async () => {
    plays.set("as deep as it gets", () =>
      events(
        { type: "tool", id: "deep", name: "create_file" },
        { type: "tool-input", text: `{"path":${"[".repeat(10_000)}${"]".repeat(10_000)}}` },
        stop("tool_use"),
      ),
    );
    const { client, run } = await start("as deep as it gets");
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "answer_too_deep"]);
    expect(asked.get("as deep as it gets")).toBe(1);
    expect(await used(client)).toBe(0);
    expect(await rows(cloud, "ledger", (row) => row.runID === run && row.call === "1.1")).toHaveLength(1);
  });

  test("of 1,000 calls in one answer 128 run, and the model hears of the others", async () => {
    plays.set("a thousand calls", (count, results) =>
      count === 1
        ? speak({ tools: Array.from({ length: 1000 }, () => ({ name: "list_files", input: {} })) })
        : speak({ text: `${results.filter((result) => /at most 128 calls/.test(result)).length} did not run` }),
    );
    const { client, run, conversation } = await start("a thousand calls");
    expect((await ended(client, run)).status).toBe("completed");
    expect((await answer(client, conversation))?.text).toContain("872 did not run");
  });

  test("of 40 questions in one answer 30 are asked at once, and the others after them", async () => {
    const paths = Array.from({ length: 12 }, (_, n) => `many/${n}.txt`);
    plays.set("forty questions", (count) =>
      count === 1
        ? speak({ tools: [...paths.map((path) => ({ name: "create_file", input: { path, content: "x" } }))] })
        : count === 2
          ? speak({ tools: Array.from({ length: 40 }, () => ({ name: "delete_files", input: { paths: ["many"] } })) })
          : speak({ text: "Done." }),
    );
    const { client, run } = await start("forty questions");
    for (const expected of [30, 10]) {
      const open = await until(async () => {
        const { approvals } = (await client.get("/api/approvals")).json() as unknown as { approvals: { id: string }[] };
        return approvals.length === expected ? approvals : undefined;
      }, `${expected} questions`);
      for (const { id } of open) await client.post(`/api/runs/${run}/approvals/${id}`, { answer: "deny" });
    }
    expect((await ended(client, run)).status).toBe("completed");
  });
});
