import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { change, lines, load, save } from "../todo.js";

test("adds, completes and removes", () => {
  let tasks = change(change([], "add", ["Water", "the", "plants"]), "add", ["Call Ada"]);
  tasks = change(tasks, "done", ["1"]);
  assert.deepEqual(lines(tasks), ["  1 [x] Water the plants", "  2 [ ] Call Ada"]);
  assert.deepEqual(lines(change(tasks, "remove", ["1"])), ["  1 [ ] Call Ada"]);
});

test("a number that is not there is an error", () => {
  for (const number of ["0", "2", "x"]) assert.throws(() => change([{ text: "One", done: false }], "done", [number]), /no task/);
});

test("keeps the list in its file", () => {
  const folder = mkdtempSync(join(tmpdir(), "todo-"));
  const file = join(folder, "todo.json");
  assert.deepEqual(load(file), []);
  save(file, [{ text: "One", done: false }]);
  assert.equal(load(file)[0].text, "One");
  rmSync(folder, { recursive: true });
});
