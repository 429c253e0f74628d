const assert = require("node:assert/strict");
const { test } = require("node:test");
const { addExpense, byGroup, money, removeExpense, totalOf } = require("../expenses.js");

const rows = addExpense(addExpense(addExpense([], "Bread", "0.10", "Food"), "Milk", "0.20", "Food"), "Train", "9", "Travel");

test("sums exactly", () => {
  assert.equal(money(totalOf(rows)), "9.30");
  assert.equal(money(totalOf(removeExpense(rows, 3))), "0.30");
});

test("sums by category, largest first", () => {
  assert.deepEqual(byGroup(rows), [
    ["Travel", 900],
    ["Food", 30],
  ]);
});

test("takes no expense without a name or an amount", () => {
  assert.equal(addExpense(rows, " ", "1", "Food"), rows);
  assert.equal(addExpense(rows, "Tea", "-1", "Food"), rows);
});
