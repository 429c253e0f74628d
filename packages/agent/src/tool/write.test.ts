import type { ToolRecord, WriteGuard } from "@slipway/core/run/system";
import { beforeAll, expect, test } from "vitest";
import type { ToolContext, ToolResult } from "./tool.ts";

// Core reads its configuration when it is imported.
process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";

let atMostOnce: (context: ToolContext, run: () => Promise<ToolResult>) => Promise<ToolResult>;
beforeAll(async () => {
  ({ atMostOnce } = await import("./write.ts"));
});

/** A call's record in memory; `isHeld` false as after a cancel. */
function callWith(record: ToolRecord | undefined, isHeld = true) {
  const state = { record, isHeld };
  const write = (next: ToolRecord) => {
    if (!state.isHeld) return Promise.reject(new Error("lease lost"));
    state.record = next;
    return Promise.resolve();
  };
  const guard: Partial<WriteGuard> = {
    earlier: () => Promise.resolve(state.record),
    begin: () => write({ state: "started", output: "", changes: [] }),
    complete: write,
  };
  return { state, context: { write: guard } as ToolContext };
}

test("an effect is recorded before it starts and when it is done", async () => {
  const { state, context } = callWith(undefined);
  const seen: (string | undefined)[] = [];
  const result = await atMostOnce(context, () => {
    seen.push(state.record?.state);
    return Promise.resolve({ output: "fetched" });
  });
  expect(seen).toEqual(["started"]);
  expect(result).toEqual({ output: "fetched" });
  expect(state.record).toEqual({ state: "completed", output: "fetched", changes: [] });
});

test("a repeated call returns what the first one did, without doing it again", async () => {
  const { context } = callWith({ state: "completed", output: "fetched", changes: [] });
  const result = await atMostOnce(context, () => expect.fail("it ran twice"));
  expect(result).toEqual({ output: "fetched", changes: [] });
});

test("an effect whose end is unknown is never repeated, and the model is told", async () => {
  const { context } = callWith({ state: "started", output: "", changes: [] });
  await expect(atMostOnce(context, () => expect.fail("it ran twice"))).rejects.toMatchObject({ code: "conflict" });
});

test("a cancelled run starts nothing, and records nothing that ended after the cancel", async () => {
  const before = callWith(undefined, false);
  await expect(atMostOnce(before.context, () => expect.fail("it ran"))).rejects.toThrow("lease lost");
  const during = callWith(undefined);
  const cancelled = atMostOnce(during.context, () => {
    during.state.isHeld = false;
    return Promise.resolve({ output: "too late" });
  });
  await expect(cancelled).rejects.toThrow("lease lost");
  expect(during.state.record?.state).toBe("started");
});
