import { setImmediate } from "node:timers/promises";
import { afterEach, expect, test, vi } from "vitest";
import { runSteps } from "./steps.ts";

afterEach(() => vi.restoreAllMocks());

function logged(): string[] {
  const lines: string[] = [];
  vi.spyOn(process.stdout, "write").mockImplementation((line) => lines.push(String(line)) > 0);
  return lines;
}

test("a failing step is logged, does not stop the others, and fails the whole at the end", async () => {
  const lines = logged();
  const ran: string[] = [];
  const steps = {
    broken: () => Promise.reject(new TypeError("a secret detail")),
    thrown: () => {
      throw new RangeError("at once");
    },
    slow: async () => {
      // The others have failed by then.
      await setImmediate();
      ran.push("slow");
      return 2;
    },
    quick: () => Promise.resolve(ran.push("quick")),
  };
  await expect(runSteps(steps)).rejects.toThrow("failed: thrown, broken");
  expect(ran).toEqual(["quick", "slow"]);
  expect(
    lines.filter((line) => line.includes("step-failed")).map((line) => (JSON.parse(line) as { step: string }).step),
  ).toEqual(["thrown", "broken"]);
  expect(lines.join("")).not.toContain("secret");
});

test("logs the count of each step, and nothing for an idle minute", async () => {
  const lines = logged();
  expect(await runSteps({ a: () => Promise.resolve(1), b: () => Promise.resolve(0) })).toEqual({ a: 1, b: 0 });
  expect(lines).toHaveLength(1);
  await runSteps({ a: () => Promise.resolve(0) });
  expect(lines).toHaveLength(1);
});
