import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { foldersLinkedFrom } from "./file-index.ts";

const roots: string[] = [];
afterEach(() => {
  for (const root of roots.splice(0)) rmSync(root, { recursive: true, force: true });
});

function mirror(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), "slipway-index-"));
  roots.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

test("finds the folder of packages beside an index, and no other folder there", () => {
  const root = mirror({
    "simple/flask/index.html": `<a href="../../files/ab/flask-3.whl#sha256=1">flask-3.whl</a>`,
    "simple/click/index.html": `<A HREF='../../files/cd/click-8.whl'>click-8.whl</A>`,
    "files/ab/flask-3.whl": "",
    "files/cd/click-8.whl": "",
    "private/key": "",
  });
  expect(foldersLinkedFrom(join(root, "simple"))).toEqual([join(root, "files")]);
});

test("needs none for an index that holds its packages, or whose links lead to the network", () => {
  const root = mirror({
    "simple/index.html": `<a href="flask/">flask</a>`,
    "simple/flask/index.html": `<a href="flask-3.whl">a</a><a href="https://files.test/flask-4.whl">b</a>`,
    "simple/flask/flask-3.whl": "",
  });
  expect(foldersLinkedFrom(join(root, "simple"))).toEqual([]);
});

test("opens no folder of the root, nothing that is missing, and nothing for an index that is not there", () => {
  const root = mirror({
    "simple/a/index.html": `<a href="file:///etc/passwd">a</a><a href="/a.whl">b</a><a href="../../gone/c.whl">c</a>`,
  });
  expect(foldersLinkedFrom(join(root, "simple"))).toEqual([]);
  expect(foldersLinkedFrom(join(root, "absent"))).toEqual([]);
});
