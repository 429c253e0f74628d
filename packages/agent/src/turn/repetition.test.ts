import { expect, test } from "vitest";
import { repeatsOf, signatureOf } from "./repetition.ts";

const steps = (text: string) => text.split("");

test.each([
  ["", 0],
  ["A", 1],
  ["AA", 2],
  ["AAA", 3],
  ["BAAA", 3],
  ["AAAB", 1],
  ["ABAB", 2],
  ["ABABAB", 3],
  ["XABABAB", 3],
  ["ABABA", 2],
  ["ABCABCABC", 3],
  ["ABCDABCDABCD", 3],
  ["ABCDEF", 1],
])("%s ends in %i repetitions", (made, repeats) => {
  expect(repeatsOf(steps(made))).toBe(repeats);
});

test("one call after another is told apart from calls in turn", () => {
  const alone = { longestRound: 1 };
  expect(repeatsOf(steps("ABABAB"), alone)).toBe(1);
  expect(repeatsOf(steps("BAAA"), alone)).toBe(3);
  expect(repeatsOf([], alone)).toBe(0);
});

test("the same calls with other answers are not the same step", () => {
  const said = [
    {
      role: "assistant" as const,
      content: [{ type: "tool-call" as const, toolCallId: "1", toolName: "x", input: {} }],
    },
  ];
  const answer = (toolCallId: string, value: string) => [
    {
      role: "tool" as const,
      content: [{ type: "tool-result" as const, toolCallId, toolName: "x", output: { type: "text" as const, value } }],
    },
  ];
  expect(signatureOf(said, answer("1", "a"))).toBe(signatureOf(said, answer("2", "a")));
  expect(signatureOf(said, answer("1", "a"))).not.toBe(signatureOf(said, answer("1", "b")));
});
