import assert from "node:assert/strict";
import { test } from "node:test";
import { createCounter } from "../src/counter.ts";

test("counts up by one", () => {
  const counter = createCounter();
  counter.add();
  assert.equal(counter.add(), 2);
});

test("never goes below zero", () => {
  const counter = createCounter(1);
  assert.equal(counter.add(-5), 0);
});

test("resets to where it began", () => {
  const counter = createCounter(3);
  counter.add(4);
  assert.equal(counter.reset(), 3);
  assert.equal(counter.read(), 3);
});
