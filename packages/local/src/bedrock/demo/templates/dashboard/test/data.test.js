const assert = require("node:assert/strict");
const { test } = require("node:test");
const { axisTop, data, growth, lastMonths, total } = require("../data.js");

test("a period is the last months", () => {
  assert.equal(lastMonths(3).length, 3);
  assert.equal(lastMonths(3).at(-1), data.at(-1));
});

test("totals and growth are computed from the data", () => {
  const months = [
    { revenue: 100, visitors: 10 },
    { revenue: 150, visitors: 5 },
  ];
  assert.equal(total(months, ({ revenue }) => revenue), 250);
  assert.equal(growth(months, ({ revenue }) => revenue), 0.5);
  assert.equal(growth(months, ({ visitors }) => visitors), -0.5);
  assert.equal(growth([], ({ revenue }) => revenue), 0);
});

test("an axis ends at a round number above its values", () => {
  assert.equal(axisTop([33480]), 35000);
  assert.equal(axisTop([9870]), 10000);
});
