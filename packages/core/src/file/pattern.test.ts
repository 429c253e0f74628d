import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileGlobs, compilePattern } from "./pattern.ts";

const refused = expect.objectContaining({ code: "invalid_input" });

describe("patterns", () => {
  test.each([
    ["(", "not a regular expression"],
    ["a".repeat(1001), "longer than"],
    ["a{0,1000}a{0,1000}a{0,1000}b", "too complex"],
    ["((a{0,10}){0,10}){0,10}b", "too complex"],
    ["(a?){0,1000}".repeat(80), "too complex"],
    ["\\PN{0,999}".repeat(90), "too complex"],
    ["(\\w{1,100}-){1,10}", "too complex"],
  ])("refuses %.20j and says that it %s", async (query, why) => {
    await expect(compilePattern({ query, isRegex: true })).rejects.toThrowError(refused);
    await expect(compilePattern({ query, isRegex: true })).rejects.toThrowError(new RegExp(why));
  });

  test.each(["(a+)+$", "\\b\\w{1,100}@", "(import|export) .* from", "[\\p{L}_]{3,200}", "x{0}", "a{2,}"])(
    "accepts %j",
    async (query) => expect((await compilePattern({ query, isRegex: true })).maxLine).toBeGreaterThan(2000),
  );

  test("braces that are no quantifier are literal", async () => {
    const { expression } = await compilePattern({ query: "a{0,1000}".repeat(100) });
    expect(expression.test("a{0,1000}".repeat(100))).toBe(true);
  });

  test("any compiled pattern takes at most 5 million steps per line", async () => {
    const piece = fc.constantFrom(
      "a",
      "(",
      ")",
      "[",
      "]",
      "{1,9}",
      "{0,1000}",
      "|",
      "*",
      "+",
      "?",
      ".",
      "\\w",
      "\\pL",
      "^",
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 60 }), async (pieces) => {
        try {
          const { expression, maxLine } = await compilePattern({ query: pieces.join(""), isRegex: true });
          expect(expression.programSize() * maxLine).toBeLessThanOrEqual(5_000_000);
        } catch (error) {
          expect(error).toEqual(refused);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("globs", () => {
  const matches = async (globs: string, path: string) => (await compileGlobs(globs))?.(path);

  test.each([
    ["*.ts", "a.ts", true],
    ["*.ts", "src/deep/a.ts", true],
    ["*.ts", "a.tsx", false],
    ["*.ts", ".a.ts", true],
    ["docs", "docs/a/b.md", true],
    ["docs", "x/docs/a.md", true],
    ["docs/", "docs/a.md", true],
    ["./src", "src/a.ts", true],
    ["src/*.ts", "src/a.ts", true],
    ["src/*.ts", "src/b/a.ts", false],
    ["src/*.ts", "x/src/a.ts", false],
    ["src/**", "src/b/a.ts", true],
    ["src/**/a.ts", "src/a.ts", true],
    ["src/**/a.ts", "src/b/c/a.ts", true],
    ["src/**/a.ts", "src/ba.ts", false],
    ["?.md", "a.md", true],
    ["?.md", "ab.md", false],
    ["*.{ts,tsx}", "a.tsx", true],
    ["*.{ts,tsx}, *.md", "a.md", true],
    ["*.{ts,tsx}", "a.js", false],
    ["[a-c].ts", "b.ts", true],
    ["[!a-c].ts", "b.ts", false],
    ["[!a-c].ts", "/.ts", false],
    ["a(b|c)+.ts", "a(b|c)+.ts", true],
    ["a{b", "a{b", true],
    ["a[b", "a[b", true],
    ["a.ts", "axts", false],
    ["日*.ts", "日本.ts", true],
  ])("%s on %s: %s", async (globs, path, expected) => {
    expect(await matches(globs, path)).toBe(expected);
  });

  test("an empty pattern filters nothing", async () => {
    expect(await compileGlobs(undefined)).toBeUndefined();
    expect(await compileGlobs(" , ")).toBeUndefined();
  });

  test("globs that explode in a backtracking matcher are answered", async () => {
    const name = "a".repeat(200);
    for (const glob of ["*a*a*a*a*a*ab", "**/a*/**/a*/**/b", `${"{a,aa,aaa}*".repeat(12)}b`, `${"*a".repeat(100)}b`])
      expect(await matches(glob, `${name}/${name}/${name}`)).toBe(false);
  });

  test("too many globs are refused", async () => {
    await expect(compileGlobs(Array.from({ length: 41 }, (_, at) => `a${at}`).join(","))).rejects.toThrowError(refused);
  });

  test("any input is a filter or refused", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom(...Array.from("*?[]{}!^,/\\a-b.&~ é")), maxLength: 30 }),
        async (globs) => {
          try {
            (await compileGlobs(globs))?.("src/a.ts");
          } catch (error) {
            expect(error).toEqual(refused);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });
});
