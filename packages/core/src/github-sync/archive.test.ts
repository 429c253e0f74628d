import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { blobSHA } from "../github/git.ts";
import { sealHeader, tarOf, type TarEntry } from "../../../../test/support/tar.ts";
import { readArchive, type Expected } from "./archive.ts";

const text = (value: string) => new TextEncoder().encode(value);

function treeOf(files: Record<string, string>): Map<string, Expected> {
  return new Map(
    Object.entries(files).map(([path, content]) => {
      const bytes = text(content);
      return [path, { sha: blobSHA(bytes), size: bytes.length, mode: "100644" }];
    }),
  );
}

const tree = treeOf({ "a.txt": "alpha", "dir/b.txt": "beta" });
const good: TarEntry[] = [
  { name: "root/", type: "directory" },
  { name: "root/a.txt", data: text("alpha") },
  { name: "root/dir/", type: "directory" },
  { name: "root/dir/b.txt", data: text("beta") },
];

async function read(bytes: Uint8Array, expected: ReadonlyMap<string, Expected> = tree): Promise<string[]> {
  const found: string[] = [];
  for await (const { path, bytes: content } of readArchive(Readable.from([bytes]), expected, () => true))
    found.push(`${path}: ${content.toString()}`);
  return found;
}

/** Why it was refused. */
async function refusal(entries: readonly TarEntry[], expected = tree): Promise<string> {
  return read(gzipSync(await tarOf(entries)), expected).then(
    (found) => `not refused: ${found.join(", ")}`,
    (error: Error) => error.message,
  );
}

test("accepts what matches the tree and nothing else", async () => {
  expect(await read(gzipSync(await tarOf(good)))).toEqual(["a.txt: alpha", "dir/b.txt: beta"]);
  const changed = good.map((entry) => (entry.name === "root/a.txt" ? { ...entry, data: text("ALPHA") } : entry));
  expect(await read(gzipSync(await tarOf(changed)))).toEqual(["dir/b.txt: beta"]);
  const windows = treeOf({ "a.txt": "one\ntwo\n" });
  const crlf = await tarOf([{ name: "root/a.txt", data: text("one\r\ntwo\r\n") }]);
  expect(await read(gzipSync(crlf), windows)).toEqual(["a.txt: one\ntwo\n"]);
  const longer = good.map((entry) =>
    entry.name === "root/a.txt" ? { ...entry, data: text("alpha and more") } : entry,
  );
  expect(await read(gzipSync(await tarOf(longer)))).toEqual(["dir/b.txt: beta"]);
});

describe("is refused with a reason:", () => {
  test.each<[string, TarEntry[], RegExp]>([
    ["a link where a file should be", [{ name: "root/a.txt", type: "symlink", linkname: "/etc" }], /is a link/],
    ["a file that is not in the commit", [{ name: "root/extra.txt", data: text("x") }], /does not: "root\/extra.txt"/],
    ["git's own folder", [{ name: "root/.git/config", data: text("x") }], /does not/],
    [
      "a folder that is not in the commit",
      [{ name: "root/other/", type: "directory" }],
      /folder that the commit does not/,
    ],
    [
      "more entries than there are",
      Array.from({ length: 1100 }, () => ({ name: "root/dir/", type: "directory" as const })),
      /too many entries/,
    ],
    ["depth without end", [{ name: `root/${"d/".repeat(2000)}x`, data: text("x") }], /does not/],
  ])("%s", async (_, entries, reason) => {
    expect(await refusal(entries)).toMatch(reason);
  });
});

test("a name that is not UTF-8 is left to git, which has its bytes", async () => {
  const bytes = await tarOf([{ name: "root/aXb.txt", data: text("x") }, ...good]);
  bytes[bytes.indexOf("X")] = 0xff;
  sealHeader(bytes);
  expect(await read(gzipSync(bytes))).toEqual(["a.txt: alpha", "dir/b.txt: beta"]);
});

test("a hundred corrupted archives yield nothing outside the tree", async () => {
  const honest = await tarOf(good);
  const random = (seed: number, salt: string) =>
    createHash("sha256").update(`${seed} ${salt}`).digest().readUInt32BE(0);
  let refused = 0;
  for (let seed = 0; seed < 100; seed++) {
    const bytes = Buffer.from(honest);
    for (let change = 0; change <= random(seed, "count") % 6; change++)
      bytes[random(seed, `at ${change}`) % bytes.length] = random(seed, `byte ${change}`) % 256;
    try {
      for (const found of await read(gzipSync(bytes))) expect(["a.txt: alpha", "dir/b.txt: beta"]).toContain(found);
    } catch (error) {
      refused++;
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/refused|cannot be read/);
    }
  }
  expect(refused).toBeGreaterThan(10);
});
