import { expect, test } from "vitest";
import { firstOf } from "./identity.ts";
import { largestGroup, treeOf } from "./watchdog.ts";

test("takes users far above the system's, or the upper half of what a container maps", () => {
  const whole = "         0          0 4294967295\n";
  expect(firstOf(whole, whole).first).toBeGreaterThan(1_000_000_000);
  const container = "         0     100000      65536\n";
  const { first, count } = firstOf(container, whole);
  expect(first).toBeGreaterThan(10_000);
  expect(first + count).toBeLessThanOrEqual(65_534);
  expect(() => firstOf("0 1000 1\n", whole)).toThrow("too few users");
});

test("ends the largest group of a sandbox, never bubblewrap's or the runner's, whatever they call themselves", () => {
  const process = (pid: number, parent: number, group: number, memory: number, name = "x") => ({
    pid,
    parent,
    group,
    memory,
    name,
  });
  const all = [
    process(10, 1, 10, 1, "bwrap"),
    process(11, 10, 11, 1, "bwrap"),
    process(12, 11, 11, 900, "node"),
    process(20, 12, 20, 50, "hog"),
    process(21, 20, 20, 60, "bwrap"),
    process(30, 12, 30, 100, "lean"),
    process(99, 1, 99, 5000, "of the host"),
  ];
  const tree = treeOf(10, all);
  expect(tree.map(({ pid }) => pid)).toEqual([10, 11, 12, 20, 30, 21]);
  expect(largestGroup(tree, 10)).toEqual({ group: 20, name: "bwrap" });
  expect(largestGroup(treeOf(10, all.slice(0, 3)), 10)).toBeUndefined();
});
