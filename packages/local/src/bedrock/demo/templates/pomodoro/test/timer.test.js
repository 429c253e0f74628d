const assert = require("node:assert/strict");
const { test } = require("node:test");
const { clock, newTimer, pass, skip } = require("../timer.js");

test("work is followed by rest, and counts as a round", () => {
  const timer = pass(newTimer(), 25 * 60);
  assert.deepEqual(timer, { phase: "Rest", left: 300, rounds: 1 });
  assert.equal(pass(timer, 300).phase, "Work");
});

test("a long gap goes through several phases", () => {
  assert.deepEqual(pass(newTimer(), 25 * 60 + 5 * 60 + 10), { phase: "Work", left: 25 * 60 - 10, rounds: 1 });
});

test("the fourth rest is long", () => {
  let timer = newTimer();
  for (let count = 0; count < 7; count++) timer = skip(timer);
  assert.equal(timer.phase, "Long rest");
});

test("shows minutes and seconds", () => {
  assert.equal(clock(65), "01:05");
});
