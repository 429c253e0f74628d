import { expect, test } from "vitest";
import { mentionAt } from "./mention.ts";

test.each([
  ["@app", 0, "app"],
  ["look at @src/ap", 8, "src/ap"],
  ["看@app", 1, "app"],
  ["「@app", 1, "app"],
  ["(@src", 1, "src"],
  ["보기@", 2, ""],
])("%s is a mention", (text, from, words) => {
  expect(mentionAt(text)).toEqual({ from, words });
});

test.each(["me@example.com", "Ünal@app", "имя@app", "a1@b", "@app and", "no mention"])("%s is none", (text) => {
  expect(mentionAt(text)).toBeUndefined();
});
