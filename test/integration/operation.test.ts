import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "@slipway/contract/operation";
import { ended, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle, speak, stepsTaken, type Cloud } from "../support/cloud.ts";
import { putRows, rows } from "../support/table.ts";
import { freePort, startStack, temporaryFolder } from "../support/stack.ts";

/** Changes of many files: 202 with progress, and neither a crash nor a cancel leaves them half way without a word. */

async function fill(client: Client, project: string, folder: string, count: number): Promise<void> {
  for (let at = 0; at < count; at += 90) {
    const changes = Array.from({ length: Math.min(90, count - at) }, (_, n) => ({
      op: "put",
      path: `${folder}/${at + n}.txt`,
      content: "x",
    }));
    expect((await client.post(`/api/projects/${project}/changes`, { changes })).status).toBe(200);
  }
}
async function pathsOf(client: Client, project: string): Promise<string[]> {
  const { files } = (await client.get(`/api/projects/${project}/files`)).json() as unknown as {
    files: { path: string }[];
  };
  return files.map(({ path }) => path);
}
async function operation(client: Client, id: string): Promise<Operation> {
  return (await client.get(`/api/operations/${id}`)).json() as unknown as Operation;
}
async function begun(reply: Promise<Awaited<ReturnType<Client["post"]>>>): Promise<Operation> {
  const answered = await reply;
  expect(answered.status).toBe(202);
  return (answered.json() as unknown as { operation: Operation }).operation;
}
const finished = (client: Client, id: string) =>
  until(async () => {
    const now = await operation(client, id).catch(() => undefined);
    return now !== undefined && now.state !== "running" ? now : undefined;
  }, `the end of ${id}`);

describe("in one process", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  let client: Client;
  let project: string;
  beforeAll(async () => {
    cloud = await cloudWith({
      planLimits: { free: 50, pro: 50 },
      script: (request) => {
        if (isTitle(request)) return speak({ text: "Tidying the project up" });
        if (stepsTaken(request) > 0) return speak({ text: "Done." });
        return speak({ tools: [{ name: "delete_files", input: { paths: ["big"] } }] });
      },
    });
    client = await signIn(cloud.url, { name: "Mover" });
    project = String((await client.post("/api/projects", { name: "Large" })).json().id);
    await client.request("PATCH", `/api/projects/${project}`, { body: { settings: { approvalPolicy: "allow" } } });
  });
  afterAll(() => cloud.remove());

  test("a move of hundreds of files answers 202, survives a killed worker, and can be undone", async () => {
    await fill(client, project, "src", 400);
    const { id } = await begun(
      client.request("PATCH", `/api/projects/${project}/files/src`, { body: { path: "lib" } }),
    );
    await until(async () => ((await operation(client, id)).done > 0 ? true : undefined), "the first commit");
    await cloud.kill("operation");
    const { state, result, done, total } = await finished(client, id);
    expect({ state, done, total }).toEqual({ state: "completed", done: 400, total: 400 });
    expect((await pathsOf(client, project)).every((path) => path.startsWith("lib/"))).toBe(true);
    const undo = await begun(client.post(`/api/projects/${project}/undo`, result?.undo));
    await finished(client, undo.id);
    expect((await pathsOf(client, project)).every((path) => path.startsWith("src/"))).toBe(true);
  });

  test("a cancelled delete stops, reports its progress, and can be undone", async () => {
    const { id } = await begun(client.request("DELETE", `/api/projects/${project}/files/src`));
    const cancelled = (await client.post(`/api/operations/${id}/cancel`, {})).json() as unknown as Operation;
    expect(cancelled.state).toBe("cancelled");
    const left = await pathsOf(client, project);
    expect(left).toHaveLength(400 - cancelled.done);
    expect((await operation(client, id)).done).toBe(cancelled.done);
    const stranger = await signIn(cloud.url, { name: "Stranger" });
    expect((await stranger.get(`/api/operations/${id}`)).status).toBe(404);
    expect((await stranger.post(`/api/operations/${id}/cancel`, {})).status).toBe(404);
    await client.request("DELETE", `/api/projects/${project}/files/src`);
    await until(async () => ((await pathsOf(client, project)).length === 0 ? true : undefined), "an empty project");
  });

  test("an operation whose execution is gone is given another by the sweep", async () => {
    await fill(client, project, "lost", 900);
    const { id } = await begun(client.request("DELETE", `/api/projects/${project}/files/lost`));
    await until(() => Promise.resolve(cloud.endExecution("file-operation", `${id}-1`) || undefined), "its end");
    await cloud.kill("operation");
    const [row] = await rows(cloud, "operation", ({ operationID }) => operationID === id);
    expect(row?.state).toBe("running");
    const touchedAt = Date.now() - 3_600_000;
    const gsi1sk = String(row?.gsi1sk).replace(String(row?.touchedAt), String(touchedAt));
    await putRows(cloud, [{ ...row, touchedAt, gsi1sk }]);
    await cloud.invoke("sweep", {});
    expect(await finished(client, id)).toMatchObject({ state: "completed" });
    expect(await pathsOf(client, project)).toEqual([]);
  });

  test("a run deletes a large folder without holding its turn, and nothing more once cancelled", async () => {
    await fill(client, project, "big", 1200);
    const conversation = String((await client.post(`/api/projects/${project}/conversations`, {})).json().id);
    const run = (await client.post("/api/messages", { conversationId: conversation, message: "tidy up" })).json();
    await until(
      async () => ((await pathsOf(client, project)).length < 1200 ? true : undefined),
      "the first of the deletes",
    );
    await client.post("/api/messages/cancel", { projectId: project });
    expect((await ended(client, String(run.runId))).status).toBe("cancelled");
    const { rev } = (await client.get(`/api/projects/${project}/changes?since=0`)).json();
    await cloud.invoke("sweep", {});
    const after = (await client.get(`/api/projects/${project}/changes?since=0`)).json();
    expect(after.rev).toBe(rev);

    const again = (await client.post("/api/messages", { conversationId: conversation, message: "go on" })).json();
    expect((await ended(client, String(again.runId))).status).toBe("completed");
    expect(await pathsOf(client, project)).toEqual([]);
    const changes = (await client.get(`/api/runs/${String(again.runId)}/changes`)).json() as unknown as {
      files: { op: string }[];
    };
    expect(changes.files.length).toBeGreaterThan(0);
    expect(changes.files.every(({ op }) => op === "deleted")).toBe(true);
  });
});

test("a move, a delete and an undo each survive a kill of everything", async () => {
  const folder = temporaryFolder();
  const port = await freePort();
  let stack = await startStack({ data: folder.path, port });
  try {
    const client = await signIn(stack.url, { name: "Survivor" });
    const project = String((await client.post("/api/projects", { name: "Large" })).json().id);
    await fill(client, project, "a", 500);
    const killDuring = async (id: string) => {
      await until(async () => ((await operation(client, id)).done > 0 ? true : undefined), "the first commit");
      await stack.kill();
      stack = await startStack({ data: folder.path, port });
      return finished(client, id);
    };
    const move = await begun(client.request("PATCH", `/api/projects/${project}/files/a`, { body: { path: "b" } }));
    expect(await killDuring(move.id)).toMatchObject({ state: "completed", done: 500 });
    expect((await pathsOf(client, project)).filter((path) => path.startsWith("b/"))).toHaveLength(500);
    const removal = await begun(client.request("DELETE", `/api/projects/${project}/files/b`));
    const removed = await killDuring(removal.id);
    expect(await pathsOf(client, project)).toEqual([]);
    const undo = await begun(client.post(`/api/projects/${project}/undo`, removed.result?.undo));
    expect(await killDuring(undo.id)).toMatchObject({ state: "completed" });
    expect((await pathsOf(client, project)).filter((path) => path.startsWith("b/"))).toHaveLength(500);
  } finally {
    await stack.stop();
    folder.remove();
  }
});
