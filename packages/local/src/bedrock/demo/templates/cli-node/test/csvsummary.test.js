import assert from "node:assert/strict";
import { test } from "node:test";
import { summarise } from "../csvsummary.js";

test("numbers have a range and a mean", () => {
  const { rows, columns } = summarise('name,age\n"Ada, the first",36\nBob,40\nEve,\n');
  assert.equal(rows, 3);
  assert.deepEqual(columns[1], { name: "age", empty: 1, distinct: 2, minimum: 36, maximum: 40, mean: 38 });
  assert.deepEqual(columns[0], { name: "name", empty: 0, distinct: 3 });
});

test("an empty file has no columns", () => {
  assert.deepEqual(summarise(""), { rows: 0, columns: [] });
});
