const assert = require("node:assert/strict");
const { test } = require("node:test");
const { generate, strength } = require("../generate.js");

test("has the length, and a character of each set", () => {
  for (let count = 0; count < 200; count++) {
    const made = generate(8, ["lower", "upper", "digits", "signs"]);
    assert.match(made, /^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]|.*_).{8}$/);
  }
  assert.match(generate(30, ["lower"]), /^[a-z]{30}$/);
});

test("never repeats itself", () => {
  const made = new Set(Array.from({ length: 100 }, () => generate(20, ["lower", "digits"])));
  assert.equal(made.size, 100);
});

test("longer is stronger", () => {
  assert.ok(strength(20, ["lower", "digits"]) > strength(10, ["lower", "digits"]));
});
