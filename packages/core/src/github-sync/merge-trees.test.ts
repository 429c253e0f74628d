import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { editTrees } from "../github/trees.ts";
import { mergeTrees, type Side } from "./merge-trees.ts";

type Files = Record<string, string>;
const sides = (files: Files) => new Map(Object.entries(files).map(([path, sha]) => [path, { sha, mode: "100644" }]));
const shas = (map: ReadonlyMap<string, Side>) =>
  Object.fromEntries([...map].flatMap(([path, side]) => (side ? [[path, side.sha]] : [])));

function merge(base: Files, target: Files, incoming: Files, choice?: "target" | "incoming") {
  const merged = mergeTrees({
    base: sides(base),
    target: sides(target),
    incoming: sides(incoming),
    choose: () => choice,
  });
  const result = new Map<string, Side>(sides(target));
  for (const [path, side] of merged.changes) result.set(path, side);
  return { files: shas(result), questions: merged.questions.map(({ path, kind }) => `${kind} ${path}`) };
}

describe("a file on one side and a folder of its name on the other", () => {
  test("is one question; either answer gives a tree that can exist", () => {
    const upstream = { "docs/a.md": "1", "docs/b/c.md": "2", x: "3" };
    const ours = { docs: "4", x: "3" };
    expect(merge({ x: "3" }, upstream, ours)).toEqual({ files: upstream, questions: ["clash docs"] });
    expect(merge({ x: "3" }, upstream, ours, "target").files).toEqual(upstream);
    expect(merge({ x: "3" }, upstream, ours, "incoming").files).toEqual(ours);
    expect(merge({ x: "3" }, ours, upstream)).toEqual({ files: ours, questions: ["clash docs"] });
    expect(merge({ x: "3" }, ours, upstream, "incoming").files).toEqual(upstream);
  });

  test("includes the edits below it, and restores the folder whole when it is chosen", () => {
    const base = { "d/a": "1", "d/b": "2" };
    const [file, edited] = [{ d: "3" }, { "d/a": "9", "d/b": "2" }];
    expect(merge(base, edited, file)).toEqual({ files: edited, questions: ["clash d"] });
    expect(merge(base, file, edited)).toEqual({ files: file, questions: ["clash d"] });
    expect(merge(base, file, edited, "incoming").files).toEqual(edited);
  });

  test("is no question when only one side changed it", () => {
    expect(merge({ "d/a": "1" }, { "d/a": "1", x: "2" }, { d: "3" })).toEqual({
      files: { d: "3", x: "2" },
      questions: [],
    });
    expect(merge({ d: "1" }, { d: "1" }, { "d/a": "2" })).toEqual({ files: { "d/a": "2" }, questions: [] });
  });
});

test("an entry that must be kept is replaced and deleted only by a decision", () => {
  const link = { link: "1" };
  const replacements: Files[] = [{}, { link: "2" }, { "link/a": "2" }];
  for (const incoming of replacements) {
    const input = { base: sides(link), target: sides(link), incoming: sides(incoming), keeps: () => true };
    expect(mergeTrees(input)).toMatchObject({ questions: [{ path: "link" }] });
    const { changes } = mergeTrees({ ...input, choose: () => "incoming" });
    expect(shas(changes)).toEqual(incoming);
  }
});

test("an edit follows a rename on the other side", () => {
  const rename = new Map([["old", "new"]]);
  const [base, edited, moved] = [sides({ old: "1" }), sides({ old: "2" }), sides({ new: "1" })];
  const incoming = mergeTrees({ base, target: edited, incoming: moved, renames: { incoming: rename } });
  expect([...incoming.changes]).toEqual([
    ["new", { sha: "2", mode: "100644" }],
    ["old", undefined],
  ]);
  expect([...incoming.renamed]).toEqual([["new", "old"]]);
  const target = mergeTrees({ base, target: moved, incoming: edited, renames: { target: rename } });
  expect([...target.changes]).toEqual([["new", { sha: "2", mode: "100644" }]]);
});

describe("against git", () => {
  let repository: string;
  const git = (args: string[], input?: string, encoding: "utf8" | "latin1" = "utf8") => {
    const out = execFileSync("git", args, {
      cwd: repository,
      encoding,
      stdio: ["pipe", "pipe", "ignore"],
      ...(input === undefined ? {} : { input }),
      env: {
        ...process.env,
        GIT_AUTHOR_NAME: "a",
        GIT_AUTHOR_EMAIL: "a@example.test",
        GIT_COMMITTER_NAME: "a",
        GIT_COMMITTER_EMAIL: "a@example.test",
      },
    });
    return encoding === "utf8" ? out.trim() : out;
  };
  beforeAll(() => {
    repository = mkdtempSync(join(tmpdir(), "slipway-merge-"));
    git(["init", "-q"]);
  });
  afterAll(() => rmSync(repository, { recursive: true, force: true }));

  const blobs = new Map<string, string>();
  function commit(files: Files, parent?: string): string {
    const lines = Object.entries(files).map(([path, content]) => {
      let sha = blobs.get(content);
      if (!sha) blobs.set(content, (sha = git(["hash-object", "-w", "--stdin"], `${content}\n`)));
      return `100644 ${sha}\t${path}`;
    });
    git(["read-tree", "--empty"]);
    git(["update-index", "--index-info"], `${lines.join("\n")}\n`);
    return git(["commit-tree", git(["write-tree"]), "-m", "x", ...(parent ? ["-p", parent] : [])]);
  }
  /** The merged files and their tree, or undefined for a conflict. */
  function gitMerge(base: Files, target: Files, incoming: Files): { files: Files; tree: string } | undefined {
    const root = commit(base);
    let tree: string;
    try {
      tree = git(["merge-tree", "--write-tree", commit(target, root), commit(incoming, root)]).split("\n")[0] ?? "";
    } catch {
      return undefined;
    }
    const lines = git(["ls-tree", "-r", tree]).split("\n").filter(Boolean);
    const contents = new Map([...blobs].map(([content, sha]) => [sha, content]));
    const files = Object.fromEntries(
      lines.map((line) => {
        const [, , sha = "", path = ""] = line.split(/[ \t]/);
        return [path, contents.get(sha) ?? sha];
      }),
    );
    return { files, tree };
  }

  /** The tree that an export makes of the same. */
  function exportedTree(base: Files, target: Files, incoming: Files): string {
    const real = (files: Files) =>
      new Map(Object.entries(files).map(([path, data]) => [path, { sha: blobs.get(data) ?? "", mode: "100644" }]));
    const root = git(["rev-parse", `${commit(target)}^{tree}`]);
    const folders = git(["ls-tree", "-r", "-d", "--object-only", root]).split("\n").filter(Boolean);
    const trees = new Map(
      [root, ...folders].map((sha) => [
        sha,
        Buffer.from(git(["cat-file", "tree", sha], undefined, "latin1"), "latin1"),
      ]),
    );
    const { changes } = mergeTrees({ base: real(base), target: real(target), incoming: real(incoming) });
    return editTrees(trees, root, changes).root;
  }

  /** Few names, so that files and folders of one name meet often. */
  const tree = fc
    .dictionary(
      fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((names) => names.join("/")),
      fc.constantFrom("one", "two", "three", "four"),
      { minKeys: 1, maxKeys: 6 },
    )
    .map((files): Files => {
      const paths = Object.keys(files);
      const possible = Object.entries(files).filter(([path]) => !paths.some((each) => path.startsWith(`${each}/`)));
      // No two paths share a content, which git would take for a rename.
      return Object.fromEntries(possible.map(([path, content]) => [path, `${content} of ${path}`]));
    });
  /** A side is often close to the base. */
  const three = fc
    .tuple(tree, tree, tree, fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }))
    .map(([base, target, incoming, left, right]) => ({
      base,
      target: left < 2 ? { ...base, x: "target" } : target,
      incoming: right < 2 ? { ...base, y: "incoming" } : incoming,
    }));

  test("asks exactly where git conflicts, and otherwise makes the same tree", () => {
    let [clean, asked] = [0, 0];
    fc.assert(
      fc.property(three, ({ base, target, incoming }) => {
        const expected = gitMerge(base, target, incoming);
        const mine = merge(base, target, incoming);
        if (expected === undefined) {
          asked++;
          expect(mine.questions).not.toEqual([]);
        } else {
          clean++;
          expect(mine).toEqual({ files: expected.files, questions: [] });
          expect(exportedTree(base, target, incoming)).toBe(expected.tree);
        }
        // Whatever the answer, no name is both a file and a folder.
        for (const choice of ["target", "incoming"] as const) {
          const paths = Object.keys(merge(base, target, incoming, choice).files);
          expect(paths.filter((path) => paths.some((other) => other.startsWith(`${path}/`)))).toEqual([]);
        }
      }),
      { numRuns: 60 },
    );
    expect(Math.min(clean, asked)).toBeGreaterThan(5);
  });
});
