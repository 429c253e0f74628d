import { expect, test } from "vitest";
import { allEvents, ended, signIn, type Client } from "../support/client.ts";
import { projectWith } from "../support/page.ts";
import { startScripted } from "../support/scripted.ts";

/** What the agent is told of how to work: by the team, by the person, and by the project's files. */

const model = startScripted({ name: "Instructing admin", role: "admin" });

/** What was told as instructions, in order. */
function told(): string[] {
  return (model.requests.at(-1)?.messages ?? []).flatMap(({ role, content }) =>
    content.flatMap((block) =>
      role === "user" && "text" in block && block.text.startsWith("<slipway-instructions") ? [block.text] : [],
    ),
  );
}

async function ask(client: Client, project: string, message: string, conversation?: string): Promise<string[]> {
  const conversationId =
    conversation ?? String((await client.post(`/api/projects/${project}/conversations`, {})).json().id);
  const run = String((await client.post("/api/messages", { conversationId, message })).json().runId);
  await ended(client, run);
  const { events } = await allEvents(client, run);
  const notices = events.flatMap((event) =>
    event.type === "block-finished" && event.block.type === "notice" ? [event.block.text] : [],
  );
  return [conversationId, ...notices];
}

test("the team's, the person's and the root's come first, each once, and are shown", async () => {
  const client = await signIn(model.cloud.url, { name: "Instructed" });
  await model.client.request("PUT", "/api/admin/instructions", { body: { text: "Write tests." } });
  await client.request("PUT", "/api/me/instructions", { body: { text: "Call me Ada." } });
  const project = await projectWith(client, {
    "AGENTS.md": "Use tabs.\n",
    "CLAUDE.md": "Use tabs.\n",
    ".cursorrules": "No semicolons.\n",
  });
  const [conversation = "", shown] = await ask(client, project, "hello");
  expect(told().map((text) => /from="([^"]+)"/.exec(text)?.[1])).toEqual([
    "the team",
    "the person",
    "AGENTS.md",
    ".cursorrules",
  ]);
  expect(shown).toBe("Follows the team's instructions, your instructions, AGENTS.md, .cursorrules.");
  expect(await ask(client, project, "again", conversation)).toEqual([conversation]);
  expect(told()).toHaveLength(4);
  await client.request("PUT", "/api/me/instructions", { body: { text: "Call me Grace." } });
  expect(await ask(client, project, "and again", conversation)).toEqual([conversation, "Follows your instructions."]);
  expect(told()).toHaveLength(5);
  await model.client.request("PUT", "/api/admin/instructions", { body: { text: "" } });
});

test("a folder's are told once something in it is read", async () => {
  const client = await signIn(model.cloud.url, { name: "Nested" });
  const project = await projectWith(client, {
    "web/AGENTS.md": "Solid, not React.\n",
    "web/src/CLAUDE.md": "Small files.\n",
    "web/src/a.ts": "1\n",
    "api/AGENTS.md": "Never told.\n",
  });
  const read = { name: "read_file", input: { path: "web/src/a.ts" } };
  model.steps = [{ tools: [read] }, { tools: [read] }];
  const [, ...shown] = await ask(client, project, "look");
  expect(shown).toEqual(["Follows web/AGENTS.md, web/src/CLAUDE.md."]);
  expect(told().map((text) => /from="([^"]+)"/.exec(text)?.[1])).toEqual(["web/AGENTS.md", "web/src/CLAUDE.md"]);
});

test("only admins see or change the team's, and too long a text is refused", async () => {
  const client = await signIn(model.cloud.url, { name: "Curious" });
  expect((await client.get("/api/admin/instructions")).status).toBe(403);
  expect((await client.request("PUT", "/api/admin/instructions", { body: { text: "x" } })).status).toBe(403);
  expect((await client.request("PUT", "/api/me/instructions", { body: { text: "x".repeat(8001) } })).status).toBe(422);
  expect((await client.get("/api/me/instructions")).json()).toEqual({ text: "" });
});
