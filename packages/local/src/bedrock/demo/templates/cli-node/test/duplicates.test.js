import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { findDuplicates } from "../duplicates.js";

let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "duplicates-"));
  mkdirSync(join(folder, "b"));
  for (const [path, content] of [["a.txt", "same"], ["b/c.txt", "same"], ["b/d.txt", "else"], ["empty", ""], ["empty2", ""]]) {
    writeFileSync(join(folder, path), content);
  }
});
after(() => rmSync(folder, { recursive: true }));

test("finds the same content in other folders, and not the same size alone", async () => {
  const { groups, unreadable } = await findDuplicates(folder);
  assert.equal(groups.length, 1);
  assert.equal(groups[0].size, 4);
  assert.deepEqual(
    groups[0].paths.map((path) => basename(path)),
    ["a.txt", "c.txt"],
  );
  assert.deepEqual(unreadable, []);
});

test("leaves small files out", async () => {
  assert.deepEqual((await findDuplicates(folder, 5)).groups, []);
});
