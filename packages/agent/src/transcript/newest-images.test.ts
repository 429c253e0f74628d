import type { ModelMessage } from "ai";
import { expect, test } from "vitest";
import { withNewestImages } from "./newest-images.ts";

const images = (from: number, count: number): ModelMessage => ({
  role: "user",
  content: Array.from({ length: count }, (_, at) => ({
    type: "file",
    data: "attachment:x",
    mediaType: "image/png",
    filename: `${from + at}.png`,
  })),
});
const thought: ModelMessage = {
  role: "assistant",
  content: [
    { type: "reasoning", text: "Hm." },
    { type: "text", text: "I see." },
  ],
};
const namesIn = (messages: ModelMessage[]) =>
  [...JSON.stringify(messages).matchAll(/"filename":"(\d+)\.png"/g)].map(([, at]) => Number(at));
const thinks = (message: ModelMessage | undefined) => JSON.stringify(message).includes("reasoning");

test("twenty images stay as they are, with the thinking between them", () => {
  const messages = [images(0, 12), thought, images(12, 8)];
  expect(withNewestImages(messages, 2)).toEqual(messages);
});

test("of more the oldest ten are left out, and the next ten only when there are ten more", () => {
  expect(namesIn(withNewestImages([images(0, 12), thought, images(12, 9)], 2))).toEqual(
    Array.from({ length: 11 }, (_, at) => at + 10),
  );
  expect(namesIn(withNewestImages([images(0, 30)], 0))[0]).toBe(10);
  expect(namesIn(withNewestImages([images(0, 31)], 0))[0]).toBe(20);
});

test("thinking from before the run's message is left out with them, and its own stays", () => {
  const [, before, , own] = withNewestImages([images(0, 12), thought, images(12, 9), thought], 2);
  expect([before, own].map(thinks)).toEqual([false, true]);
});

test("images that the run itself brings may leave out others, and then no thinking counts", () => {
  const seen = withNewestImages([images(0, 20), thought, images(20, 1), thought], 0);
  expect(namesIn(seen)).toEqual(Array.from({ length: 11 }, (_, at) => at + 10));
  expect(seen.map(thinks)).toEqual([false, false, false, false]);
});
