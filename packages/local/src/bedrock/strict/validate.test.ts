import { describe, expect, test } from "vitest";
import { ConverseRequest } from "../converse.ts";
import { ModelRefusal } from "../refusal.ts";
import { servedModel, type ServedModel } from "../served-models.ts";
import { validateRequest } from "./validate.ts";

const claude = "global.anthropic.claude-sonnet-5-5";
const haiku45 = "us.anthropic.claude-haiku-4-5-20251001-v1:0";
const llama = "meta.llama3-3-70b-instruct-v1:0";
const nova = "us.amazon.nova-pro-v1:0";

const tool = (name: string) => ({
  toolSpec: { name, description: "A tool.", inputSchema: { json: { type: "object" } } },
});
const toolConfig = { tools: [tool("read_file")] };
const use = (toolUseId: string, name = "read_file", input: unknown = {}) => ({ toolUse: { toolUseId, name, input } });
const result = (toolUseId: string, text = "ok") => ({ toolResult: { toolUseId, content: [{ text }] } });
const point = (ttl?: string) => ({ cachePoint: { type: "default", ...(ttl === undefined ? {} : { ttl }) } });
const png = (bytes = 100) => ({ image: { format: "png", source: { bytes: base64("\x89PNG\r\n\x1a\n", bytes) } } });
const pdf = (name: string, bytes = 100) => ({
  document: { format: "pdf", name, source: { bytes: base64("%PDF-1.7", bytes) } },
});
const thought = { reasoningContent: { reasoningText: { text: "Hm.", signature: "c2lnbmVk" } } };
const go = [{ text: "go" }];

function base64(head: string, bytes: number): string {
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.alloc(bytes)]).toString("base64");
}

function modelOf(id: string): ServedModel {
  const model = servedModel(id);
  if (model === undefined) throw new Error(`${id} is not served`);
  return model;
}

/** Contents of alternating messages, the user's first. */
const talk = (...contents: unknown[][]) =>
  contents.map((content, at) => ({ role: at % 2 === 0 ? "user" : "assistant", content }));

function validate(request: object, model: ServedModel | string = claude): void {
  const parsed = ConverseRequest.parse({ messages: talk(go), toolConfig, ...request });
  validateRequest(parsed, typeof model === "string" ? modelOf(model) : model);
}

function refusalOf(run: () => void): ModelRefusal {
  try {
    run();
  } catch (error) {
    if (error instanceof ModelRefusal) return error;
    throw error;
  }
  throw new Error("It was taken.");
}

test("takes a conversation with calls, results, an image, cache points and limits within range", () => {
  validate({
    system: [{ text: "Be brief." }, point("1h")],
    messages: talk(
      [{ text: "go" }, png()],
      [use("a-1_B"), use("b")],
      [result("b"), result("a-1_B"), { text: "and then?" }, point()],
    ),
    inferenceConfig: { maxTokens: 32_000 },
  });
});

describe("the conversation", () => {
  test.each<[string, unknown[][], RegExp]>([
    [
      "an id with a colon",
      [go, [use("1:a")], [result("1:a")]],
      /^1 validation error detected: Value '1:a' at 'messages\.2\.member\.content\.1\.member\.toolUse\.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: \[a-zA-Z0-9_-\]\+$/,
    ],
    ["an empty id", [go, [use("")], [result("")]], /length greater than or equal to 1/],
    [
      "an id of 65 characters",
      [go, [use("a".repeat(65))], [result("a".repeat(65))]],
      /length less than or equal to 64/,
    ],
    [
      "a result's id with a space",
      [go, [use("a")], [result("a b")]],
      /messages\.3\.member\.content\.1\.member\.toolResult\.toolUseId/,
    ],
    ["one id for two calls", [go, [use("a"), use("a")], [result("a")]], /ids must be unique/],
    ["one id for calls of two steps", [go, [use("a")], [result("a")], [use("a")], [result("a")]], /ids must be unique/],
    ["a name with spaces", [go, [use("a", "read file")], [result("a")]], /toolUse\.name.*pattern/],
    ["an input that is a list", [go, [use("a", "read_file", [])], [result("a")]], /toolUse\.input is invalid/],
    ["a lone surrogate in an input", [go, [use("a", "read_file", { path: "\uD83D" })], [result("a")]], /surrogates/],
    ["a lone surrogate in a result", [go, [use("a")], [result("a", "x\uD83D")]], /surrogates/],
    ["a lone surrogate in a text", [[{ text: "\uDE00" }]], /surrogates/],
    [
      "a blank text",
      [[{ text: " \n" }]],
      /^The text field in the ContentBlock object at messages\.0\.content\.0 is blank/,
    ],
    ["a blank result", [go, [use("a")], [result("a", "")]], /blank/],
    ["a message without content", [go, [], go], /^The content field in the Message object at messages\.1 is empty/],
    ["a message of a cache point alone", [go, [{ text: "ok" }], [point()]], /messages\.2 is empty/],
    ["no messages", [], /must start with a user message/],
    [
      "words before the results",
      [go, [use("a")], [{ text: "wait" }, result("a")]],
      /must come before any other content/,
    ],
    ["a result twice", [go, [use("a"), use("b")], [result("a"), result("a")]], /duplicate Ids: a/],
    [
      "more results than calls",
      [go, [use("a")], [result("a"), result("b")]],
      /exceeds the number of toolUse blocks of previous turn/,
    ],
    ["a result for no call", [[result("a")]], /exceeds the number of toolUse/],
    [
      "a result for another call",
      [go, [use("a")], [result("b")]],
      /Expected toolResult blocks at messages\.2\.content for the following Ids: a/,
    ],
    ["a call without a result", [go, [use("a"), use("b")], [result("a"), { text: "go on" }]], /following Ids: b/],
    ["a call of the user's", [[use("a")]], /toolUse content block at messages\.0\.content\.0 isn't supported/],
    ["an image of the assistant's", [go, [png()], go], /isn't supported in messages of the assistant role/],
    ["thinking of the user's", [[thought, { text: "go" }]], /reasoningContent content block at messages\.0/],
    ["a beginning of the answer", [go, [{ text: "Well," }]], /must end with a user message/],
  ])("is refused with %s", (_, contents, message) => {
    const { status, errorType, message: told } = refusalOf(() => validate({ messages: talk(...contents) }));
    expect([status, errorType]).toEqual([400, "ValidationException"]);
    expect(told).toMatch(message);
  });

  test("is refused with two messages of one role, or the assistant's first", () => {
    const twice = [...talk(go), ...talk(go)];
    expect(refusalOf(() => validate({ messages: twice })).message).toMatch(/must alternate/);
    const late = [{ role: "assistant", content: go }, ...talk(go)];
    expect(refusalOf(() => validate({ messages: late })).message).toMatch(/must start with a user message/);
  });

  test("is refused with calls but without tools", () => {
    const messages = talk(go, [use("a")], [result("a")]);
    expect(refusalOf(() => validate({ messages, toolConfig: undefined })).message).toBe(
      "The toolConfig field must be defined when using toolUse and toolResult content blocks.",
    );
  });

  test("is refused with an error that says nothing", () => {
    const failed = { toolResult: { toolUseId: "a", content: [], status: "error" } };
    const messages = talk(go, [use("a")], [failed]);
    expect(refusalOf(() => validate({ messages })).message).toMatch(/cannot be empty when status value is error/);
  });

  test("is refused with thinking of a model that does not think", () => {
    const messages = talk(go, [thought, { text: "ok" }], go);
    expect(refusalOf(() => validate({ messages }, nova)).message).toMatch(/doesn't support the reasoningContent field/);
  });

  test("is refused when it is longer than the model's context", () => {
    const small = { ...modelOf(claude), context: 32_000 };
    const messages = talk([{ text: "word ".repeat(26_000) }]);
    validate({ messages });
    expect(refusalOf(() => validate({ messages }, small)).message).toBe("Input is too long for requested model.");
  });
});

test.each<[string, object, RegExp]>([
  ["no tool", { tools: [] }, /toolConfig\.tools'.*length greater than or equal to 1/],
  ["a name of 65 characters", { tools: [tool("a".repeat(65))] }, /toolConfig\.tools\.1\.member\.toolSpec\.name.*64/],
  ["a name with a dot", { tools: [tool("a.b")] }, /pattern/],
  ["a name twice", { tools: [tool("a"), tool("a")] }, /names must be unique/],
  ["an empty description", { tools: [{ toolSpec: { ...tool("a").toolSpec, description: "" } }] }, /description/],
  [
    "a schema of no object",
    { tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "string" } } } }] },
    /^The value at toolConfig\.tools\.0\.toolSpec\.inputSchema\.json\.type must be one of the following: object\.$/,
  ],
  [
    "a schema of alternatives",
    { tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object", anyOf: [{}] } } } }] },
    /tools\.0\.custom\.input_schema: input_schema does not support oneOf, allOf, or anyOf at the top level/,
  ],
  [
    "a property with a space in its name",
    { tools: [{ toolSpec: { name: "a", inputSchema: { json: { type: "object", properties: { "a b": {} } } } } }] },
    /Property keys should match pattern/,
  ],
  ["a call that is forced", { ...toolConfig, toolChoice: { any: {} } }, /forces tool use/],
])("tools with %s are refused", (_, config, message) => {
  expect(refusalOf(() => validate({ toolConfig: config })).message).toMatch(message);
});

test("a forced call must be of a tool that is there, where a model can be forced", () => {
  validate({ toolConfig: { ...toolConfig, toolChoice: { tool: { name: "read_file" } } } }, haiku45);
  const other = { ...toolConfig, toolChoice: { tool: { name: "other" } } };
  expect(refusalOf(() => validate({ toolConfig: other }, haiku45)).message).toMatch(/'other' not found/);
});

describe("images and documents", () => {
  const many = (count: number, block: (at: number) => object) => Array.from({ length: count }, (_, at) => block(at));
  test.each<[string, unknown[], RegExp]>([
    [
      "an image of an unknown format",
      [{ image: { format: "bmp", source: { bytes: "aGk=" } } }],
      /image\.format.*enum value set: \[png, jpeg, gif, webp\]/,
    ],
    [
      "an image that is another format",
      [{ image: { ...png().image, format: "jpeg" } }],
      /does not match the provided format jpeg/,
    ],
    ["an empty image", [{ image: { format: "png", source: { bytes: "" } } }], /cannot be empty/],
    ["an image over 3.75 MB", [png(3.75 * 1024 ** 2)], /exceeds 3\.75 MB maximum/],
    ["21 images", many(21, () => png()), /too many images: 21 > 20/],
    ["6 documents", [{ text: "read" }, ...many(6, (at) => pdf(`Document ${at}`))], /up to 5 documents/],
    ["a document over 4.5 MB", [{ text: "read" }, pdf("a", 4.5 * 1024 ** 2)], /exceeds 4\.5 MB maximum/],
    ["a document with a dot in its name", [{ text: "read" }, pdf("a.pdf")], /can only contain alphanumeric/],
    ["a document with two spaces in its name", [{ text: "read" }, pdf("a  b")], /more than one consecutive whitespace/],
    ["two documents of one name", [{ text: "read" }, pdf("a"), pdf("a")], /duplicate document names/],
    ["a document without words", [pdf("a")], /text block must be included/],
  ])("%s are refused", (_, content, message) => {
    expect(refusalOf(() => validate({ messages: talk(content) })).message).toMatch(message);
  });

  test("are refused by models that do not read them, in results of tools too", () => {
    expect(refusalOf(() => validate({ messages: talk([png()]) }, llama)).message).toMatch(/image content block/);
    const seen = { toolResult: { toolUseId: "a", content: [png()] } };
    expect(refusalOf(() => validate({ messages: talk(go, [use("a")], [seen]) }, llama)).message).toMatch(/image/);
    const read = [{ text: "read" }, pdf("a")];
    expect(refusalOf(() => validate({ messages: talk(read) }, llama)).message).toMatch(/doesn't support documents/);
  });
});

describe("cache points", () => {
  test("are refused by models without a cache, as Bedrock does", () => {
    for (const request of [
      { system: [{ text: "s" }, point()] },
      { messages: talk([{ text: "go" }, point()]) },
      { toolConfig: { tools: [tool("a"), point()] } },
    ])
      expect(refusalOf(() => validate(request, llama))).toMatchObject({
        status: 403,
        errorType: "AccessDeniedException",
        message: expect.stringMatching(/did not allow prompt caching/),
      });
  });

  test("may not follow the tools of Nova, nor last an hour there", () => {
    expect(refusalOf(() => validate({ toolConfig: { tools: [tool("a"), point()] } }, nova)).status).toBe(403);
    expect(refusalOf(() => validate({ system: [{ text: "s" }, point("1h")] }, nova)).message).toMatch(/ttl of 1h/);
  });

  test.each<[string, object, RegExp]>([
    [
      "five",
      {
        system: [{ text: "a" }, point(), { text: "b" }, point(), { text: "c" }, point()],
        messages: talk([{ text: "d" }, point(), { text: "e" }, point()]),
      },
      /maximum of 4 blocks with cache_control may be provided\. Found 5/,
    ],
    ["one first in a message", { messages: talk([point(), { text: "go" }]) }, /messages\.0\.content\.0 must follow/],
    ["one first in the system", { system: [point(), { text: "s" }] }, /system\.0 must follow/],
    ["two in a row", { system: [{ text: "s" }, point(), point()] }, /system\.2 must follow/],
    [
      "one of an hour after one of five minutes",
      { system: [{ text: "s" }, point()], messages: talk([{ text: "go" }, point("1h")]) },
      /must not come after a ttl='5m'/,
    ],
    ["one of two hours", { system: [{ text: "s" }, point("2h")] }, /enum value set: \[5m, 1h\]/],
  ])("%s are refused", (_, request, message) => {
    expect(refusalOf(() => validate(request)).message).toMatch(message);
  });
});

describe("parameters", () => {
  const thinking = (fields: object) => ({ additionalModelRequestFields: { thinking: fields } });
  test.each<[string, object, string, RegExp]>([
    ["no tokens", { inferenceConfig: { maxTokens: 0 } }, claude, /maxTokens.*greater than or equal to 1/],
    [
      "more tokens than the model writes",
      { inferenceConfig: { maxTokens: 10_001 } },
      nova,
      /^The maximum tokens you requested exceeds the model limit of 10000\./,
    ],
    ["a temperature of 1.5", { inferenceConfig: { temperature: 1.5 } }, nova, /temperature.*less than or equal to 1/],
    ["a negative top-p", { inferenceConfig: { topP: -0.1 } }, nova, /topP.*greater than or equal to 0/],
    ["an empty stop sequence", { inferenceConfig: { stopSequences: [""] } }, nova, /stopSequences\.1\.member/],
    [
      "a temperature for a model without",
      { inferenceConfig: { temperature: 1 } },
      claude,
      /`temperature` is deprecated/,
    ],
    ["thinking for a model without", thinking({ type: "enabled", budget_tokens: 2000 }), nova, /Extra inputs/],
    [
      "thinking of 100 tokens",
      thinking({ type: "enabled", budget_tokens: 100 }),
      haiku45,
      /greater than or equal to 1024/,
    ],
    [
      "thinking of more than the answer",
      { ...thinking({ type: "enabled", budget_tokens: 2000 }), inferenceConfig: { maxTokens: 2000 } },
      haiku45,
      /must be greater than/,
    ],
    [
      "thinking with a temperature",
      { ...thinking({ type: "adaptive" }), inferenceConfig: { temperature: 1 } },
      haiku45,
      /may not be set when thinking/,
    ],
  ])("%s are refused", (_, request, model, message) => {
    expect(refusalOf(() => validate(request, model)).message).toMatch(message);
  });
});
