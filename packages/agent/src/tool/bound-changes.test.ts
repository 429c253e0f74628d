import { expect, test } from "vitest";
import { boundChanges } from "./bound-changes.ts";

test("diffs are kept while they fit, and every path is", () => {
  const changes = Array.from({ length: 20 }, (_, n) => ({
    path: `${n}`,
    op: "edited" as const,
    diff: "d".repeat(20_000),
  }));
  const bounded = boundChanges(changes);
  expect(bounded.map(({ path }) => path)).toEqual(changes.map(({ path }) => path));
  expect(bounded.filter(({ diff }) => diff !== undefined)).toHaveLength(10);
});
