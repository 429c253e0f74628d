import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { plan, problems, rename } from "../rename.js";

test("keeps extensions and numbers files", () => {
  assert.deepEqual(plan(["b.jpg", "a.jpg"], "^.*$", "trip-{n}"), [
    ["a.jpg", "trip-001.jpg"],
    ["b.jpg", "trip-002.jpg"],
  ]);
  assert.deepEqual(plan(["IMG_1.jpg", "x.txt"], "IMG_(\\d)", "photo-$1"), [["IMG_1.jpg", "photo-1.jpg"]]);
});

test("overwrites nothing", () => {
  assert.equal(problems(["a", "b"], [["a", "b"]]).length, 1);
  assert.equal(problems(["a", "b"], [["a", "c"], ["b", "c"]]).length, 1);
});

test("files can swap their names", () => {
  const pairs = [["a", "b"], ["b", "a"]];
  assert.deepEqual(problems(["a", "b"], pairs), []);
  const folder = mkdtempSync(join(tmpdir(), "rename-"));
  for (const name of ["a", "b"]) writeFileSync(join(folder, name), name);
  rename(folder, pairs);
  assert.deepEqual(readdirSync(folder), ["a", "b"]);
  assert.equal(readFileSync(join(folder, "a"), "utf8"), "b");
  rmSync(folder, { recursive: true });
});
