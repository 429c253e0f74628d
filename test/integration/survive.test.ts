import type { RunEvent } from "@slipway/contract/run";
import { socketProtocol, tokenProtocolPrefix } from "@slipway/contract/sandbox";
import { obstacle } from "@slipway/local/ecs/bubblewrap";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { allEvents, ended, listen, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle as isTitleRequest, speak, stepsTaken as stepsOf, type Cloud } from "../support/cloud.ts";
import { isTitle, startPeer, stepsTaken, type Peer } from "../support/openai-peer.ts";
import { projectWith } from "../support/page.ts";
import { synced } from "../support/sandbox.ts";
import { freePort, startStack, temporaryFolder, type Stack } from "../support/stack.ts";

/** Runs survive kills: each file effect once, each durable event once, one charge. */

const files = Array.from({ length: 6 }, (_, n) => `file-${n}.txt`);
/** Six steps that create one file each, two that edit all of them, then the answer. */
const tools = (step: number) => {
  if (step < 6) return [{ name: "create_file", input: { path: files[step], content: "start\n" } }];
  if (step < 8) {
    return files.map((path) => ({
      name: "edit_file",
      input: { path, edits: [{ oldText: "start\n", newText: "start\nedited\n" }] },
    }));
  }
  return [];
};

async function check(client: Client, project: string, runID: string): Promise<void> {
  const { events, run } = await allEvents(client, runID);
  expect(run.status).toBe("completed");
  expect(events.map(({ seq }) => seq)).toEqual(Array.from({ length: events.length }, (_, n) => n + 1));
  for (const type of ["run-started", "run-finished"])
    expect(events.filter((event) => event.type === type)).toHaveLength(1);
  expect(resultsOf(events)).toEqual([...files.map(() => 1), ...files.map(() => 1), ...files.map(() => 1)]);
  // Two identical steps edit each file, so an edit applied twice would show.
  for (const path of files) {
    expect((await client.get(`/api/projects/${project}/files/${path}`)).json().content).toBe("start\nedited\nedited\n");
  }
  expect((await client.get("/api/agent/usage")).json().used).toBe(1);
  const { commits } = (await client.get(`/api/projects/${project}/changes?since=0`)).json() as unknown as {
    commits: { rev: number }[];
  };
  expect(commits.map(({ rev }) => rev)).toEqual(Array.from({ length: 18 }, (_, n) => n + 1));
}

/** Number of results per tool call, in call order. */
function resultsOf(events: readonly RunEvent[]): number[] {
  const counts = new Map<string, number>();
  for (const event of events) {
    if (event.type === "block-finished" && event.block.type === "tool" && event.block.result) {
      counts.set(event.block.id, (counts.get(event.block.id) ?? 0) + 1);
    }
  }
  return [...counts.values()];
}

const reason = await obstacle();

describe("kill -9 of everything", () => {
  const folder = temporaryFolder();
  let peer: Peer;
  let stack: Stack | undefined;
  beforeAll(async () => {
    peer = await startPeer((request) =>
      isTitle(request)
        ? { text: "Six little files here" }
        : { text: "On it. ", pace: 40, tools: tools(stepsTaken(request)) },
    );
  });
  afterAll(async () => {
    await stack?.stop();
    await peer.close();
    folder.remove();
  });

  test("a run resumes after three kills during its tool calls", async () => {
    const port = await freePort();
    const env = { SLIPWAY_MODEL_URL: peer.url, SLIPWAY_MODEL: "scripted" };
    stack = await startStack({ data: folder.path, port, env });
    const client = await signIn(stack.url, { name: "Survivor" });
    const started = (await client.post("/api/projects/create-with-prompt", { prompt: "six files" })).json();
    const [project, run] = [String(started.projectId), String(started.runId)];
    for (const rev of [2, 5, 9]) {
      await until(async () => {
        const reply = await client.get(`/api/projects/${project}/changes?since=0`).catch(() => undefined);
        return reply?.status === 200 && Number(reply.json().rev) >= rev ? true : undefined;
      }, `revision ${rev}`);
      await stack.kill();
      stack = await startStack({ data: folder.path, port, env });
    }
    await ended(client, run);
    await check(client, project, run);
  });
});

describe.skipIf(reason !== undefined && process.env.CI === undefined)("kill -9 while a sandbox runs", () => {
  const folder = temporaryFolder();
  let stack: Stack | undefined;
  afterAll(async () => {
    await stack?.stop();
    folder.remove();
  });

  test("what a sandbox had written and not synced is there again", async () => {
    const port = await freePort();
    stack = await startStack({ data: folder.path, port });
    const client = await signIn(stack.url, { name: "Castaway" });
    const project = await projectWith(client, { "README.md": "# Hello\n" });
    const launched = async () => {
      await until(async () => {
        const { state } = (await client.post("/api/sandbox/launch", { projectId: project })).json();
        return String(state) === "active" ? true : undefined;
      }, "an active sandbox");
      await synced(client, project);
    };
    await launched();
    await typed(client, project, "mkdir node_modules; echo dep > node_modules/dep; echo precious > precious.txt");
    await stack.kill();

    stack = await startStack({ data: folder.path, port });
    await until(async () => {
      const { state, stoppedReason } = (await client.get("/api/sandbox")).json();
      return String(state) === "stopped" && String(stoppedReason).includes("your files are kept") ? true : undefined;
    }, "word of the sandbox's end");
    await launched();
    expect((await client.get(`/api/projects/${project}/files/precious.txt`)).json().content).toBe("precious\n");
    expect(await typed(client, project, "cat node_modules/dep")).toContain("dep\r\n");
  });
});

/** What a terminal shows until a line has run. */
async function typed(client: Client, project: string, line: string): Promise<string> {
  const path = `/api/projects/${project}/sandbox/tokens`;
  const { url, token } = (await client.post(path, { scope: "terminal" })).json();
  const address = new URL(`${String(url)}?id=${crypto.randomUUID()}&cols=200&rows=24`);
  const { host } = address;
  // Not every machine resolves names below localhost; browsers do.
  address.hostname = "127.0.0.1";
  const protocols = [socketProtocol, `${tokenProtocolPrefix}${String(token)}`];
  const socket = new WebSocket(address, protocols, { headers: { host }, origin: client.origin });
  let shown = "";
  await new Promise<void>((resolve, reject) => {
    socket.on("open", () => socket.send(JSON.stringify({ type: "input", data: `${line}; echo do''ne\n` })));
    socket.on("message", (data, isBinary) => {
      if (isBinary) shown += String(data);
      if (shown.includes("done")) resolve();
    });
    socket.on("error", reject);
  });
  socket.terminate();
  return shown;
}

describe("inside one process", () => {
  let cloud: Cloud & { remove(): Promise<void> };
  beforeAll(async () => {
    cloud = await cloudWith({
      script: (request) =>
        speak(
          isTitleRequest(request)
            ? { text: "Six little files here" }
            : { text: "On it. ", pace: 40, tools: tools(stepsOf(request)).map(({ name, input }) => ({ name, input })) },
        ),
    });
  });
  afterAll(() => cloud.remove());

  test("a run resumes each time its turn's worker is killed", async () => {
    const client = await signIn(cloud.url, { name: "Phoenix" });
    const started = (await client.post("/api/projects/create-with-prompt", { prompt: "six files" })).json();
    const [project, run] = [String(started.projectId), String(started.runId)];
    for (const rev of [1, 4, 8]) {
      await until(
        async () =>
          Number((await client.get(`/api/projects/${project}/changes?since=0`)).json().rev) >= rev ? true : undefined,
        `revision ${rev}`,
      );
      expect(await cloud.kill("turn")).toBeGreaterThan(0);
    }
    await ended(client, run);
    await check(client, project, run);
  });

  test("two concurrent turns of one run do everything once", async () => {
    const client = await signIn(cloud.url, { name: "Twins" });
    const started = (await client.post("/api/projects/create-with-prompt", { prompt: "six files" })).json();
    const [project, run] = [String(started.projectId), String(started.runId)];
    // Lambda may deliver an event twice, and a workflow may retry a turn that is still running.
    for (const rev of [2, 6]) {
      await until(
        async () =>
          Number((await client.get(`/api/projects/${project}/changes?since=0`)).json().rev) >= rev ? true : undefined,
        `revision ${rev}`,
      );
      void cloud.invoke("turn", { runID: run }).catch(() => undefined);
    }
    await ended(client, run);
    await check(client, project, run);
  });

  test("after a cut socket everything missed is found by number and revision", async () => {
    const client = await signIn(cloud.url, { name: "Watcher" });
    const started = (await client.post("/api/projects/create-with-prompt", { prompt: "six files" })).json();
    const [project, run] = [String(started.projectId), String(started.runId)];
    const first = await listen(client, project);
    await first.next((message) => message.type === "run-event" && message.event.type === "step-finished");
    expect(cloud.dropSockets()).toBeGreaterThan(0);
    await first.closed;
    const seen = first.messages.flatMap((message) => (message.type === "run-event" ? [message.event] : []));
    await ended(client, run);
    const second = await listen(client, project);
    const after = Math.max(...seen.map(({ seq }) => seq));
    const missed = (await client.get(`/api/runs/${run}/events?after=${after}`)).json() as unknown as {
      events: RunEvent[];
    };
    const { events } = await allEvents(client, run);
    const whole = new Map([...seen, ...missed.events].map((event) => [event.seq, event]));
    expect(missed.events.every(({ seq }) => seq > after)).toBe(true);
    expect([...whole.keys()].sort((a, b) => a - b).at(-1)).toBe(events.at(-1)?.seq);
    second.close();
  });
});
