import { createTwoFilesPatch, structuredPatch } from "diff";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { apply, parse } from "./patch.ts";
import { ToolFailure } from "./tool.ts";

const only = (patch: string) => {
  const [file, ...others] = parse(patch);
  if (file === undefined || others.length > 0) throw new Error(`${others.length + 1} files`);
  return file;
};
const patched = (text: string, patch: string) => apply(text, only(patch)).text;
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
  expect(() => patched("a\nb\na\n", `${header}@@\n-a\n+c\n`)).toThrow(ToolFailure);
  expect(patched(text, `${header}@@ -5,2 +5,3 @@\n${hunk}`)).toBe("x\nif (a) {\n}\ny\nif (a) {\n  b();\n}\n");
});

test("a hunk that was applied before is refused, whatever is like it elsewhere", () => {
  const text = "a\n  return;\nb\n    return;\nc\n";
  const once = "a\n  leave();\nb\n    return;\nc\n";
  const codex = `${header}@@\n-  return;\n+  leave();\n`;
  expect(patched(text, codex)).toBe(once);
  expect(() => patched(once, codex)).toThrow(ToolFailure);
  const equal = "  return;\nb\n  return;\n";
  const numbered = `${header}@@ -1 +1 @@\n-  return;\n+  leave();\n`;
  expect(patched(equal, numbered)).toBe("  leave();\nb\n  return;\n");
  expect(() => patched("  leave();\nb\n  return;\n", numbered)).toThrow(ToolFailure);
});

describe("added lines alone", () => {
  const text = "one\ntwo\nthree\n";

  test("go where both of their numbers say", () => {
    expect(patched(text, `${header}@@ -2,0 +3,1 @@\n+new\n`)).toBe("one\ntwo\nnew\nthree\n");
    expect(patched(text, `${header}@@ -1,1 +1,2 @@\n one\n+1\n@@ -2,0 +4 @@\n+2\n`)).toBe("one\n1\ntwo\n2\nthree\n");
    expect(patched(text, `${header}@@ -3,0 +4 @@\n+new\n`)).toBe(`${text}new\n`);
  });

  test.each([
    ["without numbers", "@@\n+new\n"],
    ["with numbers that disagree", "@@ -2,0 +9 @@\n+new\n"],
    ["with a count of old lines", "@@ -2,3 +2,4 @@\n+new\n"],
    ["beyond the end", "@@ -9,0 +10 @@\n+new\n"],
    ["for a file that should be empty", "@@ -0,0 +1 @@\n+new\n"],
    ["beside a hunk whose numbers are wrong", "@@ -2,1 +2,1 @@\n-one\n+1\n@@ -2,0 +3 @@\n+new\n"],
  ])("%s are refused", (_, hunk) => {
    expect(() => patched(text, header + hunk)).toThrow(/does not fit/);
  });

  test.each(["@@ -0,0 +1,2 @@", "@@ -1,0 +1,2 @@", "@@"])("are all of an empty or a new file: %s", (hunk) => {
    for (const from of ["a/x.txt", "/dev/null"])
      expect(patched("", `--- ${from}\n+++ b/x.txt\n${hunk}\n+a\n+b\n`)).toBe("a\nb\n");
  });
});

test("line numbers of a reading are not written into the file", () => {
  expect(() => patched("a\nb\n", `${header}@@\n a\n-b\n+2: c\n`)).toThrow(/line numbers/);
  expect(patched("a\n80: b\n", `${header}@@\n a\n-80: b\n+2: c\n`)).toBe("a\n2: c\n");
});

test("the line break at the end is what the patch says, however its lines are found", () => {
  const mark = "\\ No newline at end of file\n";
  for (const [line, of] of [
    ["a", "a"],
    ["  a", "  a"],
    ["  a", "a"],
  ] as const) {
    expect(patched(`x\n${line}`, `${header}@@ -2 +2 @@\n-${of}\n${mark}+${of}\n`)).toBe(`x\n${line}\n`);
    expect(patched(`x\n${line}\n`, `${header}@@ -2 +2 @@\n-${of}\n+${of}\n${mark}`)).toBe(`x\n${line}`);
  }
  expect(patched("", `--- /dev/null\n+++ b/x.txt\n@@ -0,0 +1 @@\n+a\n${mark}`)).toBe("a");
  expect(() => patched("a\nb\n", `${header}@@ -1 +1 @@\n-a\n+a\n${mark}`)).toThrow(ToolFailure);
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
  expect(apply("a\n", file).text).toBe("b\n");
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

describe("hunks that fit only roughly", () => {
  const text = "class A {\n    f() {\n        return “a”;  \n    }\n}\n";
  test.each([
    ["without trailing space", "@@ -3 +3,2 @@\n         return “a”;\n+        // end\n", "trailing space"],
    ["without indentation", "@@\n f() {\n-    return “a”;\n+    return “b”;\n }\n", "indentation"],
    [
      "with plain quotes",
      '@@ -2,3 +2,3 @@\n     f() {\n-        return "a";\n+        return "b";\n     }\n',
      "typography",
    ],
  ])("%s are applied, and keep what the file has", (_, hunk, likeness) => {
    const applied = apply(text, only(header + hunk));
    expect(applied.likeness).toBe(likeness);
    const expected =
      likeness === "trailing space" ? text.replace("”;  \n", "”;  \n        // end\n") : text.replace("“a”;  ", "“b”;");
    expect(applied.text.replace(/ +$/gm, "")).toBe(expected.replace(/ +$/gm, ""));
  });

  test("are refused where they fit in several places", () => {
    expect(() => patched("  a();\n    a();\n", `${header}@@ -1 +1 @@\n-\ta();\n+\tb();\n`)).toThrow(
      /more than one place/,
    );
  });
});

describe("Codex's form", () => {
  const wrapped = (body: string) => `*** Begin Patch\n${body}\n*** End Patch\n`;
  const text = "class A:\n    def f(self):\n        return 1\n\nclass B:\n    def f(self):\n        return 1\n";

  test("adds, updates, moves and deletes files", () => {
    const files = parse(
      wrapped(
        [
          "*** Add File: new.py",
          "+import os",
          "+",
          "+os.exit()",
          "*** Update File: a.py",
          "@@ class B:",
          "     def f(self):",
          "-        return 1",
          "+        return 2",
          "*** Update File: b.py",
          "*** Move to: c.py",
          "@@",
          "-old",
          "+new",
          "*** Delete File: gone.py",
        ].join("\n"),
      ),
    );
    expect(files).toMatchObject([
      { kind: "create", path: "new.py" },
      { kind: "edit", path: "a.py" },
      { kind: "move", path: "b.py", to: "c.py" },
      { kind: "delete", path: "gone.py" },
    ]);
    const texts = ["", text, "old", "whatever\nit holds\n"].map((before, at) => {
      const file = files[at];
      return file === undefined ? undefined : apply(before, file).text;
    });
    const second = text.lastIndexOf("return 1");
    expect(texts).toEqual(["import os\n\nos.exit()\n", `${text.slice(0, second)}return 2\n`, "new", ""]);
  });

  test.each([
    ["bare", (patch: string) => patch],
    ["in a fence", (patch: string) => `\`\`\`\n${patch}\`\`\`\n`],
    ["in a shell's here-document", (patch: string) => `apply_patch <<'EOF'\n${patch}EOF\n`],
    ["with CRLF", (patch: string) => patch.replaceAll("\n", "\r\n")],
    ["without its first and last line", (patch: string) => patch.replace(/\*\*\* (?:Begin|End) Patch\n/g, "")],
    ["with numbers of lines", (patch: string) => patch.replace("@@\n", "@@ -7,1 +9,3 @@\n")],
  ])("%s", (_, wrap) => {
    const patch = wrapped("*** Update File: x.txt\n@@\n one\n-two\n+2\n");
    expect(patched("zero\none\ntwo\n", wrap(patch))).toBe("zero\none\n2\n");
  });

  test("keeps lines of a file that look like its markers", () => {
    const lines = " *** Begin Patch\n *** End of File\n *** End Patch\n-a\n+b";
    const text = "*** Begin Patch\n*** End of File\n*** End Patch\na\n";
    const section = `*** Update File: x.txt\n@@\n${lines}\n`;
    const result = "*** Begin Patch\n*** End of File\n*** End Patch\nb\n";
    for (const patch of [wrapped(section), section, `${header}@@ -1,4 +1,4 @@\n${lines}\n`])
      expect(patched(text, patch)).toBe(result);
  });

  test("is understood with its first and last line indented, and refused with a second patch below it", () => {
    const section = "*** Update File: x.txt\n@@\n-a\n+b\n";
    expect(patched("a\n", `  *** Begin Patch\n${section}  *** End Patch\nEOF\n`)).toBe("b\n");
    expect(() => parse(wrapped(section) + wrapped(section.replace("x.txt", "y.txt")))).toThrow(ToolFailure);
  });

  test("takes several sections of one file together", () => {
    const patch = wrapped("*** Update File: x.txt\n@@\n-a\n+1\n*** Update File: x.txt\n@@\n-b\n+2");
    expect(patched("a\nb\n", patch)).toBe("1\n2\n");
  });

  test("takes hunks in their order, the anchors before them, and the end of the file", () => {
    const both = "@@\n-        return 1\n+        return 2\n";
    expect(() => patched(text, wrapped(`*** Update File: x.py\n${both}`))).toThrow(/more than one place/);
    const ordered = wrapped(`*** Update File: x.py\n@@\n class B:\n+    x = 1\n${both}`);
    expect(patched(text, ordered)).toBe(text.replace("class B:\n", "class B:\n    x = 1\n").replace(/1\n$/, "2\n"));
    const nested = wrapped(`*** Update File: x.py\n@@ class A:\n@@     def f(self):\n${both.slice(3)}`);
    expect(patched(text, nested)).toBe(text.replace("return 1", "return 2"));
    const repeated = wrapped(`*** Update File: x.py\n@@     def f(self):\n${both.slice(3)}`);
    expect(() => patched(text, repeated)).toThrow(/more than one place/);
    const last = wrapped(`*** Update File: x.py\n${both}*** End of File`);
    expect(patched(text, last)).toBe(text.replace(/1\n$/, "2\n"));
    expect(patched("a\n", wrapped("*** Update File: x.py\n@@\n+b"))).toBe("a\nb\n");
  });

  describe("looks for a hunk only in what its anchors name", () => {
    const edit = (path: string, ...lines: string[]) => wrapped([`*** Update File: ${path}`, ...lines].join("\n"));
    const python = "def a():\n    x = 1\n    go()\n\ndef b():\n    y = 1\n\nclass C:\n    z = 1\n";
    const braces =
      "function a(\n  one: string,\n): void {\n  go();\n}\n\nfunction b()\n{\n  stop();\n}\n\nconst c = () => {\n  end();\n};\n";

    test.each([
      ["the one fit stands before the anchor", python, "@@ def b():", "-    x = 1", "+    x = 2"],
      ["the one fit stands in what follows the anchor's scope", python, "@@ def a():", "-    y = 1", "+    y = 2"],
      ["an outer anchor ends before it", python, "@@ def a():", "@@ class C:", "-    z = 1", "+    z = 2"],
      ["the anchor is not in the file", python, "@@ def c():", "-    x = 1", "+    x = 2"],
      ["it begins with the blank line above the next scope", python, "@@ def a():", " ", " def b():", "-    y = 1"],
      ["in braces, the one fit stands before the anchor", braces, "@@ function b()", "-  go();", "+  went();"],
      ["in braces, the one fit stands after the anchor's scope", braces, "@@ function b()", "-  end();", "+  ended();"],
    ])("and refuses it where %s", (_, before, ...lines) => {
      expect(() => patched(before, edit("x", ...lines))).toThrow(/does not fit/);
    });

    test.each([
      [python, "@@ def a():", "-    x = 1", "+    x = 2", "x = 1", "x = 2"],
      [python, "@@ def b():", " def b():", "-    y = 1\n+    y = 2", "y = 1", "y = 2"],
      [braces, "@@ function a(", "-  go();", "+  went();", "go", "went"],
      [braces, "@@ function b()", "-  stop();", "+  stopped();", "stop", "stopped"],
      [braces, "@@ const c", "-  end();", "+  ended();", "end", "ended"],
      ["## A\n\ntext\n\n## B\n\ntext\n", "@@ ## B", "-text", "+more", /text\n$/, "more\n"],
    ])("%#", (before, anchor, first, second, from, to) => {
      expect(patched(before, edit("x", anchor, first, second))).toBe(before.replace(from, to));
    });

    test("a whole line goes before one that only begins like the anchor, and a word is whole", () => {
      const text = "class A:\n    def run_all():\n        x = 1\n    def run():\n        x = 1\n";
      const hunk = ["-        x = 1", "+        x = 2"];
      const last = text.replace(/1\n$/, "2\n");
      expect(patched(text, edit("x", "@@ class A:", "@@ def run():", ...hunk))).toBe(last);
      expect(patched(text, edit("x", "@@ class A:", "@@ def run", ...hunk))).toBe(last);
      const without = text.replace("run()", "stop()");
      expect(() => patched(without, edit("x", "@@ class A", "@@ def run", ...hunk))).toThrow(ToolFailure);
      const twice = text.replace("run_all()", "run(all)").replace("run()", "run(one)");
      expect(() => patched(twice, edit("x", "@@ class A", "@@ def run", ...hunk))).toThrow(ToolFailure);
    });
  });

  test("finds every hunk in the file as it was", () => {
    const body = (...lines: string[]) => wrapped(`*** Update File: x.txt\n${lines.join("\n")}`);
    // The second would fit what the first adds.
    expect(() => patched("a\nb\n", body("@@", " a", "+c", "@@", "-c", "+d"))).toThrow(/does not fit/);
    expect(patched("a\nb\n", body("@@", "-a", "+b", "@@", "-b", "+c"))).toBe("b\nc\n");
    expect(patched("a\nb\nc\n", body("@@", "-c", "+3", "@@", "-a", "+1"))).toBe("1\nb\n3\n");
    expect(patched("a\nb\nc\n", body("@@", "-a", "+1", " b", "@@", " b", "-c", "+3"))).toBe("1\nb\n3\n");
    expect(patched("a\nb\n", body("@@", " a", "+1", "@@", " a", "+2"))).toBe("a\n1\n2\nb\n");
    for (const second of ["-b\n+2", " a\n-b\n+2", " a\n b\n+2"])
      expect(() => patched("a\nb\n", body("@@", "-a", "-b", "+1", "@@", second))).toThrow(/does not fit/);
  });

  test.each([
    ["nothing", ""],
    ["a file of which it says nothing", "*** Update File: a.py"],
    ["a line outside of a file", "+a"],
    ["a line without its sign", "*** Update File: a.py\n@@\nreturn 1"],
    ["a new file's line without its sign", "*** Add File: a.py\nreturn 1"],
    ["lines of a file that it deletes", "*** Delete File: a.py\n-a"],
  ])("is refused as a whole with %s", (_, body) => {
    const edit = "*** Update File: e.py\n@@\n-a\n+b\n";
    const patch = body === "" ? wrapped("") : body.startsWith("+") ? wrapped(`${body}\n${edit}`) : wrapped(edit + body);
    expect(() => parse(patch)).toThrow(ToolFailure);
  });
});

test("a diff that lost trailing space, the hunk's indentation or typography gives what was meant, or is refused", () => {
  const line = fc
    .tuple(
      fc.constantFrom("", "  ", "    ", "      ", "\t"),
      fc.constantFrom("a();", "say(“x”);", "it’s", "}", "if (b) {", "c – d", ""),
      fc.constantFrom("", "", " "),
    )
    .map((parts) => parts.join(""));
  const lines = fc.array(line, { minLength: 1, maxLength: 14 });
  const forget = {
    trailing: (hunk: readonly string[]) => hunk.map((each) => each.charAt(0) + each.slice(1).trimEnd()),
    indentation(hunk: readonly string[]) {
      const indents = hunk
        .filter((each) => each.slice(1).trim() !== "")
        .map((each) => /^\s*/.exec(each.slice(1))?.[0] ?? "");
      const shortest = indents.reduce((one, other) => (other.length < one.length ? other : one), indents[0] ?? "");
      const shared = indents.every((indent) => indent.startsWith(shortest)) ? shortest.length : 0;
      return hunk.map((each) => (each.slice(1).trim() === "" ? each : each.charAt(0) + each.slice(1 + shared)));
    },
    typography: (hunk: readonly string[]) =>
      hunk.map((each) => each.replace(/[“”]/g, '"').replaceAll("’", "'").replaceAll("–", "-")),
  };
  const plain = (text: string) =>
    forget
      .typography(text.split("\n"))
      .map((each) => each.trimEnd())
      .join("\n");
  let applied = 0;
  fc.assert(
    fc.property(lines, lines, fc.constantFrom(...Object.values(forget)), fc.boolean(), (one, other, lose, isCodex) => {
      const [before, after] = [`${one.join("\n")}\n`, `${other.join("\n")}\n`];
      fc.pre(before !== after);
      const { hunks } = structuredPatch("x.txt", "x.txt", before, after, "", "", { context: 2 });
      const body = hunks.flatMap((hunk) => ["@@", ...lose(hunk.lines)]).join("\n");
      const patch = isCodex ? `*** Begin Patch\n*** Update File: x.txt\n${body}\n*** End Patch` : `${header}${body}\n`;
      let result: ReturnType<typeof apply>;
      try {
        result = apply(before, only(patch));
      } catch (error) {
        if (error instanceof ToolFailure) return;
        throw error;
      }
      if (result.likeness !== "exact") applied++;
      // New lines are as they were sent, so they lack what was lost; their place and their indentation do not.
      expect(plain(result.text)).toBe(plain(after));
    }),
    { numRuns: 3000 },
  );
  expect(applied).toBeGreaterThan(100);
});
