import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attributeRules, clean } from "./attributes.ts";
import { IgnoreRules } from "@slipway/contract/ignore-rules";
import { secretIn } from "./secrets.ts";

/** `.gitignore` and `.gitattributes` against git itself. */

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slipway-rules-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
function repository(files: Record<string, string | Buffer>): (args: string[], input?: string) => string {
  const at = join(folder, String(++made));
  mkdirSync(at);
  const git = (args: string[], input = "") => {
    try {
      return execFileSync("git", args, { cwd: at, encoding: "utf8", input, stdio: ["pipe", "pipe", "ignore"] });
    } catch (error) {
      // `check-ignore` exits with 1 when nothing is ignored.
      return (error as { stdout: string }).stdout;
    }
  };
  git(["init", "-q"]);
  for (const [path, data] of Object.entries(files)) {
    mkdirSync(dirname(join(at, path)), { recursive: true });
    writeFileSync(join(at, path), data);
  }
  return git;
}

const name = fc.constantFrom("a", "b", "build", "x.log", "y.log", ".env", "node_modules", "[x]", "a b");
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join("/"));
const part = fc.constantFrom(
  ...[
    "a",
    "b",
    "build",
    "*.log",
    "**",
    "*",
    "?",
    "[ab]",
    "[!a]",
    "b*",
    "node_modules",
    "\\[x\\]",
    "[[:alpha:]]",
    ".*",
    "*u*d",
  ],
);
const pattern = fc
  .tuple(
    fc.constantFrom("", "", "!"),
    fc.constantFrom("", "", "/"),
    fc.array(part, { minLength: 1, maxLength: 3 }),
    fc.constantFrom("", "", "/"),
  )
  .map(([not, root, parts, end]) => `${not}${root}${parts.join("/")}${end}`);
const lines = fc.array(fc.oneof(pattern, fc.constantFrom("", "# note", "*.log  ", "a\\ b")), { maxLength: 5 });

describe("as git does it", () => {
  test("files are ignored", () => {
    let ignored = 0;
    fc.assert(
      fc.property(lines, lines, fc.uniqueArray(path, { minLength: 20, maxLength: 60 }), (top, inner, paths) => {
        const files = { ".gitignore": `${top.join("\n")}\n`, "a/.gitignore": `${inner.join("\n")}\n` };
        const git = repository(files);
        // Paths that do not exist are files to git, unless they end in a slash.
        const expected = new Set(git(["check-ignore", "--no-index", "-z", "--stdin"], paths.join("\0")).split("\0"));
        const rules = new IgnoreRules(new Map(Object.entries(files)));
        const actual = paths.filter((each) => rules.isIgnored(each));
        ignored += actual.length;
        // `a` is a folder on disk.
        const compared = (list: string[]) => list.filter((each) => each !== "a");
        expect(compared(actual)).toEqual(compared(paths.filter((each) => expected.has(each))));
      }),
      { numRuns: 80 },
    );
    expect(ignored).toBeGreaterThan(100);
  });

  test("attributes are read", () => {
    const setting = fc.constantFrom(
      "text",
      "-text",
      "text=auto",
      "!text",
      "binary",
      "eol=lf",
      "filter=lfs",
      "-filter",
      "mine",
    );
    const line = fc
      .tuple(pattern, fc.array(setting, { minLength: 1, maxLength: 3 }))
      .map(([of, settings]) => `${of} ${settings.join(" ")}`);
    const attributes = fc.array(fc.oneof(line, fc.constant("[attr]mine filter=lfs -text")), { maxLength: 5 });
    fc.assert(
      fc.property(
        attributes,
        attributes,
        fc.uniqueArray(path, { minLength: 10, maxLength: 30 }),
        (top, inner, paths) => {
          const files = { ".gitattributes": `${top.join("\n")}\n`, "a/.gitattributes": `${inner.join("\n")}\n` };
          const git = repository(files);
          const out = git(["check-attr", "-z", "--stdin", "text", "eol", "filter"], paths.join("\0")).split("\0");
          const expected = new Map<string, string>();
          for (let at = 0; at + 2 < out.length; at += 3) expected.set(`${out[at]} ${out[at + 1]}`, out[at + 2] ?? "");
          const of = attributeRules(new Map(Object.entries(files)));
          const actual = new Map<string, string>();
          for (const each of paths)
            for (const key of ["text", "eol", "filter"]) {
              const value = of(each).get(key);
              const shown =
                value === undefined ? "unspecified" : value === true ? "set" : value === false ? "unset" : value;
              actual.set(`${each} ${key}`, shown);
            }
          expect(Object.fromEntries(actual)).toEqual(Object.fromEntries(expected));
        },
      ),
      { numRuns: 60 },
    );
  });

  test("line ends are normalised", () => {
    const data = fc
      .array(fc.constantFrom("one", "\r\n", "\n", "\r", "\0", "\x1b", "\x01", "ü", "x".repeat(200)), { maxLength: 12 })
      .map((parts) => Buffer.from(parts.join("")));
    const attributes = fc.constantFrom(
      "",
      "* text=auto",
      "* text",
      "* -text",
      "* eol=crlf",
      "* text=auto eol=crlf",
      "* binary",
    );
    fc.assert(
      fc.property(attributes, fc.array(data, { minLength: 5, maxLength: 20 }), (text, contents) => {
        const files = Object.fromEntries(contents.map((bytes, at) => [`f${at}`, bytes]));
        const git = repository({ ".gitattributes": `${text}\n`, ...files });
        const of = attributeRules(new Map([[".gitattributes", text]]));
        git(["add", "."]);
        const staged = new Map(
          git(["ls-files", "-s"])
            .trim()
            .split("\n")
            .map((line) => line.split(/[ \t]/))
            .map(([, sha = "", , file = ""]) => [file, sha]),
        );
        for (const [file, bytes] of Object.entries(files)) {
          const cleaned = clean(bytes, of(file)).bytes;
          const sha = git(["hash-object", "--no-filters", "--stdin"], Buffer.from(cleaned).toString());
          expect([file, sha.trim()]).toEqual([file, staged.get(file)]);
        }
      }),
      { numRuns: 15 },
    );
  });
});

test("a file that was committed with CRLF stays so under text=auto, and not under text", () => {
  const bytes = Buffer.from("a\r\nb\r\n");
  expect(clean(bytes, new Map([["text", "auto"]]), bytes).bytes).toBe(bytes);
  expect(Buffer.from(clean(bytes, new Map([["text", true]]), bytes).bytes).toString()).toBe("a\nb\n");
});

test("a pattern of many stars ends", () => {
  const rules = new IgnoreRules(new Map([[".gitignore", `${"*a".repeat(200)}b\n${"**/a/".repeat(200)}b\n`]]));
  expect(rules.isIgnored(`${"a/".repeat(200)}${"a".repeat(250)}`)).toBe(false);
});

test("what looks like a secret is found, and its like that are none are not", () => {
  const key = `-----BEGIN OPENSSH PRIVATE ${"KEY"}-----\nb3Bl\n`;
  const aws = `AKIA${"ABCDEFGHIJKLMNOP"}`;
  for (const [path, text] of [
    [".env", "A=1"],
    ["api/.env.production", "A=1"],
    ["deploy/id_ed25519", "x"],
    ["release.keystore", undefined],
    [".aws/credentials", "x"],
    ["config/secrets.yml", "x"],
    ["key.txt", key],
    ["src/config.ts", `const id = "${aws}";`],
    ["a.py", `token = "ghp_${"a1".repeat(18)}"`],
    [".npmrc", `//registry.example.test/:_authToken=abcdef`],
  ] as const)
    expect([path, secretIn(path, text)]).toEqual([path, expect.any(String)]);
  for (const [path, text] of [
    [".env.example", "A="],
    ["src/env.ts", "process.env.A"],
    ["README.md", "Put your AKIA key in .env"],
    ["key.pub", "ssh-ed25519 AAAA"],
    [".npmrc", "//registry.example.test/:_authToken=${NPM_TOKEN}"],
  ] as const)
    expect([path, secretIn(path, text)]).toEqual([path, undefined]);
  // Known already.
  expect(secretIn("src/config.ts", `const id = "${aws}";\n`, `const id = "${aws}";`)).toBeUndefined();
});
