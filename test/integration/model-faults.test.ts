import { ModelRefusal } from "@slipway/local/bedrock/converse";
import type { ModelEvent } from "@slipway/local/bedrock/converse";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { allEvents, ended, signIn, type Client } from "../support/client.ts";
import { cloudWith, isTitle, lastText, speak, type Cloud } from "../support/cloud.ts";

/** What a run does when the model is throttled, down, or answers with nonsense. */

let cloud: Cloud & { remove(): Promise<void> };
/** What the model does, by the words of the request and how often it was asked with them. */
const plays = new Map<string, (asked: number) => AsyncIterable<ModelEvent>>();
const asked = new Map<string, number>();

beforeAll(async () => {
  cloud = await cloudWith({
    script(request) {
      if (isTitle(request)) return speak({ text: "A title" });
      const words = lastText(request);
      const count = (asked.get(words) ?? 0) + 1;
      asked.set(words, count);
      return plays.get(words)?.(count) ?? speak({ text: "Nothing to say." });
    },
  });
});
afterAll(() => cloud.remove());

function refuse(status: number, type: string, retryAfter?: string): never {
  throw new ModelRefusal(status, type, "refused", retryAfter);
}

let people = 0;
async function start(prompt: string): Promise<{ client: Client; run: string; conversation: string }> {
  const client = await signIn(cloud.url, { name: `Model fault ${++people}` });
  const started = (await client.post("/api/projects/create-with-prompt", { prompt })).json();
  return { client, run: String(started.runId), conversation: String(started.conversationId) };
}
const used = async (client: Client) => Number((await client.get("/api/agent/usage")).json().used);

describe("a throttled model", () => {
  test("is retried after its Retry-After, logged, while no function waits", async () => {
    plays.set("throttle twice", (count) =>
      count <= 2 ? refuse(429, "ThrottlingException", "1") : speak({ text: "Here I am." }),
    );
    const before = (await cloud.stats()).lambda.turn?.invocations ?? 0;
    const { client, run } = await start("throttle twice");
    expect((await ended(client, run)).status).toBe("completed");
    const { events } = await allEvents(client, run);
    const waits = events.filter((event) => event.type === "model-waiting");
    expect(waits).toHaveLength(2);
    for (const wait of waits) expect(wait.seconds).toBeGreaterThanOrEqual(1);
    // Each wait ended its turn: nothing was held.
    expect(((await cloud.stats()).lambda.turn?.invocations ?? 0) - before).toBe(3);
    expect(await used(client)).toBe(1);
  });

  test("asking for an hour fails the run at once, with a clear message and a refund", async () => {
    plays.set("come back in an hour", () => refuse(429, "ThrottlingException", "3600"));
    const { client, run } = await start("come back in an hour");
    const { status, error } = await ended(client, run);
    expect([status, error?.code]).toEqual(["failed", "model_unavailable"]);
    expect(error?.message).toMatch(/overloaded or down/);
    expect(asked.get("come back in an hour")).toBe(1);
    expect(await used(client)).toBe(0);
  });
});
