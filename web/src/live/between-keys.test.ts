import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { betweenKeys } from "./between-keys.ts";

/** Milliseconds until the next paint. */
const frame = 16;
const keys = new Set<() => void>();
const press = () => keys.forEach((run) => run());
let taken: number[][] = [];
let deltas: ReturnType<typeof betweenKeys<number>>;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("addEventListener", (_: string, run: () => void) => keys.add(run));
  vi.stubGlobal("removeEventListener", (_: string, run: () => void) => keys.delete(run));
  vi.stubGlobal("requestAnimationFrame", (run: () => void) => setTimeout(run, frame));
  taken = [];
  deltas = betweenKeys<number>((items) => taken.push([...items]));
});
afterEach(() => {
  deltas.close();
  expect(keys.size).toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("without keys everything is taken at once", () => {
  deltas.add([1]);
  deltas.add([2, 3]);
  expect(taken).toEqual([[1], [2, 3]]);
});

test("after a key it waits until typing rests", () => {
  deltas.add([1]);
  press();
  deltas.add([2]);
  vi.advanceTimersByTime(40);
  press();
  deltas.add([3]);
  vi.advanceTimersByTime(59);
  expect(taken).toEqual([[1]]);
  vi.advanceTimersByTime(1);
  expect(taken).toEqual([[1], [2, 3]]);
});

test("while keys come without a rest it is taken four times a second, after the paint of a key, in order and whole", () => {
  for (let n = 0; n < 100; n++) {
    press();
    const before = taken.length;
    vi.advanceTimersByTime(15);
    // Never between a key and its paint.
    expect(taken.length).toBe(before);
    deltas.add([n]);
    vi.advanceTimersByTime(15);
  }
  expect(taken.length).toBeGreaterThan(8);
  expect(taken.length).toBeLessThanOrEqual(13);
  deltas.flush();
  expect(taken.flat()).toEqual(Array.from({ length: 100 }, (_, n) => n));
});

test("what comes after it can take it first", () => {
  deltas.add([1]);
  press();
  deltas.add([2]);
  deltas.flush();
  expect(taken).toEqual([[1], [2]]);
  vi.advanceTimersByTime(1000);
  expect(taken).toEqual([[1], [2]]);
});
