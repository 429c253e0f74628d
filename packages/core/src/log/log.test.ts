import { afterEach, beforeEach, expect, test, vi } from "vitest";
import * as Log from "./log.ts";

let lines: Record<string, unknown>[];
beforeEach(() => {
  lines = [];
  process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
  process.env.SST_RESOURCE_Settings = JSON.stringify({
    url: "http://localhost:3000",
    stage: "test",
    adminEmails: [],
    planLimits: { free: 1, pro: 1 },
    defaultModel: "demo",
  });
  vi.spyOn(process.stdout, "write").mockImplementation((line) => {
    lines.push(JSON.parse(String(line)) as Record<string, unknown>);
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

test("a line has the ids of its own scope and none of a concurrent one", async () => {
  const work = (requestID: string, after?: Promise<void>) =>
    Log.scope({ requestID }, async () => {
      await after;
      Log.note({ userID: `user-${requestID}` });
      Log.info("worked", { step: 1 });
    });
  const other = Promise.withResolvers<void>();
  const first = work("a", other.promise);
  await work("b");
  other.resolve();
  await first;
  Log.info("alone");
  for (const line of lines) delete line.time;
  expect(lines).toEqual([
    { level: "info", event: "worked", requestID: "b", userID: "user-b", step: 1 },
    { level: "info", event: "worked", requestID: "a", userID: "user-a", step: 1 },
    { level: "info", event: "alone" },
  ]);
});

test("never logs an error's message, which may hold contents", () => {
  Log.error("failed", new TypeError("the file says: my secret"));
  expect(JSON.stringify(lines)).not.toContain("secret");
  expect(lines[0]).toMatchObject({ level: "error", event: "failed", error: "TypeError" });
});

test("logs metrics in CloudWatch's embedded metric format", () => {
  Log.scope({ requestID: "r" }, () => Log.measure("request", { ApiLatency: 12.5, ApiErrors: 0 }, { status: 200 }));
  expect(lines[0]).toMatchObject({ requestID: "r", status: 200, ApiLatency: 12.5, ApiErrors: 0, Stage: "test" });
  expect(lines[0]?._aws).toEqual({
    Timestamp: expect.any(Number) as number,
    CloudWatchMetrics: [
      {
        Namespace: "Slipway",
        Dimensions: [["Stage"]],
        Metrics: [
          { Name: "ApiLatency", Unit: "Milliseconds" },
          { Name: "ApiErrors", Unit: "Count" },
        ],
      },
    ],
  });
});
