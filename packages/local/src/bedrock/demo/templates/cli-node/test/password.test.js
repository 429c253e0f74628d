import assert from "node:assert/strict";
import { test } from "node:test";
import { bits, generate } from "../password.js";

test("has the length, and a character of each set", () => {
  for (let made = 0; made < 200; made++) {
    assert.match(generate(8, ["lower", "upper", "digits", "signs"]), /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_).{8}$/);
  }
  assert.match(generate(40, ["lower"]), /^[a-z]{40}$/);
});

test("never repeats itself, and longer is stronger", () => {
  assert.equal(new Set(Array.from({ length: 100 }, () => generate(20, ["lower", "digits"]))).size, 100);
  assert.ok(bits(20, ["lower"]) > bits(10, ["lower"]));
});
