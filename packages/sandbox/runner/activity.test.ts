import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Activity } from "./activity.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a snapshot keeps the sandbox while it is made, and does not count as use", () => {
  const activity = new Activity();
  vi.advanceTimersByTime(60_000);
  const done = activity.keep();
  expect(activity.idleMs).toBe(0);
  vi.advanceTimersByTime(60_000);
  done();
  done();
  expect(activity.idleMs).toBe(120_000);
  activity.hold()();
  expect(activity.idleMs).toBe(0);
});
