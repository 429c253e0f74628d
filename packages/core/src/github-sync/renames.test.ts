import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { blobSHA } from "../github/git.ts";
import { exactRenames, similarRenames } from "./renames.ts";

/** Renames, against `git diff -M`. */

let folder: string;
const git = (args: string[], input = "") =>
  execFileSync("git", args, { cwd: folder, encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] }).trim();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-renames-"));
  git(["init", "-q"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Files = Record<string, string>;
const treeOf = (files: Files) => {
  git(["read-tree", "--empty"]);
  const lines = Object.entries(files).map(
    ([path, data]) => `100644 ${git(["hash-object", "-w", "--stdin"], data)}\t${path}`,
  );
  git(["update-index", "--index-info"], `${lines.join("\n")}\n`);
  return git(["write-tree"]);
};
const sidesOf = (files: Files) =>
  new Map(Object.entries(files).map(([path, data]) => [path, { mode: "100644", sha: blobSHA(Buffer.from(data)) }]));

async function renamesOf(before: Files, after: Files): Promise<Files> {
  const [base, side] = [sidesOf(before), sidesOf(after)];
  const exact = exactRenames(base, side);
  const similar = await similarRenames(base, side, {
    exact,
    wanted: new Set(base.keys()),
    read: (path, from) => Promise.resolve(Buffer.from((from === "base" ? before : after)[path] ?? "")),
  });
  return Object.fromEntries([...exact, ...similar]);
}

function gitRenames(before: Files, after: Files): Files {
  const lines = git(["diff-tree", "-r", "-M50%", "--name-status", treeOf(before), treeOf(after)]).split("\n");
  const renames = lines.map((line) => line.split("\t")).filter(([status = ""]) => status.startsWith("R"));
  return Object.fromEntries(renames.map(([, from = "", to = ""]) => [from, to]));
}

const text = (seed: string, edited = 0) =>
  Array.from({ length: 40 }, (_, at) => (at < edited ? `new ${seed} ${at}` : `line ${at} of ${seed}`)).join("\n");

test("are found as git finds them, moved, edited and both", async () => {
  const move = fc.record({
    to: fc.constantFrom("same", "folder", "name", "gone"),
    /** Of 40 lines: well below and well above git's half. */
    edited: fc.constantFrom(0, 1, 8, 15, 30, 40),
  });
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 6 }), async (moves) => {
      const before = Object.fromEntries(moves.map((_, at) => [`src/f${at}.txt`, text(`file ${at}`)]));
      const after = Object.fromEntries(
        moves.flatMap(({ to, edited }, at) => {
          const path = { same: `src/f${at}.txt`, folder: `lib/f${at}.txt`, name: `src/g${at}.txt`, gone: "" }[to];
          return path === "" ? [] : [[path, text(`file ${at}`, edited)] as const];
        }),
      );
      const expected = gitRenames(before, { ...after, keep: "x" });
      found += Object.keys(expected).length;
      expect(await renamesOf(before, { ...after, keep: "x" })).toEqual(expected);
    }),
    { numRuns: 40 },
  );
  expect(found).toBeGreaterThan(20);
});

test("need more than an empty file, and prefer the same name", async () => {
  expect(await renamesOf({ "a/x": "" }, { "b/x": "" })).toEqual({});
  const same = text("one");
  expect(await renamesOf({ "a/x": same }, { "b/other": same, "c/x": same })).toEqual({ "a/x": "c/x" });
});
