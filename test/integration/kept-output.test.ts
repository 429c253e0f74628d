import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastResults, speak, stepsTaken, type Cloud, type Said } from "../support/cloud.ts";

/** Results that are longer than a model is told at once. */

let cloud: Cloud & { remove(): Promise<void> };
let play: (step: number, results: string[]) => Said;

beforeAll(async () => {
  cloud = await cloudWith({
    script: (request) =>
      speak(isTitle(request) ? { text: "A title" } : play(stepsTaken(request), lastResults(request))),
  });
});
afterAll(() => cloud.remove());

async function place(client: Client, name: string): Promise<{ project: string; conversation: string }> {
  const project = String((await client.post("/api/projects", { name })).json().id);
  const conversation = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  return { project, conversation };
}
async function ask(client: Client, conversationId: string, message: string): Promise<void> {
  const sent = await client.post("/api/messages", { conversationId, message });
  expect((await ended(client, String(sent.json().runId))).status).toBe("completed");
}

test("are kept whole, read on by a tool in later messages too, and by no other project", async () => {
  const client = await signIn(cloud.url, { name: "Reader", plan: "pro" });
  const here = await place(client, "Long");
  const name = (at: number) => `${"d".repeat(100)}/${"n".repeat(80)}-${String(at).padStart(4, "0")}.txt`;
  for (let from = 0; from < 450; from += 90) {
    const changes = Array.from({ length: 90 }, (_, at) => ({ op: "put", path: name(from + at), content: "x" }));
    await client.post(`/api/projects/${here.project}/changes`, { changes });
  }

  let found = "";
  let rest = "";
  play = (step, [result = ""]) => {
    if (step === 0) return { tools: [{ name: "list_files", input: {} }] };
    if (step === 1) {
      found = result;
      const [, path, startLine] = /path: "(output:[^"]+)", startLine: (\d+)/.exec(result) ?? [];
      return { tools: [{ name: "read_file", input: { path, startLine: Number(startLine) } }] };
    }
    rest = result;
    return { text: "Read." };
  };
  await ask(client, here.conversation, "find it");
  const next = found.split("\n").filter((each) => each.endsWith(".txt")).length;
  expect(next).toBeGreaterThan(100);
  expect(rest).toContain(name(next));

  const path = /output:[^"]+/.exec(found)?.[0] ?? "";
  let told = "";
  play = (step, [result = ""]) => {
    if (step === 0) return { tools: [{ name: "read_file", input: { path, startLine: 1, endLine: 1 } }] };
    told = result;
    return { text: "Read." };
  };
  await ask(client, here.conversation, "again");
  expect(told).toContain(name(0));
  const there = await place(client, "Elsewhere");
  await ask(client, there.conversation, "from elsewhere");
  expect(told).toMatch(/There is no output:/);
});
