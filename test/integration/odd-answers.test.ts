import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, signIn } from "../support/client.ts";
import { cloudWith, type Cloud } from "../support/cloud.ts";
import { oddAnswer } from "../support/odd-answers.ts";
import { isTitle, startPeer, stepsTaken, type Peer } from "../support/openai-peer.ts";

/** Runs against an OpenAI-compatible server whose answers are odd, through the whole stack. */

const count = 40;
const odd = fc.sample(oddAnswer, { seed: 20, numRuns: count });
/** How often each was given. A server that says it is down is asked for five minutes, so it recovers after a few. */
const given = new Map<number, number>();
let peer: Peer;
let cloud: Cloud & { remove(): Promise<void> };

beforeAll(async () => {
  peer = await startPeer((request) => {
    if (isTitle(request)) return { text: "A title" };
    const asked = JSON.stringify(request.messages).match(/odd answer (\d+)/);
    const n = Number(asked?.[1]);
    const answer = odd[n];
    const times = (given.get(n) ?? 0) + 1;
    given.set(n, times);
    if (answer === undefined || times > 3 || stepsTaken(request) > 0) return { text: "Done." };
    return { raw: { body: answer.body } };
  });
  cloud = await cloudWith({
    model: { kind: "openai-compatible", url: peer.url, model: "odd", key: undefined },
    planLimits: { free: 1000, pro: 1000 },
  });
});
afterAll(async () => {
  await cloud.remove();
  await peer.close();
});

test("every run ends with a name, is charged only when it completed, and makes no half file", async () => {
  const client = await signIn(cloud.url, { name: "Odd" });
  const codes = await Promise.all(
    odd.map(async (_, n) => {
      const started = (await client.post("/api/projects/create-with-prompt", { prompt: `odd answer ${n}` })).json();
      const { status, error } = await ended(client, String(started.runId));
      const { files } = (await client.get(`/api/projects/${String(started.projectId)}/files`)).json() as unknown as {
        files: { path: string }[];
      };
      for (const { path } of files) expect(["a.txt", "c.txt"]).toContain(path);
      return status === "completed" ? "completed" : (error?.code ?? "no reason");
    }),
  );
  const known = ["completed", "empty_answer", "answer_incomplete", "content_filtered", "answer_too_long"];
  // Others are the server's own refusals, such as ValidationException.
  for (const code of codes) expect(known.includes(code) || code.endsWith("Exception")).toBe(true);
  expect(new Set(codes).size).toBeGreaterThan(2);
  const charged = codes.filter((code) => code === "completed").length;
  const { used } = (await client.get("/api/agent/usage")).json();
  expect(Number(used)).toBeGreaterThanOrEqual(charged);
  expect(Number(used)).toBeLessThanOrEqual(charged + codes.filter((code) => code === "answer_too_long").length);
});
