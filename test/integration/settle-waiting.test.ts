import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, until } from "../support/client.ts";
import { cloudWith, isTitle, speak, type Cloud } from "../support/cloud.ts";

/** Functions that end a run also resume the execution that waits for its approval, under their own grants. */

let cloud: Cloud & { remove(): Promise<void> };

beforeAll(async () => {
  cloud = await cloudWith({
    script: (request) =>
      speak(isTitle(request) ? { text: "A title" } : { tools: [{ name: "delete_files", input: { paths: ["many"] } }] }),
  });
});
afterAll(() => cloud.remove());

test("settles a run that waits for an approval", async () => {
  const client = await signIn(cloud.url, { name: "Ada", plan: "pro" });
  const project = String((await client.post("/api/projects", { name: "Test" })).json().id);
  // Deleting more than ten files needs an approval.
  await client.post(`/api/projects/${project}/changes`, {
    changes: Array.from({ length: 12 }, (_, n) => ({ op: "put", path: `many/${n}.txt`, content: "x" })),
  });
  const conversationId = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  const runID = String((await client.post("/api/messages", { conversationId, message: "go" })).json().runId);
  const status = async () => String((await client.get(`/api/runs/${runID}`)).json().status);
  await until(async () => (await status()) === "waiting" || undefined, "the run to wait");
  // The workflow hands its token over right after the run begins to wait.
  await until(
    async () => ((await cloud.stats()).lambda.approval?.invocations ?? 0) > 0 || undefined,
    "the approval function",
  );
  await cloud.invoke("settle", { runID, error: "States.Timeout" });
  expect(await status()).toBe("failed");
});
