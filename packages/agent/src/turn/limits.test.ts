import { expect, test } from "vitest";
import { acceptable, refusalIn } from "./limits.ts";

function nested(levels: number): unknown {
  let value: unknown = "core";
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value };
  return { value };
}

test("ordinary inputs are taken as they are", () => {
  for (const input of [{}, { none: null }, { paths: ["a", "b"] }, { content: "x".repeat(900_000) }])
    expect(acceptable(input)).toBe(input);
  expect(refusalIn(acceptable(nested(63)))).toBeUndefined();
});

test("an input that is nested too deeply or too long is refused, without exhausting the stack", () => {
  expect(refusalIn(acceptable(nested(64)))?.told).toMatch(/nested/);
  expect(refusalIn(acceptable(nested(100_000)))?.told).toMatch(/nested/);
  expect(refusalIn(acceptable({ content: "x".repeat(1_000_001) }))?.told).toMatch(/longer than 1,000,000/);
});

test("an input that is no object is refused: no provider accepts it in history", () => {
  for (const input of [undefined, null, "text", 7, ["a"]])
    expect(refusalIn(acceptable(input))?.told).toMatch(/JSON object/);
});
