import { createTwoFilesPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, parse } from "./patch.ts";
import { ToolFailure } from "./tool.ts";

const only = (patch: string) => {
  const [file, ...others] = parse(patch);
  if (file === undefined || others.length > 0) throw new Error(`${others.length + 1} files`);
  return file;
};
const patched = (text: string, patch: string) => apply(text, only(patch));
const header = "--- a/x.txt\n+++ b/x.txt\n";

describe("what models write", () => {
  const text = "one\ntwo\nthree\nfour\n";
  test.each([
    ["right", "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n"],
    ["with wrong counts", "@@ -1,9 +1,2 @@\n one\n-two\n+2\n three\n"],
    ["with wrong lines", "@@ -40,3 +40,3 @@\n one\n-two\n+2\n three\n"],
    ["without numbers", "@@\n one\n-two\n+2\n three\n"],
    ["with a place instead of numbers", "@@ function x() @@\n one\n-two\n+2\n three\n"],
    ["with empty lines at the end", "@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n\n\n"],
  ])("%s", (_, hunk) => {
    expect(patched(text, header + hunk)).toBe("one\n2\nthree\nfour\n");
    expect(patched(text, `\`\`\`diff\n${header}${hunk}\`\`\`\n`)).toBe("one\n2\nthree\nfour\n");
    expect(patched(text, (header + hunk).replaceAll("\n", "\r\n"))).toBe("one\n2\nthree\nfour\n");
  });

  test("an empty line of context without its space", () => {
    expect(patched("a\n\nb\n", `${header}@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n`)).toBe("a\n\nc\n");
  });

  test("a file without a last line break", () => {
    expect(patched("a\nb", `${header}@@ -1,2 +1,2 @@\n a\n-b\n+c\n`)).toBe("a\nc");
  });

  test("removed lines that look like a header", () => {
    expect(patched("a\n-- b\nc\n", `${header}@@ -1,3 +1,2 @@\n a\n--- b\n c\n`)).toBe("a\nc\n");
  });

  test("git's signature below the patch", () => {
    expect(patched("a\nb\n", `${header}@@ -1,2 +1,2 @@\n a\n-b\n+c\n-- \n2.39.2\n\n`)).toBe("a\nc\n");
  });
});

test("a hunk that fits in several places, and not where it says, is refused", () => {
  const text = "x\nif (a) {\n}\ny\nif (a) {\n}\n";
  const hunk = " if (a) {\n+  b();\n }\n";
  expect(() => patched(text, `${header}@@ -9,2 +9,3 @@\n${hunk}`)).toThrow(ToolFailure);
  expect(() => patched(text, `${header}@@\n${hunk}`)).toThrow(ToolFailure);
  expect(patched(text, `${header}@@ -5,2 +5,3 @@\n${hunk}`)).toBe("x\nif (a) {\n}\ny\nif (a) {\n  b();\n}\n");
});

test("every part of a patch is understood, or none of it", () => {
  const edit = `diff --git a/e.txt b/e.txt\n${header.replaceAll("x.txt", "e.txt")}@@ -1 +1 @@\n-a\n+b\n`;
  const rename = "diff --git a/old.txt b/new.txt\nsimilarity index 100%\nrename from old.txt\nrename to new.txt\n";
  const empty = "diff --git a/none.txt b/none.txt\nnew file mode 100644\nindex 0000000..e69de29\n";
  const gone = "diff --git a/was.txt b/was.txt\ndeleted file mode 100644\nindex e69de29..0000000\n";
  const copy = "diff --git a/c.txt b/d.txt\nsimilarity index 100%\ncopy from c.txt\ncopy to d.txt\n";
  expect(parse(rename + empty + edit + gone + copy)).toMatchObject([
    { kind: "move", path: "old.txt", to: "new.txt" },
    { kind: "create", path: "none.txt" },
    { kind: "edit", path: "e.txt" },
    { kind: "delete", path: "was.txt" },
    { kind: "copy", path: "c.txt", to: "d.txt" },
  ]);
  const mode = "diff --git a/run.sh b/run.sh\nold mode 100644\nnew mode 100755\n";
  const binary = "diff --git a/a.png b/a.png\nindex 1..2 100644\nBinary files a/a.png and b/a.png differ\n";
  const nothing = "diff --git a/n.txt b/n.txt\nindex 1..2 100644\n";
  for (const part of [mode, binary, nothing])
    for (const patch of [part + edit, edit + part]) expect(() => parse(patch)).toThrow(ToolFailure);
  for (const patch of ["", "hello", "--- a/x\n+++ b/x\n"]) expect(() => parse(patch)).toThrow(ToolFailure);
});

test("a folder that is called a is a folder", () => {
  const hunk = "@@ -1 +1 @@\n-a\n+b\n";
  expect(only(`--- a/x.txt\n+++ a/x.txt\n${hunk}`).path).toBe("a/x.txt");
  expect(only(`--- a/a/x.txt\n+++ b/a/x.txt\n${hunk}`).path).toBe("a/x.txt");
  expect(only(`--- x.txt\n+++ x.txt\n${hunk}`).path).toBe("x.txt");
  expect(only("--- /dev/null\n+++ b/b/x.txt\n@@ -0,0 +1 @@\n+b\n").path).toBe("b/x.txt");
});

test("a file is renamed and edited at once", () => {
  const file = only(
    "diff --git a/old.txt b/new.txt\nsimilarity index 60%\nrename from old.txt\nrename to new.txt\n--- a/old.txt\n+++ b/new.txt\n@@ -1 +1 @@\n-a\n+b\n",
  );
  expect(file).toMatchObject({ kind: "move", path: "old.txt", to: "new.txt" });
  expect(apply("a\n", file)).toBe("b\n");
});

test("a diff of two texts turns one into the other, also with wrong counts", () => {
  const lines = fc.array(fc.constantFrom("a", "b", "", "-- x", "++ y", "@@ z"), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(lines, lines, (one, other) => {
      const [before, after] = [`${one.join("\n")}\n`, `${other.join("\n")}\n`];
      fc.pre(before !== after);
      const patch = createTwoFilesPatch("a/x.txt", "b/x.txt", before, after, "", "", { context: 3 }) ?? "";
      for (const sent of [patch, patch.replace(/^(@@ -\d+),\d+( \+\d+),\d+/gm, "$1,1$2,1")]) {
        let result: string | undefined;
        try {
          result = patched(before, sent);
        } catch (error) {
          // Refused is right where the lines fit in two places; wrong never is.
          if (!(error instanceof ToolFailure)) throw error;
        }
        if (sent === patch) expect(result).toBe(after);
        else if (result !== undefined) expect(result).toBe(after);
      }
    }),
    { numRuns: 1000 },
  );
});
