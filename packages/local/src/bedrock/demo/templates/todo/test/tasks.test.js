const assert = require("node:assert/strict");
const { test } = require("node:test");
const { add, remove, shown, toggle, withoutDone } = require("../tasks.js");

const two = add(add([], " Water the plants "), "Call Ada");

test("adds trimmed tasks with their own ids, and no empty ones", () => {
  assert.deepEqual(
    two.map(({ id, text, done }) => [id, text, done]),
    [
      [1, "Water the plants", false],
      [2, "Call Ada", false],
    ],
  );
  assert.equal(add(two, "   "), two);
});

test("completes, filters and clears", () => {
  const tasks = toggle(two, 1);
  assert.deepEqual(
    shown(tasks, "open").map(({ id }) => id),
    [2],
  );
  assert.deepEqual(
    shown(tasks, "done").map(({ id }) => id),
    [1],
  );
  assert.equal(withoutDone(tasks).length, 1);
  assert.equal(remove(tasks, 2).length, 1);
});

test("finds by text, whatever the case", () => {
  assert.equal(shown(two, "all", "PLANTS").length, 1);
});
