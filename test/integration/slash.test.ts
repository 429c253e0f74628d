import type { ConverseRequest } from "@slipway/local/bedrock/converse";
import { beforeEach, expect, test } from "vitest";
import { allEvents, ended, until } from "../support/client.ts";
import { lastText, speak, type Said } from "../support/cloud.ts";
import { pathsOf, projectWith } from "../support/page.ts";
import { startScripted } from "../support/scripted.ts";

/** Messages that begin with a slash: plans, shortening, and a project's own commands. */

const isSummary = (request: ConverseRequest) => JSON.stringify(request.system).includes("Write down what is needed");
let summary: Said;
const model = startScripted({ name: "Slasher" }, {}, (request) => (isSummary(request) ? speak(summary) : undefined));
beforeEach(() => (summary = { text: "## Goal\nThe heron." }));

async function conversationIn(project: string): Promise<string> {
  return String((await model.client.post(`/api/projects/${project}/conversations`, {})).json().id);
}
async function say(conversationId: string, message: string) {
  const run = String((await model.client.post("/api/messages", { conversationId, message })).json().runId);
  const { status } = await ended(model.client, run);
  const { events } = await allEvents(model.client, run);
  return { status, blocks: events.flatMap((event) => (event.type === "block-finished" ? [event.block] : [])) };
}
const lastRequest = () => JSON.stringify(model.requests.at(-1)?.messages);

test("a plan reads, changes nothing whatever it tries, and the next message may", async () => {
  const project = await projectWith(model.client, { "a.txt": "one\n" });
  const conversation = await conversationIn(project);
  const create = { name: "create_file", input: { path: "b.txt", content: "x" } };
  model.steps = [
    {
      tools: [
        { name: "read_file", input: { path: "a.txt" } },
        create,
        { name: "run_command", input: { command: "ls" } },
      ],
    },
    { text: "The plan." },
  ];
  const planned = await say(conversation, "/plan add a file");
  expect(planned.status).toBe("completed");
  const states = planned.blocks.flatMap((block) => (block.type === "tool" && block.result ? [block.result.state] : []));
  expect(states).toEqual(["completed", "denied", "denied"]);
  expect(await pathsOf(model.client, project)).toEqual(["a.txt"]);
  expect(lastRequest()).toContain("Plan only: ");
  model.steps = [{ tools: [create] }, { text: "Made." }];
  await say(conversation, "carry it out");
  expect(await pathsOf(model.client, project)).toEqual(["a.txt", "b.txt"]);
  expect(lastRequest()).toContain("Planning is over");
});

test("a list of what is to be done is shown", async () => {
  const project = await projectWith(model.client, {});
  const todos = [
    { text: "Read", state: "done" },
    { text: "Write", state: "doing" },
    { text: "Test", state: "open" },
  ];
  model.steps = [{ tools: [{ name: "update_todos", input: { todos } }] }];
  const { blocks } = await say(await conversationIn(project), "go");
  expect(blocks.flatMap((block) => (block.type === "tool" && block.result ? [block.result.output] : []))).toEqual([
    "[x] Read\n[~] Write\n[ ] Test",
  ]);
});

test("/compact shortens the conversation, keeps what it is told to keep, and is no part of it", async () => {
  const project = await projectWith(model.client, {});
  const conversation = await conversationIn(project);
  await say(conversation, "remember the heron");
  const { status, blocks } = await say(conversation, "/compact the names of birds");
  expect(status).toBe("completed");
  expect(blocks).toMatchObject([{ type: "notice", code: "compacted" }]);
  expect(lastRequest()).toContain("What the person wants kept above all: the names of birds");
  await say(conversation, "which bird?");
  expect(model.requests.at(-1)?.messages).toHaveLength(1);
  expect(lastRequest()).toContain("The heron.");
  expect(lastRequest()).toContain("remember the heron");
  expect(lastRequest()).not.toContain("/compact");
});

test("a message that joins while the conversation is shortened is answered", async () => {
  const project = await projectWith(model.client, {});
  const conversation = await conversationIn(project);
  await say(conversation, "remember the heron");
  summary = { text: "## Goal The heron stays in mind.", pace: 200 };
  const sent = await model.client.post("/api/messages", { conversationId: conversation, message: "/compact" });
  const run = String(sent.json().runId);
  await until(() => Promise.resolve(model.requests.some(isSummary) ? true : undefined), "the request for a summary");
  await model.client.post("/api/messages", { conversationId: conversation, message: "which bird?", mode: "steer" });
  expect((await ended(model.client, run)).status).toBe("completed");
  const { events } = await allEvents(model.client, run);
  const blocks = events.flatMap((event) => (event.type === "block-finished" ? [event.block.type] : []));
  expect(blocks.toSorted()).toEqual(["notice", "steer", "text"]);
  expect(lastText(model.requests.at(-1) ?? { messages: [], system: [] })).toBe("which bird?");
  expect(model.requests.filter(isSummary)).toHaveLength(1);
});

test("a project's own commands are filled in, and other slashes are ordinary words", async () => {
  const project = await projectWith(model.client, {
    ".claude/commands/review.md": "---\ndescription: Reviews\n---\nReview $1 for $2.\n",
    ".slipway/commands/test/all.md": "Run every test.\n",
  });
  const conversation = await conversationIn(project);
  await say(conversation, "/review a.ts speed");
  expect(lastText(model.requests.at(-1) ?? { messages: [], system: [] })).toBe("Review a.ts for speed.");
  await say(conversation, "/test:all");
  expect(lastText(model.requests.at(-1) ?? { messages: [], system: [] })).toBe("Run every test.");
  for (const message of ["/etc/passwd is what?", "/unknown command", "/", "/plan", "/../x"]) {
    await say(conversation, message);
    expect(lastText(model.requests.at(-1) ?? { messages: [], system: [] })).toBe(message);
  }
});
