import { randomBytes } from "node:crypto";
import { beforeEach, expect, test, vi } from "vitest";

/** The module reads its keys once: each test has its own. */
async function withKeys(...keys: string[]): Promise<typeof import("./secret.ts")> {
  vi.resetModules();
  vi.doMock("../config/config.ts", () => ({ resource: () => ({ value: keys.join(",") }) }));
  return import("./secret.ts");
}
const key = () => randomBytes(32).toString("base64");

beforeEach(() => vi.restoreAllMocks());

test("a sealed value opens only for its owner and purpose", async () => {
  const { seal, unseal } = await withKeys(key());
  const sealed = seal("token ü", "usr_1", "github-token");
  expect(sealed).not.toContain("token");
  expect(unseal(sealed, "usr_1", "github-token")).toBe("token ü");
  expect(unseal(sealed, "usr_2", "github-token")).toBeUndefined();
  expect(unseal(sealed, "usr_1", "other")).toBeUndefined();
  const [version, nonce, content, tag] = sealed.split(".");
  for (const broken of ["", "v1", "v2.a.b.c", `${version}.${nonce}.${content}.AAAA`, `${version}.${nonce}..${tag}`])
    expect(unseal(broken, "usr_1", "github-token")).toBeUndefined();
});

test("rotation seals with the new key and opens with the old; without the old a value is absent, not an error", async () => {
  const [old, next] = [key(), key()];
  const sealed = (await withKeys(old)).seal("kept", "usr_1", "p");
  const both = await withKeys(next, old);
  expect(both.unseal(sealed, "usr_1", "p")).toBe("kept");
  const renewed = both.seal("new", "usr_1", "p");
  const only = await withKeys(next);
  expect(only.unseal(renewed, "usr_1", "p")).toBe("new");
  expect(only.unseal(sealed, "usr_1", "p")).toBeUndefined();
});

test("a key of the wrong length fails at once", async () => {
  const { seal } = await withKeys("c2hvcnQ=");
  expect(() => seal("x", "usr_1", "p")).toThrow("32 bytes");
});
