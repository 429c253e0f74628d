import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Operation } from "@slipway/contract/operation";
import type { Transfer } from "@slipway/contract/github";
import { allEvents, ended, signIn, until, type Client } from "../support/client.ts";
import { commitTo, gitText } from "../support/git.ts";
import { begin, connect } from "../support/github.ts";
import { startGitHub, type GitHubPeer } from "../support/github-peer.ts";
import { isTitle, startPeer, stepsTaken, type Peer } from "../support/openai-peer.ts";
import { freePort, startStack, temporaryFolder, type Stack } from "../support/stack.ts";

/** kill -9 of the whole server, again and again: nothing is lost, doubled or stuck. */

const kills = 10;
const folder = temporaryFolder();
let github: GitHubPeer;
let model: Peer;
let stack: Stack;
let port: number;
let env: Record<string, string>;
let client: Client;

beforeAll(async () => {
  [github, port] = await Promise.all([startGitHub(), freePort()]);
  model = await startPeer((request) => {
    if (isTitle(request)) return { text: "Twelve little files here" };
    const step = stepsTaken(request);
    const tools =
      step < 12
        ? [{ name: "create_file", input: { path: `file-${step}.txt`, content: "start\n" } }]
        : step === 12
          ? Array.from({ length: 12 }, (_, n) => ({
              name: "edit_file",
              input: { path: `file-${n}.txt`, edits: [{ oldText: "start\n", newText: "start\nedited\n" }] },
            }))
          : [];
    return { text: "On it. ", pace: 20, tools };
  });
  env = {
    SLIPWAY_MODEL_URL: model.url,
    SLIPWAY_MODEL: "scripted",
    SLIPWAY_FREE_RUNS: "50",
    AUTH_GITHUB_ID: github.app.clientId,
    AUTH_GITHUB_SECRET: github.app.clientSecret,
    AUTH_GITHUB_URL: github.url,
  };
  stack = await startStack({ data: folder.path, port, env });
  client = await signIn(stack.url, { name: "Survivor" });
});
afterAll(async () => {
  await stack.stop();
  await Promise.all([github.close(), model.close()]);
  folder.remove();
});

async function restart(): Promise<void> {
  await stack.kill();
  stack = await startStack({ data: folder.path, port, env });
}

/** Kills the server whenever `progress` has grown since the last kill, until it has died often enough or it is done. */
async function killDuring(progress: () => Promise<number | "ended">, times = kills): Promise<number> {
  let killed = 0;
  let before = 0;
  while (killed < times) {
    const now = await until(async () => {
      const value = await progress().catch(() => undefined);
      return value === "ended" || (value !== undefined && value > before) ? value : undefined;
    }, "progress");
    if (now === "ended") break;
    before = now;
    await restart();
    killed++;
  }
  return killed;
}

async function paths(who: Client, project: string): Promise<string[]> {
  const { files } = (await who.get(`/api/projects/${project}/files`)).json() as unknown as {
    files: { path: string }[];
  };
  return files.map(({ path }) => path);
}
const revision = async (who: Client, project: string) =>
  Number((await who.get(`/api/projects/${project}/changes?since=0`)).json().rev);

test("runs survive fifteen kills: every effect once, every event once, charged once", async () => {
  let killed = 0;
  let runs = 0;
  while (killed < 15) {
    const started = (await client.post("/api/projects/create-with-prompt", { prompt: "twelve files" })).json();
    const [project, run] = [String(started.projectId), String(started.runId)];
    killed += await killDuring(async () => {
      const { status } = (await client.get(`/api/runs/${run}`)).json();
      return String(status) === "completed" ? "ended" : revision(client, project);
    }, 15 - killed);
    await ended(client, run);
    runs++;
    const { events, run: after } = await allEvents(client, run);
    expect(after.status).toBe("completed");
    expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: events.length }, (_, n) => n + 1));
    expect(await revision(client, project)).toBe(24);
    for (let n = 0; n < 12; n++) {
      const { content } = (await client.get(`/api/projects/${project}/files/file-${n}.txt`)).json();
      expect(content).toBe("start\nedited\n");
    }
  }
  expect((await client.get("/api/agent/usage")).json().used).toBe(runs);
});

describe("changes of many files", () => {
  const count = 1500;
  let project: string;

  const operation = async (id: string) => (await client.get(`/api/operations/${id}`)).json() as unknown as Operation;
  async function survive(reply: ReturnType<Client["post"]>): Promise<Operation> {
    const answered = await reply;
    expect(answered.status).toBe(202);
    const { id } = (answered.json() as unknown as { operation: Operation }).operation;
    const killed = await killDuring(async () => {
      const { state, done } = await operation(id);
      return state === "running" ? done : "ended";
    });
    expect(killed).toBe(kills);
    return until(async () => {
      const now = await operation(id).catch(() => undefined);
      return now && now.state !== "running" ? now : undefined;
    }, `the end of ${id}`);
  }

  beforeAll(async () => {
    project = String((await client.post("/api/projects", { name: "Large" })).json().id);
    for (let at = 0; at < count; at += 90) {
      const changes = Array.from({ length: Math.min(90, count - at) }, (_, n) => ({
        op: "put",
        path: `a/${at + n}.txt`,
        content: `${at + n}`,
      }));
      await client.post(`/api/projects/${project}/changes`, { changes });
    }
  });

  test("a move, a delete, an undo and a restore each survive ten kills exactly", async () => {
    const checkpoint = (await client.post(`/api/projects/${project}/checkpoints`, { label: "whole" })).json();
    const moved = await survive(client.request("PATCH", `/api/projects/${project}/files/a`, { body: { path: "b" } }));
    expect(moved).toMatchObject({ state: "completed", done: count, total: count });
    expect((await paths(client, project)).filter((path) => path.startsWith("b/"))).toHaveLength(count);
    const removed = await survive(client.request("DELETE", `/api/projects/${project}/files/b`));
    expect(removed).toMatchObject({ state: "completed", done: count });
    expect(await paths(client, project)).toEqual([]);
    const undone = await survive(client.post(`/api/projects/${project}/undo`, removed.result?.undo));
    expect(undone.state).toBe("completed");
    expect((await paths(client, project)).filter((path) => path.startsWith("b/"))).toHaveLength(count);
    const restored = await survive(client.post(`/api/projects/${project}/restore`, { rev: checkpoint.rev }));
    expect(restored.state).toBe("completed");
    const found = await paths(client, project);
    expect(found.filter((path) => path.startsWith("a/"))).toHaveLength(count);
    expect(found).toHaveLength(count);
    expect((await client.get(`/api/projects/${project}/files/a/1234.txt`)).json().content).toBe("1234");
  });
});

describe("between a project and GitHub", () => {
  const count = 1200;
  let person: Client;

  const transferOf = async (id: string) => (await person.get(`/api/transfers/${id}`)).json() as unknown as Transfer;
  async function survive(transfer: string): Promise<Transfer> {
    await killDuring(async () => {
      const { state, files, bytes } = await transferOf(transfer);
      return state === "running" ? files + bytes : "ended";
    });
    return until(async () => {
      const now = await transferOf(transfer).catch(() => undefined);
      return now && now.state !== "running" ? now : undefined;
    }, `the end of ${transfer}`);
  }

  test("an import, an export and a pull survive kills, with both sides equal", async () => {
    person = await signIn(stack.url, { name: "Ada" });
    await connect(person);
    const directory = await github.createRepository("octo", "large", {});
    const files = (mark: string) =>
      Array.from({ length: count }, (_, n) => ({
        path: `dir-${n % 20}/${n}.txt`,
        data: `${mark} ${n}\n`.repeat(20),
      }));
    await commitTo(directory, "main", files("first"));
    const imported = await begin(person, "/api/github/import", { url: `${github.url}/octo/large` });
    expect((await survive(imported.transfer)).state).toBe("completed");
    const { project } = imported;
    expect(await paths(person, project)).toHaveLength(count);

    await commitTo(directory, "main", files("second"));
    const pulled = await begin(person, "/api/github/pull", { projectId: project });
    expect((await survive(pulled.transfer)).state).toBe("completed");
    expect((await person.get(`/api/projects/${project}/files/dir-7/7.txt`)).json().content).toContain("second 7\n");
    expect(await paths(person, project)).toHaveLength(count);

    const exported = await begin(person, "/api/github/export", {
      projectId: project,
      repository: { name: "copy", isPrivate: true },
    });
    expect(await survive(exported.transfer)).toMatchObject({ state: "completed" });
    const copy = github.directory("octo", "copy");
    expect(await gitText(copy, "rev-parse", "main^{tree}")).toBe(await gitText(directory, "rev-parse", "main^{tree}"));
  });
});
