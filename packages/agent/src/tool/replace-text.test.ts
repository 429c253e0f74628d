import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceText, replaceTexts } from "./replace-text.ts";
import type { Likeness } from "./similar-lines.ts";

const file = [
  "export function greet(name) {",
  "    if (name) {  ",
  "        return say(“Hello”, name);",
  "    }",
  "}",
  "",
].join("\n");

test.each<[string, Likeness, string, string, string, string]>([
  ["as it is", "exact", file, "    }\n}", "    }\n    // done\n}", file.replace("    }\n}", "    }\n    // done\n}")],
  [
    "without the spaces at its end",
    "trailing space",
    file,
    "    if (name) {\n        return",
    "",
    // Only whole lines are compared without them.
    "none",
  ],
  [
    "whole lines without the spaces at their end",
    "trailing space",
    file,
    "export function greet(name) {\n    if (name) {\n",
    "export function welcome(name) {\n    if (name) {\n",
    file.replace("greet", "welcome"),
  ],
  [
    "without its indentation",
    "indentation",
    "class A {\n    b() {\n        return 1;\n    }\n}\n",
    "b() {\n    return 1;\n}",
    "b() {\n    const c = 1;\n    return c;\n}",
    "class A {\n    b() {\n        const c = 1;\n        return c;\n    }\n}\n",
  ],
  [
    "with too much indentation",
    "indentation",
    "a:\n  b: 1\n",
    "    a:\n      b: 1",
    "    a:\n      b: 2\n      c: 3",
    "a:\n  b: 2\n  c: 3\n",
  ],
  [
    "with spaces for tabs",
    "indentation",
    "f() {\n\tif (a) {\n\t\tb();\n\t}\n}\n",
    "  if (a) {\n    b();\n  }",
    "  if (a) {\n    b();\n    c();\n  }",
    "f() {\n\tif (a) {\n\t\tb();\n\t\tc();\n\t}\n}\n",
  ],
  [
    "in a line, with plain quotes for typographic ones",
    "typography",
    file,
    'say("Hello", name)',
    'say("Hello", name, 1)',
    file.replace("name);", "name, 1);"),
  ],
  [
    "with typographic quotes for plain ones",
    "typography",
    "a('b');\nc();\n",
    "a(‘b’);\nc();",
    "a(‘b’);\nd();",
    "a('b');\nd();\n",
  ],
  [
    "with quotes, indentation and dashes at once",
    "typography",
    "  // it’s — well\n  a();\n  b();\n",
    "// it's - well\na();",
    "// it's - very well\na(1);",
    "  // it’s — very well\n  a(1);\n  b();\n",
  ],
  [
    "with as many lines after the edit, of which one is new and one is gone",
    "typography",
    "say(“a”);  \nkeep(“b”);\ndrop();\n",
    'say("a");\nkeep("b");\ndrop();',
    'first();\nsay("a");\nkeep("b");',
    "first();\nsay(“a”);  \nkeep(“b”);\n",
  ],
  [
    "with the trailing space of a line that changes left out",
    "trailing space",
    "a  \nb  \n",
    "a\nb\n",
    "a\nc\n",
    "a  \nc  \n",
  ],
  [
    "with typographic quotes for plain ones, and so is the new line",
    "typography",
    "say('a');\n",
    "say(‘a’);\n",
    "say(‘a’);\nsay(‘b’);\n",
    "say('a');\nsay('b');\n",
  ],
])("a text that is quoted %s", (_, likeness, content, oldText, newText, expected) => {
  const replaced = replaceText(content, { oldText, newText });
  if (expected === "none") expect(replaced).toEqual({ kind: "none" });
  else expect(replaced).toMatchObject({ kind: "replaced", likeness, text: expected });
});

test.each([
  ["with gaps, where a line goes", "1: a\n2: b\n3: c", "1: a\n3: c", "a\nc\n"],
  ["before some of its lines", "1: a\n2: b\n3: c", "1: a\nnew\n2: b\n3: c", "a\nnew\nb\nc\n"],
  ["counted on, where a line is new", "1: a\n2: b\n3: c", "1: a\n2: new\n3: b\n4: c", "a\nnew\nb\nc\n"],
  ["before none of its lines", "1: a\n2: b\n3: c", "a\n\nc", "a\n\nc\n"],
])("numbers of a reading are not written into the file: %s", (_, oldText, newText, text) => {
  expect(replaceText("a\nb\nc\n", { oldText, newText })).toMatchObject({ likeness: "line numbers", text });
});

test("lines that begin with numbers of their own are text like any other", () => {
  expect(replaceText("80: web\n", { oldText: "80: web", newText: "81: web\n1: a" })).toMatchObject({
    text: "81: web\n1: a\n",
  });
  expect(replaceText("a\n", { oldText: "a", newText: "80: web" })).toMatchObject({ text: "80: web\n" });
});

describe("nothing is replaced", () => {
  test.each([
    ["where the text is in two places", "a\nb\na\n", "a", "c", "several"],
    ["where it overlaps itself", "aaa", "aa", "b", "several"],
    ["where two places are like it", "  a();\nb();\n    a();\n", "\ta();", "\tc();", "several"],
    ["where a stricter match is in two places, whatever a looser one says", "a \nb\na \n", "a\t", "c", "several"],
    ["where it was replaced before, whatever is like it", "    b();\n  a();\n", "    a();", "    b();", "made"],
    ["where the text would join the next line", "  a\nb\n", "a \n", "c", "none"],
    ["where only its blank lines are found", "a\n\nb\n", "\n\n\n", "c", "none"],
    ["where a number is not a reading's", "a\nb\n", "1: a\n3: b", "c", "none"],
    ["where a number has a gap to those of the reading", "a\nb\n", "1: a\n2: b", "1: a\n9: c", "numbers"],
    ["where a number is the file's own", "  200: a(),\n", "\t200: a(),\n\tb", "\t200: c(),\n\tb", "none"],
    [
      "where a line's number is the file's own",
      "  200: a(),\n",
      "\t\t200: a(),",
      "\t\tif (b) {\n\t\t\t200: a(),\n\t\t}",
      "none",
    ],
    ["where numbers go back", "a\nb\n", "1: a\n2: b", "2: a\n1: c", "numbers"],
    ["where the file's own lines begin with numbers", "80: web\n", "1: 80: web", "81: web", "numbers"],
    ["where the new text alone has numbers of a reading", "a\nb\nc\n", "b\nc", "2: b\n3: d", "numbers"],
    ["where one new line has a number of a reading", "a\nb\nc\n", "b\nc", "b\n3: new\nc", "numbers"],
    ["where new lines may have lost their depth as the quote has", "  a();\n", "a();", "b();\nc();", "indentation"],
    ["where the quote has less depth than the file", "    a();\n", "  a();", "  b();\n  c();", "indentation"],
    ["where lines of two depths have none, and one goes", "if a:\n  b\n", "  if a:\n  b\n", "  b\n", "none"],
    [
      "where all lines have lost their depth and one is new",
      "  a();\n  b();\n",
      "a();\nb();",
      "a();\nif (c) {\nb();\n}",
      "none",
    ],
    [
      "where all lines have lost their depth and one opens a block",
      "  a();\n  b();\n",
      "a();\nb();",
      "if (a) {\nb();",
      "none",
    ],
    ["where one depth does not tell how deep another is", "\ta {\n", "  a {\n", "  a {\n    b\n", "none"],
    ["where a new quote may be meant to be typographic", "say(“a”)\n  b\n", 'say("a")\n  b', 'say("a")\n  "b"', "none"],
    ["where numbered lines are in two places", "a\na\n", "1: a", "c", "several"],
    ["where the new line's indentation is not known", "\ta\n  b\n", "  a\n  b", "  a\n  b\n      c", "none"],
  ])("%s", (_, content, oldText, newText, kind) => {
    expect(replaceText(content, { oldText, newText }).kind).toBe(kind);
  });

  test("several places that are merely like it are never replaced together", () => {
    const replaced = replaceText("  a();\n    a();\n", { oldText: "\ta();", newText: "b();", all: true });
    expect(replaced.kind).toBe("several");
  });
});

test("edits build on those before them, but none takes their text for the file's own", () => {
  const [first, second] = [
    { oldText: "a();", newText: "a();\nb();" },
    { oldText: "b();\n", newText: "c();\n" },
  ];
  expect(replaceTexts("a();\nd();\n", [first, second])).toMatchObject({ text: "a();\nc();\nd();\n" });
  const refused = { kind: "refused", index: 1, why: { kind: "several" } };
  expect(replaceTexts("a();\n  b();  \n", [first, second])).toMatchObject(refused);
});

test("a quote that lost spaces, indentation or typography is edited as the exact one would be, or refused", () => {
  const words = fc.constantFrom("a();", "say(“x”);", "it’s", "}", "if (b) {", "");
  const indent = fc.constantFrom("", "  ", "    ", "\t");
  const line = fc.tuple(indent, words, fc.constantFrom("", "", " ")).map((parts) => parts.join(""));
  const mutate = {
    trailing: (text: string) => text.replace(/[ \t]+$/gm, ""),
    indentation: (text: string) => text.replace(/^[ \t]+/gm, ""),
    typography: (text: string) => text.replace(/[“”]/g, '"').replaceAll("’", "'"),
  };
  let applied = 0;
  fc.assert(
    fc.property(
      fc.array(line, { minLength: 3, maxLength: 12 }),
      fc.nat(11),
      fc.integer({ min: 1, max: 4 }),
      fc.constantFrom(...Object.values(mutate)),
      (lines, from, count, forget) => {
        const start = from % lines.length;
        const block = lines.slice(start, start + count);
        const [first = ""] = block;
        // The edit replaces a word, so what it must give is known whatever was forgotten.
        fc.pre(/[a-z]/.test(first));
        const rename = (text: string) => text.replace(/[a-z]+/, "renamed");
        const quoted = forget(block.join("\n"));
        const replaced = replaceText(lines.join("\n"), { oldText: quoted, newText: rename(quoted) });
        if (replaced.kind !== "replaced" || replaced.likeness === "exact") return;
        applied++;
        const at = replaced.line - 1;
        const expected = [...lines];
        expected[at] = rename(lines[at] ?? "");
        const trimmed = (text: string) => text.replace(/[ \t]+$/gm, "");
        expect(trimmed(replaced.text)).toBe(trimmed(expected.join("\n")));
      },
    ),
    { numRuns: 3000 },
  );
  expect(applied).toBeGreaterThan(100);
});
