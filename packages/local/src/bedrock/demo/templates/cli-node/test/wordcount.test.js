import assert from "node:assert/strict";
import { test } from "node:test";
import { count, mostFrequent } from "../wordcount.js";

test("counts lines, words and characters", () => {
  assert.deepEqual(count("one two\ntwo\n"), { lines: 2, words: 3, characters: 12 });
  assert.deepEqual(count(""), { lines: 0, words: 0, characters: 0 });
});

test("words have letters of any alphabet", () => {
  assert.equal(count("Äpfel, naïve l'été 東京!").words, 4);
});

test("frequent words come first", () => {
  assert.deepEqual(mostFrequent("b a B c a b", 2), [
    ["b", 3],
    ["a", 2],
  ]);
});
