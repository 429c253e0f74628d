import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";

/** The demo model with the agent's real tools and their limits. */

let cloud: Cloud & { remove(): Promise<void> };
let ada: Client;
beforeAll(async () => {
  cloud = await cloudWith({ demoPace: 0 });
  ada = await signIn(cloud.url, { name: "Ada", plan: "pro" });
});
afterAll(() => cloud.remove());

test("replaces a word in every one of 259 files, renames none, and undoes it", async () => {
  const project = String((await ada.post("/api/projects", {})).json().id);
  const contents = new Map(
    Array.from({ length: 259 }, (_, n) => [`src/acme-${n}.ts`, `import { acme } from "./acme";\n// acme ${n}: acme\n`]),
  );
  const changes = [...contents].map(([path, content]) => ({ op: "put", path, content }));
  for (let at = 0; at < changes.length; at += 40)
    await ada.post(`/api/projects/${project}/changes`, { changes: changes.slice(at, at + 40) });
  const conversation = String((await ada.post(`/api/projects/${project}/conversations`, {})).json().id);
  async function ask(text: string): Promise<void> {
    const reply = (await ada.post("/api/messages", { conversationId: conversation, message: text })).json();
    expect((await ended(ada, String(reply.runId))).status).toBe("completed");
  }
  const textOf = async (path: string) => (await ada.get(`/api/projects/${project}/files/${path}`)).json().content;

  await ask("rename acme to zenith everywhere");
  for (const [path, before] of contents) expect(await textOf(path)).toBe(before.replaceAll("acme", "zenith"));
  await ask("undo that");
  for (const [path, before] of contents) expect(await textOf(path)).toBe(before);
});
