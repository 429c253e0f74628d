import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, test } from "vitest";
import { functionBuild } from "../../scripts/bundles.ts";
import { allEvents, ended, listen, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastResults, speak, stepsTaken, type Cloud } from "../support/cloud.ts";
import { temporaryFolder } from "../support/stack.ts";

/** A tool that answers "pending": the workflow waits without a function, and a later turn asks the tool again. */

const folder = temporaryFolder();
let cloud: Cloud & { remove(): Promise<void> };

beforeAll(async () => {
  const outfile = join(folder.path, "turn.mjs");
  await build(functionBuild({ entry: join(import.meta.dirname, "../support/turn-with-await-file.ts"), outfile }));
  cloud = await cloudWith({
    bundles: { turn: outfile },
    script(request) {
      if (isTitle(request)) return speak({ text: "Waiting for a file" });
      if (stepsTaken(request) > 0) return speak({ text: `Told: ${lastResults(request).join(" | ")}` });
      return speak({
        text: "I wait.",
        tools: [
          { name: "create_file", input: { path: "before.txt", content: "before" } },
          { name: "await_file", input: { path: "one.txt" } },
          { name: "await_file", input: { path: "two.txt" } },
          { name: "create_file", input: { path: "after.txt", content: "after" } },
        ],
      });
    },
  });
});
afterAll(async () => {
  await cloud.remove();
  folder.remove();
});

async function start(name: string) {
  const client = await signIn(cloud.url, { name });
  const started = (await client.post("/api/projects/create-with-prompt", { prompt: "wait for it" })).json();
  return {
    client,
    project: String(started.projectId),
    run: String(started.runId),
    conversation: String(started.conversationId),
  };
}

const put = (client: Client, project: string, path: string) =>
  client.request("PUT", `/api/projects/${project}/files/${path}`, { body: { content: path.toUpperCase() } });

/** The tools whose results are shown, in the order in which they were. */
async function shown(client: Client, run: string): Promise<string[]> {
  const { events } = await allEvents(client, run);
  return events.flatMap((event) =>
    event.type === "block-finished" && event.block.type === "tool" && event.block.result
      ? [`${event.block.title}: ${event.block.result.state}`]
      : [],
  );
}

async function turns(): Promise<number> {
  return (await cloud.stats()).lambda.turn?.invocations ?? 0;
}

test("the step's other calls finish, and the model gets all results in call order", async () => {
  const { client, project, run, conversation } = await start("Patient");
  const listener = await listen(client, project);
  const progress = await listener.next((message) => message.type === "tool-progress");
  expect(progress).toMatchObject({ runId: run, text: "2 files, and no one.txt" });
  expect(await shown(client, run)).toEqual(["Create: completed", "Create: completed"]);
  expect((await client.get(`/api/runs/${run}`)).json().status).toBe("running");

  await put(client, project, "two.txt");
  await until(async () => ((await shown(client, run)).length === 3 ? true : undefined), "the second call's result");
  // A turn that dies while a call is pending repeats nothing either.
  const before = await turns();
  await cloud.kill("turn");
  await until(async () => ((await turns()) > before + 1 ? true : undefined), "two more turns");
  await put(client, project, "one.txt");
  expect((await ended(client, run)).status).toBe("completed");

  expect(await shown(client, run)).toHaveLength(4);
  const { messages } = (await client.get(`/api/conversations/${conversation}/messages`)).json() as unknown as {
    messages: { text: string }[];
  };
  expect(messages.at(-1)?.text).toContain(
    "Told: Created before.txt. | one.txt holds ONE.TXT | two.txt holds TWO.TXT | Created after.txt.",
  );
  const { commits } = (await client.get(`/api/projects/${project}/changes?since=0`)).json() as unknown as {
    commits: unknown[];
  };
  expect(commits).toHaveLength(4);
  listener.close();
});

test("a cancel while the workflow waits ends the run at once and the execution soon after", async () => {
  const { client, project, run } = await start("Impatient");
  await until(async () => ((await shown(client, run)).length === 2 ? true : undefined), "the calls that finish");
  await client.post("/api/messages/cancel", { projectId: project });
  const { events } = await allEvents(client, run);
  expect(events.at(-1)).toMatchObject({ type: "run-finished", status: "cancelled" });
  const settled = (await cloud.stats()).lambda.settle?.invocations ?? 0;
  await put(client, project, "one.txt");
  await until(
    async () => (((await cloud.stats()).lambda.settle?.invocations ?? 0) > settled ? true : undefined),
    "the execution to settle",
  );
  expect((await allEvents(client, run)).events).toEqual(events);
  expect((await client.get("/api/agent/usage")).json().used).toBe(1);
});
