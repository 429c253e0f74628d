import { expect, test } from "vitest";
import { parseRepositoryURL, type RepositoryURL } from "./repository-url.ts";

const of = (at: RepositoryURL["at"], owner = "octo", repo = "app"): RepositoryURL => ({ owner, repo, at });
const whole = of({ kind: "default" });

test.each([
  ["octo/app", whole],
  ["https://github.com/octo/app", whole],
  ["http://www.github.com/octo/app/", whole],
  ["github.com/octo/app", whole],
  ["https://github.com/octo/app.git", whole],
  ["git@github.com:octo/app.git", whole],
  ["ssh://git@github.com/octo/app.git", whole],
  ["ssh://git@ssh.github.com:443/octo/app.git", whole],
  ["git://github.com/octo/app.git", whole],
  ["https://github.com/octo/app?tab=readme-ov-file#readme", whole],
  ["https://github.com/octo/app#installation", whole],
  ["https://github.com/octo/app?tab=readme-ov-file#v1", whole],
  ["https://github.com/octo/app#L10-L20", whole],
  ["https://github.com/octo/app.git#feature", of({ kind: "ref", name: "feature" })],
  ["git+https://github.com/octo/app.git#feature/x", of({ kind: "ref", name: "feature/x" })],
  ["git+ssh://git@github.com/octo/app.git", whole],
  ["https://github.com/octo/app/issues/4", whole],
  ["https://api.github.com/repos/octo/app", whole],
  ["octo/app#feature/x", of({ kind: "ref", name: "feature/x" })],
  ["https://github.com/octo/app#v1.0", of({ kind: "ref", name: "v1.0" })],
  ["https://github.com/octo/app/releases/tag/v1.0", of({ kind: "ref", name: "v1.0" })],
  ["https://github.com/octo/app/archive/refs/tags/v1.0.tar.gz", of({ kind: "ref", name: "v1.0" })],
  [
    "https://github.com/octo/app/tree/feature/x/src",
    of({ kind: "path", segments: ["feature", "x", "src"], isFile: false }),
  ],
  [
    "https://github.dev/octo/app/blob/main/src/a%20b.ts",
    of({ kind: "path", segments: ["main", "src", "a b.ts"], isFile: true }),
  ],
  [
    "https://raw.githubusercontent.com/octo/app/refs/heads/main/a.ts",
    of({ kind: "path", segments: ["main", "a.ts"], isFile: true }),
  ],
  ["https://github.com/octo/app/pull/12/files", of({ kind: "pull", number: 12 })],
  ["https://github.com/octo/app/commit/0123abcd", of({ kind: "commit", sha: "0123abcd" })],
  ["https://github.com/acme_corp/a.b-c_d", of({ kind: "default" }, "acme_corp", "a.b-c_d")],
])("%s", (input, expected) => {
  expect(parseRepositoryURL(input)).toEqual({ ok: true, url: expected });
});

test.each([
  "",
  "octo",
  "https://github.com/octo",
  "https://github.com.evil.test/octo/app",
  "https://evilgithub.com/octo/app",
  "https://github.com@evil.test/octo/app",
  "https://user:secret@github.com/octo/app",
  "https://gitlab.com/octo/app",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "octo/..",
  "https://github.com/octo/app/tree/main/a%2f..%2fb",
  "https://github.com/octo/app/pull/x",
  "octo/app#a..b",
  "two words/app",
  "https://github.com:8080/octo/app",
])("refuses %s with a reason", (input) => {
  const parsed = parseRepositoryURL(input);
  expect(parsed.ok).toBe(false);
  if (!parsed.ok) expect(parsed.reason.length).toBeGreaterThan(10);
});

test("a GitHub Enterprise host counts with its port", () => {
  const host = "git.example.com:8443";
  expect(parseRepositoryURL("https://git.example.com:8443/octo/app", host)).toEqual({ ok: true, url: whole });
  expect(parseRepositoryURL("git@git.example.com:octo/app.git", host)).toEqual({ ok: true, url: whole });
  expect(parseRepositoryURL("octo/app", host)).toEqual({ ok: true, url: whole });
  expect(parseRepositoryURL("https://github.com/octo/app", host).ok).toBe(false);
  expect(parseRepositoryURL("https://git.example.com/octo/app", host).ok).toBe(false);
});
