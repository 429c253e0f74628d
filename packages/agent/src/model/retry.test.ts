import { expect, test } from "vitest";
import { retryAfterOf, secondsToWait } from "./retry.ts";

const now = Date.UTC(2026, 10, 26);
const wait = (count: number, random: number, elapsed = 0, retryAfter?: number) =>
  secondsToWait({ count, since: now - elapsed * 1000 }, { now, retryAfter, random: () => random });

test("waits double from 2 to 30 seconds, with up to half of it as jitter", () => {
  expect([1, 2, 3, 4, 5, 6, 60].map((count) => wait(count, 1))).toEqual([2, 4, 8, 16, 30, 30, 30]);
  expect([1, 2, 3, 4, 5, 6, 60].map((count) => wait(count, 0))).toEqual([1, 2, 4, 8, 15, 15, 15]);
});

test("what the service asks for is honoured, and never undercut", () => {
  expect(wait(1, 0, 0, 45)).toBe(45);
  expect(wait(1, 0.99, 0, 45)).toBe(47);
  expect(wait(9, 0, 0, 0)).toBe(1);
});

test("gives up when the waits would exceed five minutes in all", () => {
  expect(wait(20, 1, 269)).toBe(30);
  expect(wait(20, 1, 271)).toBeUndefined();
  expect(wait(1, 0, 0, 3600)).toBeUndefined();
});

test("reads Retry-After in each of its forms, and ignores nonsense", () => {
  expect(retryAfterOf({ "retry-after": "7" }, now)).toBe(7);
  expect(retryAfterOf({ "retry-after-ms": "1500", "retry-after": "9" }, now)).toBe(1.5);
  expect(retryAfterOf({ "retry-after": new Date(now + 20_000).toUTCString() }, now)).toBe(20);
  for (const value of ["soon", "", "-5", "NaN"]) expect(retryAfterOf({ "retry-after": value }, now)).toBeUndefined();
  expect(retryAfterOf(undefined, now)).toBeUndefined();
});
