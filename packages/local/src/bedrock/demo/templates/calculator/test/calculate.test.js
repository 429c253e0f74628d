const assert = require("node:assert/strict");
const { test } = require("node:test");
const { calculate } = require("../calculate.js");

test("multiplies before it adds, and brackets come first", () => {
  assert.equal(calculate("2+3×4"), 14);
  assert.equal(calculate("(2+3)×4"), 20);
  assert.equal(calculate("8÷4−1"), 1);
  assert.equal(calculate("−2×−3"), 6);
});

test("hides binary rounding", () => {
  assert.equal(calculate("0.1+0.2"), 0.3);
});

test("refuses a division by zero and what is not complete", () => {
  assert.throws(() => calculate("1÷0"), /zero/);
  for (const text of ["", "2+", "(2", "2 2"]) assert.throws(() => calculate(text));
});
