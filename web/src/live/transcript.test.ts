import type { Delta, RunEvent } from "@slipway/contract/run";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyDelta, applyEvent, emptyTranscript, type Transcript } from "./transcript.ts";

const at = 0;
const text = (seq: number, id: string, words: string, step = 1): RunEvent => ({
  seq,
  at,
  type: "block-finished",
  step,
  block: { type: "text", id, text: words },
});
const delta = (offset: number, words: string, block = "b1"): Delta => ({
  runId: "r",
  step: 1,
  attempt: 1,
  block,
  kind: "text",
  offset,
  text: words,
});
const all = (...events: RunEvent[]) =>
  events.reduce((transcript, event) => applyEvent(transcript, event).transcript, emptyTranscript());

describe("events", () => {
  test("apply in order; repeats change nothing, and a gap is reported", () => {
    const one = all(text(1, "a", "A"));
    expect(applyEvent(one, text(1, "a", "A"))).toEqual({ transcript: one, gap: false });
    expect(applyEvent(one, text(3, "c", "C"))).toEqual({ transcript: one, gap: true });
  });

  test("a tool block appears once, with its result once it has one", () => {
    const call: RunEvent = {
      seq: 1,
      at,
      type: "block-finished",
      step: 1,
      block: { type: "tool", id: "t", tool: "read_file", input: {} },
    };
    const result = { state: "completed" as const, output: "x", changes: [], milliseconds: 1 };
    const done: RunEvent = {
      seq: 2,
      at,
      type: "block-finished",
      step: 1,
      block: { type: "tool", id: "t", tool: "read_file", input: {}, result },
    };
    expect(all(call, done).blocks).toMatchObject([{ id: "t", result: { output: "x" } }]);
  });

  test("a reset removes the step's blocks and keeps the others", () => {
    const reset: RunEvent = { seq: 3, at, type: "step-reset", step: 2, attempt: 2, reason: "interrupted" };
    expect(
      all(text(1, "a", "A", 1), text(2, "b", "B", 2), reset, text(4, "c", "C", 2)).blocks.map(({ id }) => id),
    ).toEqual(["a", "c"]);
  });
});

describe("deltas", () => {
  test("continue by offset: overlaps are dropped, gaps are reported", () => {
    const first = applyDelta(emptyTranscript(), delta(0, "Hello")).transcript;
    expect(applyDelta(first, delta(3, "lo wor")).transcript.open?.text).toBe("Hello wor");
    expect(applyDelta(first, delta(0, "He")).transcript.open?.text).toBe("Hello");
    expect(applyDelta(first, delta(7, "x"))).toEqual({ transcript: first, gap: true });
  });

  test("of a finished block change nothing", () => {
    const done = all(text(1, "b1", "Hello"));
    expect(applyDelta(done, delta(0, "Hell"))).toEqual({ transcript: done, gap: false });
  });

  test("give the same text repeated, reordered or cut, once every gap has been requested again", () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 60 }),
        fc.array(fc.tuple(fc.nat(60), fc.nat(20)), { maxLength: 30 }),
        (words, cuts) => {
          let transcript: Transcript = emptyTranscript();
          for (const [from, length] of cuts) {
            const applied = applyDelta(
              transcript,
              delta(Math.min(from, words.length), words.slice(from, from + length)),
            );
            transcript = applied.transcript;
            expect(words.startsWith(transcript.open?.text ?? "")).toBe(true);
          }
          // The snapshot that a gap asks for is all of it, from the start.
          expect(applyDelta(transcript, delta(0, words)).transcript.open?.text).toBe(words);
        },
      ),
    );
  });
});
