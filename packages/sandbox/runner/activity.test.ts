import { expect, test } from "vitest";
import { Activity } from "./activity.ts";

test("a snapshot keeps the sandbox while it is made, and does not count as use", async () => {
  const activity = new Activity();
  await new Promise((resolve) => setTimeout(resolve, 20));
  const before = activity.idleMs;
  const done = activity.keep();
  expect(activity.idleMs).toBe(0);
  done();
  done();
  expect(activity.idleMs).toBeGreaterThanOrEqual(before);
  activity.hold()();
  expect(activity.idleMs).toBeLessThanOrEqual(before);
});
