import type { ConverseRequest } from "@slipway/local/bedrock/converse";
import { servedModel, unknownModel } from "@slipway/local/bedrock/served-models";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastResults, speak, stepsTaken, type Cloud } from "../support/cloud.ts";

/** Images and PDFs that tools read, for models that see and for one that does not. */

const [sonnet, nova] = ["global.anthropic.claude-sonnet-5-5", "us.amazon.nova-micro-v1:0"];
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const pdf = Buffer.from("%PDF-1.7\n\0\xff", "latin1");

let cloud: Cloud & { remove(): Promise<void> };
let client: Client;
let project: string;
let last: ConverseRequest | undefined;
/** What the model reads in its first step. */
let reads: readonly string[] = [];

beforeAll(async () => {
  cloud = await cloudWith({
    models: Object.fromEntries([sonnet, nova].map((id) => [id, servedModel(id) ?? unknownModel])),
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      last = request;
      const tools = reads.map((path) => ({ name: "read_file", input: { path } }));
      return speak(stepsTaken(request) === 0 && tools.length > 0 ? { tools } : { text: "Seen." });
    },
  });
  client = await signIn(cloud.url, { name: "Seer", plan: "pro" });
  project = String((await client.post("/api/projects", { name: "Pictures" })).json().id);
  const files = { "a.png": png, "docs/b.c.pdf": pdf, "c.bin": Buffer.from([0, 1, 2, 3]) };
  for (const [path, bytes] of Object.entries(files)) {
    const made = (await client.post("/api/uploads", { projectId: project, size: bytes.length })).json();
    await fetch(String(made.url), { method: "PUT", body: new Uint8Array(bytes) });
    await client.request("PUT", `/api/projects/${project}/files/${path}`, { body: { upload: String(made.id) } });
  }
});
afterAll(() => cloud.remove());

const talk = async () => String((await client.post(`/api/projects/${project}/conversations`)).json().id);

async function ask(conversation: string, model: string, paths: readonly string[]): Promise<string> {
  reads = paths;
  const body = { conversationId: conversation, message: "look", model };
  const sent = await client.post("/api/messages", body);
  expect(sent.status, sent.text).toBe(200);
  return (await ended(client, String(sent.json().runId))).status;
}

function shown(): { images: string[]; documents: string[] } {
  const blocks = (last?.messages ?? []).flatMap(({ content }) => content);
  const bytesOf = (kind: "image" | "document") =>
    blocks.flatMap((block) => (kind in block ? [JSON.stringify(block)] : []));
  return { images: bytesOf("image"), documents: bytesOf("document") };
}

test("a model that sees is shown what its tools read, the same file twice too, and in later messages", async () => {
  const conversation = await talk();
  expect(await ask(conversation, sonnet, ["a.png", "docs/b.c.pdf", "docs/b.c.pdf", "c.bin"])).toBe("completed");
  const { images, documents } = shown();
  expect(images).toEqual([expect.stringContaining(png.toString("base64"))]);
  expect(documents).toHaveLength(2);
  expect(documents[0]).toContain(pdf.toString("base64"));
  const results = last?.messages.flatMap(({ content }) =>
    content.flatMap((block) => ("toolResult" in block ? block.toolResult.content : [])),
  );
  expect(JSON.stringify(results)).toMatch(/a\.png is a PNG image.*b\.c\.pdf is a PDF.*is not text/);
  expect(await ask(conversation, sonnet, [])).toBe("completed");
  expect(shown()).toEqual({ images, documents });
});

test("more PDFs than a request may have are named and not shown", async () => {
  const conversation = await talk();
  expect(
    await ask(
      conversation,
      sonnet,
      Array.from({ length: 7 }, () => "docs/b.c.pdf"),
    ),
  ).toBe("completed");
  expect(shown().documents).toHaveLength(5);
});

test("a model that does not see is told so, and one that takes over later too", async () => {
  const conversation = await talk();
  expect(await ask(conversation, nova, ["a.png", "docs/b.c.pdf"])).toBe("completed");
  expect(shown()).toEqual({ images: [], documents: [] });
  expect(last && lastResults(last)).toEqual([
    expect.stringContaining("this model reads no images"),
    expect.stringContaining("this model reads no PDFs"),
  ]);
  expect(await ask(conversation, sonnet, ["a.png"])).toBe("completed");
  expect(shown().images).toHaveLength(1);
  expect(await ask(conversation, nova, [])).toBe("completed");
  expect(shown().images).toEqual([]);
  expect(JSON.stringify(last)).toContain("is left out here");
});
