import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { replaceText } from "./replace-text.ts";
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
])("a text that is quoted %s", (_, likeness, content, oldText, newText, expected) => {
  const replaced = replaceText(content, { oldText, newText });
  if (expected === "none") expect(replaced).toEqual({ kind: "none" });
  else expect(replaced).toMatchObject({ kind: "replaced", likeness, text: expected });
});

describe("nothing is replaced", () => {
  test.each([
    ["where the text is in two places", "a\nb\na\n", "a", "c", "several"],
    ["where it overlaps itself", "aaa", "aa", "b", "several"],
    ["where two places are like it", "  a();\nb();\n    a();\n", "\ta();", "\tc();", "several"],
    ["where a stricter match is in two places, whatever a looser one says", "a \nb\na \n", "a\t", "c", "several"],
    ["where the text would join the next line", "  a\nb\n", "a \n", "c", "none"],
    ["where only its blank lines are found", "a\n\nb\n", "\n\n\n", "c", "none"],
    ["where a number is not a reading's", "a\nb\n", "1: a\n3: b", "c", "none"],
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
