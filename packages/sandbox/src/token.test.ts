import { expect, test } from "vitest";
import { createSigningKey, parsePublicKeys, parseSigningKey, publicKeyText, signToken, verifyToken } from "./token.ts";

const now = 1_800_000_000_000;
const claims = {
  sandbox: "sbx_01KAYE0000000000000000000A",
  epoch: 2,
  scope: "terminal",
  project: "prj_01KAYE0000000000000000000B",
  origin: "127.0.0.1:40000",
  exp: now / 1000 + 60,
} as const;
const key = parseSigningKey(createSigningKey("k1"));
const keys = parsePublicKeys(publicKeyText(key));

test("a token says what was signed, with its mac and without", () => {
  const token = signToken(key, claims);
  expect(verifyToken(token, keys, now)).toEqual({ ...claims, kid: "k1" });
  expect(verifyToken(token.split(".").slice(0, 2).join("."), keys, now)).toEqual({ ...claims, kid: "k1" });
});

test("refuses tokens that are expired, changed, or of another key", () => {
  const token = signToken(key, claims);
  const [payload = "", signature = "", mac = ""] = token.split(".");
  const other = parseSigningKey(createSigningKey("k1"));
  const changed = Buffer.from(JSON.stringify({ ...claims, kid: "k1", epoch: 3 })).toString("base64url");
  for (const bad of [
    "",
    "..",
    payload,
    `${changed}.${signature}.${mac}`,
    `${payload}.${signature.replace(/^./, (first) => (first === "A" ? "B" : "A"))}`,
    `${token}.${mac}`,
    ` ${token}`,
    `${token}\n`,
    signToken(other, claims),
    signToken({ ...key, kid: "k2" }, claims),
  ])
    expect(verifyToken(bad, keys, now)).toBeUndefined();
  expect(verifyToken(token, keys, claims.exp * 1000)).toBeUndefined();
});

test("both keys of a rotation are good until the old one is dropped", () => {
  const next = parseSigningKey(createSigningKey("k2"));
  const both = parsePublicKeys([key, next].map(publicKeyText).join(","));
  const [old, young] = [signToken(key, claims), signToken(next, claims)];
  expect(verifyToken(old, both, now)?.kid).toBe("k1");
  expect(verifyToken(young, both, now)?.kid).toBe("k2");
  expect(verifyToken(old, parsePublicKeys(publicKeyText(next)), now)).toBeUndefined();
});

test.each([
  ["a preview without a port", { ...claims, scope: "preview" }],
  ["a terminal with a port", { ...claims, port: 3000 }],
  ["a terminal without a project", { ...claims, project: undefined }],
  ["a sync token with an origin", { ...claims, scope: "sync" }],
  ["an origin with credentials", { ...claims, origin: "a@b:80" }],
] as const)("does not sign %s", (_what, wrong) => {
  expect(() => signToken(key, wrong)).toThrow();
});
