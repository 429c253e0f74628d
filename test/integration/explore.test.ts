import type { ConverseRequest } from "@slipway/local/bedrock/converse";
import { expect, test } from "vitest";
import { allEvents, ended } from "../support/client.ts";
import { lastResults, lastText, speak, type Said } from "../support/cloud.ts";
import { projectWith } from "../support/page.ts";
import { startScripted } from "../support/scripted.ts";
import { rows } from "../support/table.ts";

/** Subagents: they look into a question with a context of their own. */

const questions = ["Where is the heron?", "Where is the secret?"];
const isSubagent = (request: ConverseRequest) => JSON.stringify(request.system).includes("You answer a question about");

function play(request: ConverseRequest): Said {
  if (!isSubagent(request))
    return request.messages.length === 1
      ? { tools: questions.map((question) => ({ name: "explore", input: { question } })) }
      : { text: `It says: ${lastResults(request).join(" | ")}` };
  if (request.messages.length > 1) return { text: `Found: ${lastResults(request).join(" + ")}` };
  const isSecret = lastText(request).includes("secret");
  return {
    tools: [
      { name: "read_file", input: { path: isSecret ? ".env" : "birds.txt" } },
      { name: "create_file", input: { path: "bad.txt", content: "x" } },
    ],
  };
}

const model = startScripted({ name: "Explorer" }, {}, (request) => speak(play(request)));

test("questions are answered side by side, read only, out of the conversation, and are paid for", async () => {
  const project = await projectWith(model.client, { "birds.txt": "heron: line one\n", ".env": "KEY=1\n" });
  const conversationId = String((await model.client.post(`/api/projects/${project}/conversations`, {})).json().id);
  const run = String((await model.client.post("/api/messages", { conversationId, message: "look" })).json().runId);
  expect((await ended(model.client, run)).status).toBe("completed");

  const { events } = await allEvents(model.client, run);
  const cards = events.flatMap((event) =>
    event.type === "block-finished" && event.block.type === "tool" && event.block.result ? [event.block.result] : [],
  );
  expect(cards.map(({ state }) => state)).toEqual(["completed", "completed"]);
  // What it did is on its card, and only the answer in the conversation.
  expect(cards[0]?.output).toMatch(/^Read birds\.txt\ncreate_file bad\.txt\n\nFound: 1: heron: line one/);
  expect(cards[1]?.output).toContain("Denied: this may hold secrets");
  const last = model.requests.filter((request) => !isSubagent(request)).at(-1);
  expect(lastResults(last ?? { messages: [], system: [] })[0]).toMatch(/^Found: 1: heron: line one/);

  expect((await model.client.get(`/api/projects/${project}/files`)).text).not.toContain("bad.txt");
  const calls = await rows(model.cloud, "ledger", (row) => row.runID === run);
  expect(calls.filter(({ call }) => String(call).startsWith("call-1-"))).toHaveLength(4);
  const { messages } = (await model.client.get(`/api/conversations/${conversationId}/messages`)).json();
  expect(JSON.stringify(messages)).toContain('"tokens":{"input":');
});
