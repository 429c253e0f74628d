import { ModelRefusal } from "@slipway/local/bedrock/refusal";
import type { ConverseRequest, ModelEvent } from "@slipway/local/bedrock/converse";
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

let guard: (request: ConverseRequest) => void = () => undefined;
let onRequest: (request: ConverseRequest) => void = () => undefined;

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "<think>A short one.</think>\n\nA title" });
      onRequest(request);
      guard(request);
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

async function answerIn(client: Client, conversation: string) {
  const { messages } = (await client.get(`/api/conversations/${conversation}/messages`)).json() as unknown as {
    messages: { text: string; blocks: Block[]; status: string }[];
  };
  return messages.at(-1);
}

async function pathsIn(client: Client, run: string): Promise<string[]> {
  const { projectId } = (await client.get(`/api/runs/${run}`)).json();
  const { files } = (await client.get(`/api/projects/${String(projectId)}/files`)).json() as unknown as {
    files: { path: string }[];
  };
  return files.map(({ path }) => path);
}

const call = (id: string, name: string, input: string): ModelEvent[] => [
  { type: "tool", id, name },
  { type: "tool-input", text: input },
];
const file = (path: string) => JSON.stringify({ path, content: "x" });

describe("calls of one answer", () => {
  test.each([
    ["the same id", "call_1"],
    ["an empty id", ""],
    ["an id that no provider takes back", "1:ö"],
  ])("with %s are done each, told each, and do not keep later messages from being answered", async (kind, id) => {
    plays.set(`two calls with ${kind}`, (count, results) =>
      count === 1
        ? events(
            ...call(id, "create_file", file("one.txt")),
            ...call(id, "create_file", file("two.txt")),
            stop("tool_use"),
          )
        : speak({ text: `Told: ${results.join(" | ")}` }),
    );
    const { client, run, conversation } = await start(`two calls with ${kind}`);
    expect((await ended(client, run)).status).toBe("completed");
    expect((await answerIn(client, conversation))?.text).toBe("Told: Created one.txt. | Created two.txt.");
    expect(await pathsIn(client, run)).toEqual(["one.txt", "two.txt"]);
    // The stand-in refuses a history that Bedrock would refuse.
    const next = await client.post("/api/messages", { conversationId: conversation, message: "and now?" });
    expect((await ended(client, String(next.json().runId))).status).toBe("completed");
  });
});

describe("an answer that is not whole", () => {
  test("does nothing, and is asked for again a few times", async () => {
    plays.set("breaks off always", () =>
      events(...call("a", "create_file", file("whole.txt")), ...call("b", "create_file", '{"path":"half.txt","cont'), {
        type: "cut",
        how: "no-stop",
      }),
    );
    const { client, run } = await start("breaks off always");
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "answer_incomplete"]);
    expect(error?.message).toMatch(/break off/);
    expect(asked.get("breaks off always")).toBe(3);
    expect(await pathsIn(client, run)).toEqual([]);
    expect(await used(client)).toBe(0);
  });

  test("at its limit of length does nothing, and the model is told so before the run fails with a refund", async () => {
    let tries = 0;
    const tooLong = () => {
      tries++;
      return events(
        ...Array.from({ length: 150 }, (_, n) => call(`a${n}`, "create_file", file(`whole-${n}.txt`))).flat(),
        ...call("b", "create_file", '{"path":"half.txt","cont'),
        { type: "stop", reason: "max_tokens", usage },
      );
    };
    const note =
      "Your answer reached its limit of length, so none of its tool calls ran. Continue in smaller steps: write large files in several parts.";
    plays.set("always too long", tooLong);
    plays.set(`<slipway-note>\n${note}\n</slipway-note>`, tooLong);
    const { client, run, conversation } = await start("always too long");
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "answer_too_long"]);
    expect(tries).toBe(3);
    expect(await pathsIn(client, run)).toEqual([]);
    expect(await used(client)).toBe(0);
    const blocks = (await answerIn(client, conversation))?.blocks ?? [];
    expect(blocks.every((block) => block.type !== "tool" || block.result?.state === "failed")).toBe(true);
    const next = await client.post("/api/messages", { conversationId: conversation, message: "and now?" });
    expect((await ended(client, String(next.json().runId))).status).toBe("completed");
  });

  test("at its limit of length is continued", async () => {
    const note = "Your answer reached its limit of length. Continue exactly where it ends.";
    plays.set("a long story", () =>
      events({ type: "text", text: "Once upon" }, { type: "stop", reason: "max_tokens", usage }),
    );
    plays.set(`<slipway-note>\n${note}\n</slipway-note>`, () => speak({ text: " a time." }));
    const { client, run, conversation } = await start("a long story");
    expect((await ended(client, run)).status).toBe("completed");
    expect((await answerIn(client, conversation))?.text).toMatch(/^Once upon\s+a time\.$/);
  });

  test("that is empty once is asked for again", async () => {
    plays.set("empty once", (count) => (count === 1 ? events(stop()) : speak({ text: "Here." })));
    const { client, run, conversation } = await start("empty once");
    expect((await ended(client, run)).status).toBe("completed");
    expect((await answerIn(client, conversation))?.text).toBe("Here.");
  });
});

describe("a model that is stuck", () => {
  /** Makes the calls of a round again and again. Resolves to what it did. */
  async function stuck(kind: string, round: readonly ("read" | "list")[]) {
    const seen = { steps: 0, told: 0 };
    const play = () => {
      const what = round[seen.steps++ % round.length];
      return what === "read"
        ? speak({ tools: [{ name: "read_file", input: { path: "none.txt" } }] })
        : speak({ tools: [{ name: "list_files", input: {} }] });
    };
    plays.set(kind, play);
    for (let repeats = 3; repeats < 12; repeats++) {
      const note = `You have now made the same calls ${repeats} times in a row, with the same results. Do something else, or say what keeps you from it.`;
      plays.set(`<slipway-note>\n${note}\n</slipway-note>`, () => {
        seen.told++;
        return play();
      });
    }
    return { ...(await start(kind)), seen };
  }
  const questions = async (client: Client, run: string, count: number) =>
    until(async () => {
      const { events } = await allEvents(client, run);
      const asked = events.flatMap((event) => (event.type === "approval-requested" ? [event.approval] : []));
      return asked.length >= count ? asked : undefined;
    }, `${count} questions`);

  test("and makes two calls in turn for ever is told, and then the run ends with the reason", async () => {
    const { client, run, seen } = await stuck("makes two calls in turn for ever", ["read", "list"]);
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "repeated_calls"]);
    expect(seen.steps).toBe(5 * 2);
    expect(seen.told).toBeGreaterThan(2);
  });

  test("and makes one call for ever is told, and a person is asked at every third one", async () => {
    const { client, run, seen } = await stuck("makes one call for ever", ["read"]);
    const [first] = await questions(client, run, 1);
    expect(first).toMatchObject({ tool: "go_on", patterns: [], reason: expect.stringContaining("3 times in a row") });
    expect(seen.steps).toBe(3);
    const lasting = await client.post(`/api/runs/${run}/approvals/${first?.id}`, { answer: "allow", scope: "project" });
    expect(lasting.json().error).toMatchObject({ code: "invalid_input" });
    await client.post(`/api/runs/${run}/approvals/${first?.id}`, { answer: "allow" });
    const [, second] = await questions(client, run, 2);
    expect([seen.steps, seen.told]).toEqual([6, 3]);
    await client.post(`/api/runs/${run}/approvals/${second?.id}`, { answer: "deny" });
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "repeated_calls"]);
    expect(seen.steps).toBe(6);
  });
});

describe("a model without sight", () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
  const withImage = (request: ConverseRequest) =>
    request.messages.some(({ content }) => content.some((block) => "image" in block));

  test("gets a note in place of an image, people are told, and later messages are answered", async () => {
    const { client, conversation, run } = await start("hello");
    await ended(client, run);
    const { projectId } = (await client.get(`/api/runs/${run}`)).json();
    const made = await client.post("/api/uploads", { projectId, size: png.length });
    const { id, url } = made.json();
    await fetch(String(url), { method: "PUT", body: png });
    guard = (request) => (withImage(request) ? refuse(400, "ValidationException") : undefined);
    const seen: string[] = [];
    const look = (request: ConverseRequest) => void seen.push(JSON.stringify(request.messages));
    onRequest = look;
    try {
      plays.set("what is this?", () => speak({ text: "I cannot see it." }));
      const sent = await client.post("/api/messages", {
        conversationId: conversation,
        message: "what is this?",
        attachments: [{ upload: id, name: "sketch.png" }],
      });
      expect((await ended(client, String(sent.json().runId))).status).toBe("completed");
      expect(seen.at(-1)).toContain("this model reads no images");
      const shown = await answerIn(client, conversation);
      expect(shown?.blocks.map(({ type }) => type)).toEqual(["notice", "text"]);
      const next = await client.post("/api/messages", { conversationId: conversation, message: "and now?" });
      expect((await ended(client, String(next.json().runId))).status).toBe("completed");
      expect((await answerIn(client, conversation))?.blocks.map(({ type }) => type)).toEqual(["text"]);
    } finally {
      guard = () => undefined;
      onRequest = () => undefined;
    }
  });
});

test("of more images than a provider takes the newest are seen, and the conversation continues", async () => {
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]);
  const { client, conversation, run } = await start("hello");
  await ended(client, run);
  const { projectId } = (await client.get(`/api/runs/${run}`)).json();
  const upload = async (name: string) => {
    const { id, url } = (await client.post("/api/uploads", { projectId, size: png.length })).json();
    await fetch(String(url), { method: "PUT", body: png });
    return { upload: id, name };
  };
  const counts: number[] = [];
  onRequest = ({ messages }) =>
    void counts.push(messages.flatMap(({ content }) => content.filter((block) => "image" in block)).length);
  try {
    for (let message = 0; message < 3; message++) {
      const names = Array.from({ length: 8 }, (_, at) => `${message * 8 + at}.png`);
      const attachments = await Promise.all(names.map(upload));
      const body = { conversationId: conversation, message: `look at ${names.join(" and ")}`, attachments };
      plays.set(body.message, () => speak({ thinking: "Eight of them.", text: "Seen." }));
      const sent = await client.post("/api/messages", body);
      expect((await ended(client, String(sent.json().runId))).status).toBe("completed");
      expect((await answerIn(client, conversation))?.text).toBe("Seen.");
    }
    expect(counts).toEqual([8, 16, 14]);
  } finally {
    onRequest = () => undefined;
  }
});

describe("thinking between tags", () => {
  test("is thinking, and no part of the title", async () => {
    plays.set("think first", () => speak({ text: "<think>Well …</think>\n\nHere it is." }));
    const { client, run, conversation } = await start("think first");
    expect((await ended(client, run)).status).toBe("completed");
    const shown = await answerIn(client, conversation);
    expect(shown?.text).toBe("Here it is.");
    expect(shown?.blocks.map(({ type }) => type)).toEqual(["thinking", "text"]);
    const title = await until(
      async () => String((await client.get(`/api/conversations/${conversation}`)).json().title) || undefined,
      "a title",
    );
    expect(title).toBe("A title");
  });
});

describe("what a model may produce at most", () => {
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
    const shown = await answerIn(client, conversation);
    expect(shown?.status).toBe("completed");
    expect(shown?.blocks.length).toBeGreaterThan(1);
    // The conversation continues: what it held before does not keep the next message from being read.
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
    const shown = await answerIn(client, conversation);
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
    const shown = await answerIn(client, conversation);
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
    expect((await answerIn(client, conversation))?.text).toContain("872 did not run");
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
