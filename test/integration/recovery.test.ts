import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allEvents, ended, signIn, until, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastText, speak, stepsTaken, type Cloud, type Said } from "../support/cloud.ts";
import { putRows, rows } from "../support/table.ts";

/** Runs whose execution is gone, messages that arrive while one ends, and what a cancelled run leaves. */

let cloud: Cloud & { remove(): Promise<void> };
/** The product's own code in this process, where it reaches the table but no Step Functions. */
let Run: typeof import("@slipway/core/run") & typeof import("@slipway/core/run/system");
const plays = new Map<string, (step: number) => Said>();

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      const words = lastText(request);
      const play = [...plays].find(([start]) => words.startsWith(start))?.[1];
      return speak(play?.(stepsTaken(request)) ?? { text: `Answer to ${words}` });
    },
  });
  Object.assign(process.env, cloud.rootEnvironment, { AWS_ENDPOINT_URL_SFN: "http://127.0.0.1:1" });
  Run = { ...(await import("@slipway/core/run")), ...(await import("@slipway/core/run/system")) };
});
afterAll(() => cloud.remove());

interface Place {
  client: Client;
  project: string;
  conversation: string;
}
let people = 0;
async function place(): Promise<Place> {
  const client = await signIn(cloud.url, { name: `Recovery ${++people}`, plan: "pro" });
  const project = String((await client.post("/api/projects", { name: "Test" })).json().id);
  const conversation = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  return { client, project, conversation };
}

async function send({ client, conversation }: Place, message: string, mode?: string): Promise<string> {
  const reply = await client.post("/api/messages", {
    conversationId: conversation,
    message,
    ...(mode ? { mode } : {}),
  });
  if (reply.status !== 200) throw new Error(reply.text);
  return String(reply.json().runId);
}

const used = async ({ client }: Place) => Number((await client.get("/api/agent/usage")).json().used);
const statusOf = async ({ client }: Place, run: string) => String((await client.get(`/api/runs/${run}`)).json().status);

async function messages({ client, conversation }: Place) {
  return (await client.get(`/api/conversations/${conversation}/messages`)).json().messages as unknown as {
    role: string;
    status: string;
    text: string;
    runId: string;
  }[];
}

/** Until the run's answer begins to show. */
async function writing({ client }: Place, run: string): Promise<void> {
  await until(async () => {
    const page = (await client.get(`/api/runs/${run}/events`)).json() as unknown as { snapshot?: { text: string } };
    return page.snapshot && page.snapshot.text.length > 20 ? true : undefined;
  }, "the run to write");
}
const slow: Said = { text: "words and words ".repeat(400), pace: 20 };

/** What an operator, or a limit of Step Functions, does to an execution; the function that it invoked dies too. */
async function endExecution(run: string, status?: "FAILED" | "TIMED_OUT"): Promise<void> {
  expect(cloud.endExecution("agent-run", run, status)).toBe(true);
  await cloud.kill("turn");
}

/** As if nothing had happened to a run since 1970. */
async function age(run: string): Promise<void> {
  const [row] = await rows(cloud, "run", ({ runID }) => runID === run);
  if (row) await putRows(cloud, [{ ...row, touchedAt: 1 }]);
}

const sweep = () => cloud.invoke("sweep", {});

describe("a message that is queued", () => {
  test("as the run ends starts those before it, and cancels nothing", async () => {
    plays.set("first", () => slow);
    const here = await place();
    const first = await send(here, "first");
    await writing(here, first);
    const second = await send(here, "second", "queue");
    const third = await send(here, "third", "queue");
    // The run has ended, and its workflow has not started the next one: the moment that lost messages.
    await endExecution(first);
    await Run.end(first, { status: "completed" });
    const fourth = await send(here, "fourth", "queue");
    for (const run of [second, third, fourth]) expect((await ended(here.client, run)).status).toBe("completed");
    const answers = (await messages(here)).filter(({ role }) => role === "assistant");
    expect(answers.map(({ text }) => text).slice(1)).toEqual([
      "Answer to second",
      "Answer to third",
      "Answer to fourth",
    ]);
    expect(await used(here)).toBe(4);
  });

  test("is not cancelled by a steering message that finds nothing to join", async () => {
    plays.set("busy", () => slow);
    const here = await place();
    const busy = await send(here, "busy");
    await writing(here, busy);
    const queued = await send(here, "queued one", "queue");
    await endExecution(busy);
    await Run.end(busy, { status: "completed" });
    const steered = await send(here, "steered one", "steer");
    expect((await ended(here.client, queued)).status).toBe("completed");
    expect((await ended(here.client, steered)).status).toBe("completed");
  });
});

describe("a run whose execution is gone", () => {
  test("is ended by the sweep with a refund, and its queue continues", async () => {
    plays.set("stop me", () => slow);
    const here = await place();
    const run = await send(here, "stop me");
    await writing(here, run);
    const queued = await send(here, "after it", "queue");
    await endExecution(run);
    await age(run);
    await sweep();
    const { status, error } = await ended(here.client, run);
    expect([status, error?.code]).toEqual(["failed", "internal"]);
    expect(error?.message).toMatch(/interrupted on our side.*not counted/);
    expect((await ended(here.client, queued)).status).toBe("completed");
    expect(await used(here)).toBe(1);
  });

  test("is ended too when it waits for an answer", async () => {
    const paths = Array.from({ length: 12 }, (_, n) => `many/${n}.txt`);
    plays.set("delete all", () => ({ tools: [{ name: "delete_files", input: { paths: ["many"] } }] }));
    const here = await place();
    await here.client.post(`/api/projects/${here.project}/changes`, {
      changes: paths.map((path) => ({ op: "put", path, content: "x" })),
    });
    const run = await send(here, "delete all");
    await until(async () => ((await statusOf(here, run)) === "waiting" ? true : undefined), "a question");
    await age(run);
    await sweep();
    expect(await statusOf(here, run)).toBe("waiting");
    await endExecution(run, "TIMED_OUT");
    await sweep();
    expect((await ended(here.client, run)).status).toBe("failed");
    expect((await here.client.get("/api/approvals")).json().approvals).toEqual([]);
  });

  test("does not swallow a steering message: it becomes a run of its own", async () => {
    plays.set("steer me late", () => slow);
    const here = await place();
    const run = await send(here, "steer me late");
    await writing(here, run);
    await endExecution(run);
    await age(run);
    const next = await send(here, "are you there?", "steer");
    expect(next).not.toBe(run);
    expect((await ended(here.client, next)).status).toBe("completed");
    expect((await ended(here.client, run)).status).toBe("failed");
    expect((await messages(here)).at(-1)?.text).toBe("Answer to are you there?");
    expect(await used(here)).toBe(1);
  });

  test("answers the steering messages that it had not joined", async () => {
    plays.set("steer me early", () => slow);
    const here = await place();
    const run = await send(here, "steer me early");
    await writing(here, run);
    expect(await send(here, "and do this", "steer")).toBe(run);
    expect(await send(here, "and that", "steer")).toBe(run);
    await endExecution(run);
    await age(run);
    await Promise.all([sweep(), sweep()]);
    await until(async () => {
      const last = (await messages(here)).at(-1);
      return last?.role === "assistant" && last.status === "completed" ? true : undefined;
    }, "an answer");
    const all = await messages(here);
    expect(all.map(({ role }) => role)).toEqual(["user", "assistant", "user", "user", "assistant"]);
    expect(all[1]?.status).toBe("failed");
    expect(await used(here)).toBe(1);
  });

  test("is found behind any number of others", async () => {
    plays.set("needle", () => slow);
    const here = await place();
    const run = await send(here, "needle");
    await writing(here, run);
    const [open] = await rows(cloud, "open-run", ({ runID }) => runID === run);
    if (!open) throw new Error("an open run has no row");
    const left = Array.from({ length: 600 }, (_, n) => {
      // The last character chooses the shard.
      const runID = `run_${String(n).padStart(25, "0")}${run.at(-1) ?? ""}`;
      return { ...open, runID, sk: String(open.sk).replace(run, runID) };
    });
    await putRows(cloud, left);
    await endExecution(run);
    await age(run);
    await sweep();
    expect((await ended(here.client, run)).status).toBe("failed");
    // Rows of runs that are not there any more are removed.
    expect(await rows(cloud, "open-run", ({ shard }) => shard === open.shard)).toEqual([]);
  });
});

test("a run whose start was lost is started by the sweep", async () => {
  const here = await place();
  const { id } = (await here.client.get("/api/me")).json();
  const { runID } = await Run.send(
    { userID: String(id) },
    { conversationID: here.conversation, text: "never started", mode: "replace" },
  );
  await age(runID);
  await sweep();
  expect((await ended(here.client, runID)).status).toBe("completed");
});

test("a steering message that arrives during the last answer is answered", async () => {
  plays.set("last words", () => ({ text: "my last words ".repeat(40), pace: 15 }));
  const here = await place();
  const run = await send(here, "last words");
  await writing(here, run);
  expect(await send(here, "one more thing", "steer")).toBe(run);
  expect((await ended(here.client, run)).status).toBe("completed");
  const { events } = await allEvents(here.client, run);
  const blocks = events.flatMap((event) => (event.type === "block-finished" ? [event.block] : []));
  expect(blocks.map(({ type }) => type)).toEqual(["text", "steer", "text"]);
  expect((await messages(here)).find(({ runId, role }) => runId === run && role === "assistant")?.text).toContain(
    "Answer to one more thing",
  );
  expect(await used(here)).toBe(1);
});

test("a cancelled run leaves no snapshot, and nothing in the sweep's list", async () => {
  plays.set("cancel me", () => slow);
  const here = await place();
  const run = await send(here, "cancel me");
  await writing(here, run);
  await here.client.post("/api/messages/cancel", { projectId: here.project });
  const turns = async () => (await cloud.stats()).lambda.settle?.invocations ?? 0;
  const before = await turns();
  await until(async () => ((await turns()) > before ? true : undefined), "its workflow to end");
  for (const entity of ["snapshot", "open-run"])
    expect(await rows(cloud, entity, ({ runID }) => runID === run)).toEqual([]);
});
