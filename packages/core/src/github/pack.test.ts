import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packOf, type GitObject } from "./git.ts";
import { readPack } from "./pack.ts";
import { bytePath, displayPath, editTrees, filesOf, parseTree } from "./trees.ts";

/** Packs and trees, against git itself. */

let folder: string;
const git = (args: string[], input?: string | Buffer) =>
  execFileSync("git", args, {
    cwd: folder,
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "ignore"],
    ...(input === undefined ? {} : { input }),
  });
const gitText = (args: string[], input?: string | Buffer) => git(args, input).toString().trim();
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-pack-"));
  git(["init", "-q"]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function commitFiles(files: Record<string, string>): string {
  git(["read-tree", "--empty"]);
  const lines = Object.entries(files).map(([path, data]) =>
    Buffer.concat([
      Buffer.from(`100644 ${gitText(["hash-object", "-w", "--stdin"], data)}\t`),
      Buffer.from(path, "latin1"),
      Buffer.from([0]),
    ]),
  );
  git(["update-index", "-z", "--index-info"], Buffer.concat(lines));
  return gitText(["write-tree"]);
}

describe("a pack", () => {
  const long = Array.from({ length: 2000 }, (_, at) => `line ${at} of a long file\n`).join("");
  test("of git's, with deltas of both kinds, gives every object", () => {
    const shas = Array.from({ length: 12 }, (_, at) =>
      gitText(["hash-object", "-w", "--stdin"], long.replace(`line ${at * 100} `, `edited ${at} `)),
    );
    shas.push(gitText(["hash-object", "-w", "--stdin"], ""));
    for (const option of ["--delta-base-offset", "--no-reuse-delta"]) {
      const pack = git(["pack-objects", "--stdout", "-q", "--window=50", "--depth=50", option], `${shas.join("\n")}\n`);
      expect(pack.length).toBeLessThan(long.length);
      const found = readPack(pack, 10 * long.length * shas.length);
      for (const sha of shas) expect(found.get(sha)?.equals(git(["cat-file", "blob", sha]))).toBe(true);
    }
  });

  test("that is cut, altered, or larger than was asked for is refused", () => {
    const sha = gitText(["hash-object", "-w", "--stdin"], long);
    const pack = git(["pack-objects", "--stdout", "-q"], `${sha}\n`);
    expect(() => readPack(pack, 1000)).toThrow(/larger|more/);
    expect(() => readPack(pack.subarray(0, 40), 1_000_000)).toThrow();
    expect(() => readPack(Buffer.from("<html>"), 1_000_000)).toThrow(/not a pack/);
    const altered = Buffer.from(pack);
    altered[30] = (altered[30] ?? 0) ^ 0xff;
    let found: ReadonlyMap<string, Buffer> = new Map();
    try {
      found = readPack(altered, 1_000_000);
    } catch {
      // Either it cannot be read, or it is another object.
    }
    expect(found.has(sha)).toBe(false);
  });

  test("of ours is accepted by git", async () => {
    const data = Buffer.from("ours\n");
    async function* objects(): AsyncGenerator<Pick<GitObject, "type" | "data">> {
      yield await Promise.resolve({ type: "blob" as const, data });
    }
    const parts: Uint8Array[] = [];
    for await (const part of packOf(1, objects())) parts.push(part);
    writeFileSync(join(folder, "ours.pack"), Buffer.concat(parts));
    expect(gitText(["index-pack", "--strict", "ours.pack"])).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe("trees", () => {
  const read = (root: string) =>
    new Map(
      [root, ...gitText(["ls-tree", "-r", "-d", "--object-only", root]).split("\n").filter(Boolean)].map((sha) => [
        sha,
        git(["cat-file", "tree", sha]),
      ]),
    );

  test("are edited as git's index would be", () => {
    const before = { a: "1", "b/c": "2", "b/d/e": "3", "b-x": "4", "b.y": "5", "z/caf\xe9": "6" };
    const root = commitFiles(before);
    const trees = read(root);
    expect([...filesOf(trees, root)].map(({ path }) => path).toSorted()).toEqual(Object.keys(before).toSorted());
    expect([...filesOf(trees, root, "b")].map(({ path }) => path).toSorted()).toEqual(["c", "d/e"]);
    const put = (data: string) => ({ mode: "100644", sha: gitText(["hash-object", "-w", "--stdin"], data) });
    const edit = (changes: Record<string, string | undefined>) =>
      editTrees(
        trees,
        root,
        new Map(Object.entries(changes).map(([path, data]) => [path, data === undefined ? undefined : put(data)])),
      );
    for (const [changes, after] of [
      [{}, before],
      [
        { a: "new", "n/e/w": "n" },
        { ...before, a: "new", "n/e/w": "n" },
      ],
      // A file replaces a folder, and a folder a file.
      [
        { "b/c": undefined, "b/d/e": undefined, b: "file" },
        { a: "1", b: "file", "b-x": "4", "b.y": "5", "z/caf\xe9": "6" },
      ],
      [
        { a: undefined, "a/inside": "x" },
        { "a/inside": "x", "b/c": "2", "b/d/e": "3", "b-x": "4", "b.y": "5", "z/caf\xe9": "6" },
      ],
      // An emptied folder goes.
      [{ "b/d/e": undefined }, { a: "1", "b/c": "2", "b-x": "4", "b.y": "5", "z/caf\xe9": "6" }],
      [Object.fromEntries(Object.keys(before).map((path) => [path, undefined])), {}],
    ] as [Record<string, string | undefined>, Record<string, string>][]) {
      const { root: made } = edit(changes);
      expect([changes, made]).toEqual([changes, commitFiles(after)]);
    }
    // Only folders on the way are new.
    expect(edit({ "b/d/e": "new" }).made.length).toBe(3);
    expect(parseTree(trees.get(root) ?? Buffer.alloc(0)).length).toBe(5);
  });

  test("name bytes that are not UTF-8 without a clash", () => {
    expect(displayPath(bytePath("ünï/日本語"))).toBe("ünï/日本語");
    expect(displayPath("caf\xe9")).toBe("caf\\xe9");
    expect(displayPath("caf\xe8")).toBe("caf\\xe8");
  });
});
