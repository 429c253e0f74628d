import type { RunEvent } from "@slipway/contract/run";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allEvents, ended, listen, signIn, until, type Client } from "../support/client.ts";
import {
  cloudWith,
  isTitle,
  lastResults,
  lastText,
  speak,
  stepsTaken,
  type Cloud,
  type Said,
} from "../support/cloud.ts";

/** Runs through the whole stack, with a scripted model. */

let cloud: Cloud & { remove(): Promise<void> };
/** The model's script, by the words of a message. */
const plays = new Map<string, (step: number, results: string[]) => Said>();
const requests: string[] = [];

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "A title of four words" });
      const text = lastText(request);
      requests.push(JSON.stringify(request));
      const play = [...plays].find(([words]) => text.includes(words))?.[1];
      return speak(play?.(stepsTaken(request), lastResults(request)) ?? { text: "I have nothing to say." });
    },
  });
});
afterAll(() => cloud.remove());

interface Place {
  client: Client;
  project: string;
  conversation: string;
}
let people = 0;

async function place(plan: "free" | "pro" = "pro"): Promise<Place> {
  const client = await signIn(cloud.url, { name: `Person ${++people}`, plan });
  const project = String((await client.post("/api/projects", { name: "Test" })).json().id);
  const conversation = String((await client.post(`/api/projects/${project}/conversations`)).json().id);
  return { client, project, conversation };
}

async function send(
  { client, conversation }: Place,
  message: string,
  mode?: string,
): Promise<{ runId: string; messageId: string }> {
  const reply = await client.post("/api/messages", {
    conversationId: conversation,
    message,
    ...(mode ? { mode } : {}),
  });
  if (reply.status !== 200) throw new Error(reply.text);
  const { runId, messageId } = reply.json();
  return { runId: String(runId), messageId: String(messageId) };
}

const used = async ({ client }: Place) => Number((await client.get("/api/agent/usage")).json().used);
const content = async ({ client, project }: Place, path: string) =>
  (await client.get(`/api/projects/${project}/files/${path}`)).json().content;
const seqs = (events: readonly RunEvent[]) => events.map(({ seq }) => seq);
const upTo = (count: number) => Array.from({ length: count }, (_, n) => n + 1);

test("a run thinks, calls tools, gets results, answers, and is stored as streamed", async () => {
  plays.set("make two files", (step) =>
    step === 0
      ? {
          thinking: "Two files.",
          text: "I make them.",
          tools: [
            { name: "create_file", input: { path: "a.txt", content: "alpha\n" } },
            { name: "create_file", input: { path: "b.txt", content: "beta\n" } },
          ],
        }
      : step === 1
        ? { tools: [{ name: "edit_file", input: { path: "a.txt", edits: [{ oldText: "alpha", newText: "ALPHA" }] } }] }
        : { text: "Done." },
  );
  const here = await place();
  const { runId, messageId } = await send(here, "make two files");
  const run = await ended(here.client, runId);
  expect(run.status).toBe("completed");
  expect([await content(here, "a.txt"), await content(here, "b.txt")]).toEqual(["ALPHA\n", "beta\n"]);

  const { events } = await allEvents(here.client, runId);
  expect(seqs(events)).toEqual(upTo(events.length));
  expect(events[0]?.type).toBe("run-started");
  expect(events.at(-1)).toMatchObject({ type: "run-finished", status: "completed" });

  const { messages } = (
    await here.client.get(`/api/conversations/${here.conversation}/messages`)
  ).json() as unknown as {
    messages: {
      id: string;
      status: string;
      text: string;
      blocks: { type: string; tool?: string; result?: { state: string; changes: { diff: string }[] } }[];
    }[];
  };
  const answer = messages.find(({ id }) => id === messageId);
  expect(answer).toMatchObject({ status: "completed", text: "I make them.\n\nDone." });
  expect(answer?.blocks.map(({ type, tool }) => tool ?? type)).toEqual([
    "thinking",
    "text",
    "create_file",
    "create_file",
    "edit_file",
    "text",
  ]);
  expect(answer?.blocks[4]?.result?.changes[0]?.diff).toContain("-alpha\n+ALPHA");
  expect(await used(here)).toBe(1);
  await until(
    async () =>
      ((await here.client.get(`/api/conversations/${here.conversation}`)).json().title as unknown as string) ||
      undefined,
    "a title",
  );
});

test("the model is told of a failed tool and continues", async () => {
  plays.set("edit what is not there", (step, results) =>
    step === 0
      ? {
          tools: [
            { name: "edit_file", input: { path: "none.txt", edits: [{ oldText: "a", newText: "b" }] } },
            { name: "create_file", input: { path: "../x", content: "" } },
          ],
        }
      : { text: `I was told: ${results.join(" | ")}` },
  );
  const here = await place();
  const { runId } = await send(here, "edit what is not there");
  await ended(here.client, runId);
  const text = (await here.client.get(`/api/conversations/${here.conversation}/messages`)).text;
  expect(text).toContain('I was told: Error: There is no \\"none.txt\\".');
  expect(text).toContain("Names can't contain");
});

describe("usage", () => {
  test("create-with-prompt keeps its contract and counts", async () => {
    const client = await signIn(cloud.url, { name: "Prompter", plan: "free" });
    const reply = await client.post("/api/projects/create-with-prompt", { prompt: "hello" });
    expect(reply.status).toBe(200);
    const { projectId, conversationId, messageId, runId } = reply.json();
    expect([projectId, conversationId, messageId].every((id) => typeof id === "string")).toBe(true);
    await ended(client, String(runId));
    expect((await client.get("/api/agent/usage")).json()).toMatchObject({ plan: "free", used: 1, limit: 5 });
    const { projects } = (await client.get("/api/projects")).json() as unknown as {
      projects: { name: string; origin: string }[];
    };
    expect(projects).toHaveLength(1);
    expect(projects[0]).toMatchObject({ origin: "prompt", name: expect.stringMatching(/^\S+ \S+ .+$/) as unknown });
  });

  test("over the limit nothing is written, and twelve concurrent sends never exceed it", async () => {
    const here = await place("free");
    const tries = await Promise.all(
      Array.from({ length: 12 }, () => here.client.post("/api/projects/create-with-prompt", { prompt: "hi" })),
    );
    expect(tries.filter(({ status }) => status === 200)).toHaveLength(5);
    const refused = tries.filter(({ status }) => status === 402);
    expect(refused).toHaveLength(7);
    expect(refused[0]?.json()).toMatchObject({
      code: "usage_limit_exceeded",
      plan: "free",
      limit: 5,
      used: 5,
      error: { code: "usage_limit_exceeded" },
    });
    const before = (await here.client.get(`/api/conversations/${here.conversation}/messages`)).text;
    expect(
      (await here.client.post("/api/messages", { conversationId: here.conversation, message: "one more" })).status,
    ).toBe(402);
    expect((await here.client.get(`/api/conversations/${here.conversation}/messages`)).text).toBe(before);
    expect(await used(here)).toBe(5);
  });
});

describe("a run in progress", () => {
  const slow = (words: string): void =>
    void plays.set(words, (step) => (step === 0 ? { text: `${words} `.repeat(200), pace: 20 } : { text: "end" }));

  async function writing(here: Place, runId: string): Promise<void> {
    await until(async () => {
      const page = (await here.client.get(`/api/runs/${runId}/events`)).json() as unknown as {
        snapshot?: { text: string };
      };
      return page.snapshot && page.snapshot.text.length > 50 ? true : undefined;
    }, "the run to write");
  }

  test("is cancelled before the reply, keeps what it wrote and writes nothing more", async () => {
    slow("tell me a long story");
    const here = await place();
    const { runId, messageId } = await send(here, "tell me a long story");
    await writing(here, runId);
    expect((await here.client.post("/api/messages/cancel", { projectId: here.project })).json()).toEqual({
      cancelled: [messageId],
    });
    const before = await allEvents(here.client, runId);
    expect(before.run.status).toBe("cancelled");
    await expect.poll(() => cloud.busy("turn")).toBe(0);
    const after = await allEvents(here.client, runId);
    expect(after.events).toEqual(before.events);
    expect(seqs(after.events)).toEqual(upTo(after.events.length));
    const message = (await here.client.get(`/api/conversations/${here.conversation}/messages`)).json() as unknown as {
      messages: { id: string; status: string; text: string }[];
    };
    const answer = message.messages.find(({ id }) => id === messageId);
    expect(answer?.status).toBe("cancelled");
    expect(answer?.text).toContain("tell me a long story");
    expect((await here.client.post("/api/messages/cancel", { projectId: here.project })).json()).toEqual({
      cancelled: [],
    });
  });

  test("is replaced by a new message; of many concurrent ones a single one remains", async () => {
    slow("replace me");
    const here = await place();
    const runs = await Promise.all(Array.from({ length: 4 }, () => send(here, "replace me")));
    const statuses = await until(async () => {
      const found = await Promise.all(
        runs.map(async ({ runId }) => (await here.client.get(`/api/runs/${runId}`)).json().status as unknown as string),
      );
      return found.filter((status) => status === "cancelled").length === 3 ? found : undefined;
    }, "three to be cancelled");
    expect(statuses.filter((status) => status === "running")).toHaveLength(1);
    await here.client.post("/api/messages/cancel", { projectId: here.project });
  });

  test("makes a queued message wait and charges it when it starts", async () => {
    slow("first in line");
    plays.set("second in line", () => ({ text: "My turn." }));
    const here = await place();
    const first = await send(here, "first in line");
    await writing(here, first.runId);
    const second = await send(here, "second in line", "queue");
    expect((await here.client.get(`/api/runs/${second.runId}`)).json().status).toBe("queued");
    expect(await used(here)).toBe(1);
    expect((await ended(here.client, first.runId)).status).toBe("completed");
    expect((await ended(here.client, second.runId)).status).toBe("completed");
    expect(await used(here)).toBe(2);
  });

  test("is joined by a steering message at its next step, without a charge", async () => {
    plays.set("count slowly", (step) =>
      step === 0
        ? { text: "one two three ".repeat(40), pace: 15, tools: [{ name: "list_files", input: {} }] }
        : { text: "Finished counting." },
    );
    plays.set("make it short", () => ({ text: "As you wish." }));
    const here = await place();
    const first = await send(here, "count slowly");
    await writing(here, first.runId);
    const joined = await send(here, "make it short", "steer");
    expect(joined).toEqual(first);
    await ended(here.client, first.runId);
    const { messages } = (
      await here.client.get(`/api/conversations/${here.conversation}/messages`)
    ).json() as unknown as {
      messages: { id: string; text: string; blocks: { type: string; text?: string }[] }[];
    };
    const answer = messages.find(({ id }) => id === first.messageId);
    expect(answer?.blocks.map(({ type }) => type)).toEqual(["text", "tool", "steer", "text"]);
    expect(answer?.text).toContain("As you wish.");
    expect(await used(here)).toBe(1);
  });

  test("answers a steering message that arrives during its last answer, with its attachment, and the next run is not told it again", async () => {
    plays.set("tell me slowly", () => ({ text: "bit by bit ".repeat(40), pace: 15 }));
    plays.set("now shorter please", () => ({ text: "Short." }));
    plays.set("and what now", () => ({ text: "Nothing." }));
    const here = await place();
    const bytes = new TextEncoder().encode("the attached words");
    const upload = (await here.client.post("/api/uploads", { projectId: here.project, size: bytes.length })).json();
    await fetch(String(upload.url), { method: "PUT", body: bytes });
    const first = await send(here, "tell me slowly");
    await writing(here, first.runId);
    const attachments = [{ upload: upload.id, name: "notes.txt" }];
    const steer = { conversationId: here.conversation, message: "now shorter please", mode: "steer", attachments };
    const sent = (await here.client.post("/api/messages", steer)).json();
    expect((await ended(here.client, first.runId)).status).toBe("completed");
    const answering = requests.findLast((request) => request.includes("now shorter please")) ?? "";
    expect(answering).toContain("the attached words");
    const { messages } = (
      await here.client.get(`/api/conversations/${here.conversation}/messages`)
    ).json() as unknown as {
      messages: { id: string; isSteer?: boolean; text: string; blocks: { type: string; id: string }[] }[];
    };
    expect(messages.find(({ id }) => id === first.messageId)?.blocks.map(({ type }) => type)).toEqual([
      "text",
      "steer",
      "text",
    ]);
    expect(messages.filter(({ isSteer }) => isSteer).map(({ id }) => id)).toEqual([String(sent.userMessageId)]);
    const second = await send(here, "and what now");
    expect((await ended(here.client, second.runId)).status).toBe("completed");
    const next = requests.findLast((request) => request.includes("and what now")) ?? "";
    expect(next.split("now shorter please")).toHaveLength(2);
    expect(next.split("the attached words")).toHaveLength(2);
  });

  test("that fails gives a steering message that it did not answer a run of its own", async () => {
    plays.set("work and break off", () => ({ text: "word ".repeat(60), pace: 15, cut: true }));
    plays.set("say hello instead", () => ({ text: "Hello." }));
    const here = await place();
    const first = await send(here, "work and break off");
    // Its answers break off three times; the message arrives during the last one.
    await until(async () => {
      const { events } = await allEvents(here.client, first.runId);
      return events.some((event) => event.type === "step-started" && event.attempt === 3) || undefined;
    }, "the third attempt");
    const steer = await here.client.post("/api/messages", {
      conversationId: here.conversation,
      message: "say hello instead",
      mode: "steer",
    });
    expect(steer.json().runId).toBe(first.runId);
    expect((await ended(here.client, first.runId)).error?.code).toBe("answer_incomplete");
    const text = await until(async () => {
      const { messages } = (
        await here.client.get(`/api/conversations/${here.conversation}/messages`)
      ).json() as unknown as { messages: { status: string; text: string }[] };
      return messages.findLast(({ status }) => status === "completed")?.text === "Hello." ? "Hello." : undefined;
    }, "an answer to it");
    expect(text).toBe("Hello.");
    expect(await used(here)).toBe(1);
  });

  test("keeps a sentence that it said before a pause, when it is stopped", async () => {
    const here = await place();
    plays.set("say one sentence", () => ({ text: "One sentence. ", hang: true }));
    const { runId, messageId } = await send(here, "say one sentence");
    await until(async () => {
      const page = (await here.client.get(`/api/runs/${runId}/events`)).json() as unknown as {
        snapshot?: { text: string };
      };
      return page.snapshot?.text === "One sentence. " || undefined;
    }, "the sentence");
    await here.client.post("/api/messages/cancel", { projectId: here.project });
    const { messages } = (
      await here.client.get(`/api/conversations/${here.conversation}/messages`)
    ).json() as unknown as { messages: { id: string; text: string; blocks: { type: string }[] }[] };
    const answer = messages.find(({ id }) => id === messageId);
    expect([answer?.text, answer?.blocks.map(({ type }) => type)]).toEqual(["One sentence. ", ["text"]]);
    plays.set("go on then", () => ({ text: "Going on." }));
    await ended(here.client, (await send(here, "go on then")).runId);
    const request = requests.findLast((each) => each.includes("go on then")) ?? "";
    expect(request).toContain("One sentence.");
    expect(request).toContain("interrupted your answer here");
  });

  test("streams deltas that continue by offset and add up to the stored text", async () => {
    plays.set("say it live", () => ({ text: "The quick brown fox jumps over the lazy dog. ".repeat(8), pace: 5 }));
    const here = await place();
    const listener = await listen(here.client, here.project);
    const { runId } = await send(here, "say it live");
    await listener.next((message) => message.type === "run-event" && message.event.type === "run-finished");
    const deltas = listener.messages.flatMap((message) => (message.type === "delta" ? message.deltas : []));
    let text = "";
    for (const delta of deltas) {
      expect(delta.offset).toBe(text.length);
      text += delta.text;
    }
    expect(deltas.length).toBeGreaterThan(3);
    const { events } = await allEvents(here.client, runId);
    const block = events.find((event) => event.type === "block-finished");
    expect(block).toMatchObject({ block: { type: "text", text } });
    expect(listener.messages.some((message) => message.type === "usage" && message.usage.used === 1)).toBe(true);
    listener.close();
  });
});

describe("the approval gate", () => {
  const paths = Array.from({ length: 12 }, (_, n) => `many/${n}.txt`);
  async function crowded(): Promise<Place> {
    plays.set("delete everything", (step, results) =>
      step === 0
        ? { text: "I delete.", tools: [{ name: "delete_files", input: { paths: ["many"] } }] }
        : { text: `Result: ${results.join()}` },
    );
    const here = await place();
    await here.client.post(`/api/projects/${here.project}/changes`, {
      changes: paths.map((path) => ({ op: "put", path, content: "x" })),
    });
    return here;
  }
  async function question(here: Place, runId: string): Promise<string> {
    return until(async () => {
      const { events } = await allEvents(here.client, runId);
      const asked = events.find((event) => event.type === "approval-requested");
      return asked?.type === "approval-requested" ? asked.approval.id : undefined;
    }, "a question");
  }
  const count = async (here: Place) =>
    ((await here.client.get(`/api/projects/${here.project}/files`)).json().files as unknown as unknown[]).length;

  test("asks before more than ten files are deleted, waits, and proceeds when approved", async () => {
    const here = await crowded();
    const { runId } = await send(here, "delete everything");
    const approval = await question(here, runId);
    await until(
      async () => ((await here.client.get(`/api/runs/${runId}`)).json().status as unknown) === "waiting" || undefined,
      "waiting",
    );
    expect(await count(here)).toBe(12);
    const stranger = await signIn(cloud.url, { name: "Stranger" });
    expect((await stranger.post(`/api/runs/${runId}/approvals/${approval}`, { answer: "allow" })).status).toBe(404);
    const [first, second] = await Promise.all([
      here.client.post(`/api/runs/${runId}/approvals/${approval}`, { answer: "allow" }),
      here.client.post(`/api/runs/${runId}/approvals/${approval}`, { answer: "deny" }),
    ]);
    expect(new Set([first.status, second.status])).toEqual(new Set([200, 409]));
    expect((await ended(here.client, runId)).status).toBe("completed");
    expect(await count(here)).toBe(first.status === 200 ? 0 : 12);
  });

  test("asks about every deletion of an answer that deletes more than ten files in small calls", async () => {
    const here = await crowded();
    const halves = [paths.slice(0, 6), paths.slice(6)].map((some) => ({
      name: "delete_files",
      input: { paths: some },
    }));
    plays.set("delete bit by bit", (step) => (step === 0 ? { tools: halves } : { text: "Done." }));
    const { runId } = await send(here, "delete bit by bit");
    await question(here, runId);
    const { events } = await allEvents(here.client, runId);
    const reasons = events.flatMap((event) => (event.type === "approval-requested" ? [event.approval.reason] : []));
    expect(reasons).toEqual(Array(2).fill("Delete 6 files? This answer deletes 12 files in all."));
    expect(await count(here)).toBe(12);
    await here.client.post("/api/messages/cancel", { projectId: here.project });
    expect((await ended(here.client, runId)).status).toBe("cancelled");
  });

  test("tells the model of a denial; a deny rule is not asked again until revoked", async () => {
    const here = await crowded();
    const first = await send(here, "delete everything");
    const approval = await question(here, first.runId);
    await here.client.post(`/api/runs/${first.runId}/approvals/${approval}`, { answer: "deny", scope: "project" });
    await ended(here.client, first.runId);
    const second = await send(here, "delete everything");
    await ended(here.client, second.runId);
    expect((await allEvents(here.client, second.runId)).events.some(({ type }) => type === "approval-requested")).toBe(
      false,
    );
    expect(await count(here)).toBe(12);
    const { rules } = (await here.client.get(`/api/projects/${here.project}/rules`)).json() as unknown as {
      rules: { id: string }[];
    };
    expect(rules).toHaveLength(1);
    await here.client.request("DELETE", `/api/projects/${here.project}/rules/${rules[0]?.id}`);
    const third = await send(here, "delete everything");
    await question(here, third.runId);
    await here.client.post("/api/messages/cancel", { projectId: here.project });
    expect((await ended(here.client, third.runId)).status).toBe("cancelled");
  });
});

test("the agent's edit never overwrites a person's", async () => {
  plays.set("change the greeting", (step, results) => {
    if (step === 0) return { tools: [{ name: "read_file", input: { path: "greeting.txt" } }] };
    if (step === 1)
      return {
        text: "thinking about it ".repeat(30),
        pace: 15,
        tools: [
          {
            name: "edit_file",
            input: { path: "greeting.txt", edits: [{ oldText: "hello world", newText: "goodbye" }] },
          },
        ],
      };
    return { text: results.join() };
  });
  const here = await place();
  const put = async (text: string, rev?: number) =>
    (
      await here.client.request("PUT", `/api/projects/${here.project}/files/greeting.txt`, {
        body: { content: text },
        ...(rev ? { headers: { "if-match": String(rev) } } : {}),
      })
    ).json();
  const { rev } = await put("hello world\n");
  const { runId } = await send(here, "change the greeting");
  await until(
    async () =>
      (await allEvents(here.client, runId)).events.some((event) => event.type === "step-finished") ? true : undefined,
    "the first step",
  );
  await put("hello everyone\n", Number(rev));
  await ended(here.client, runId);
  expect(await content(here, "greeting.txt")).toBe("hello everyone\n");
});
