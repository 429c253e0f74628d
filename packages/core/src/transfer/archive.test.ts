import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { pack, type Header } from "tar-stream";
import { describe, expect, test } from "vitest";
import { blobSHA } from "../github/git.ts";
import { BrokenArchive, readArchive, type Expected } from "./archive.ts";

type Entry = Partial<Header> & { name: string; data?: Uint8Array };

async function tarOf(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { data, ...header } of entries) {
    if (header.type === undefined || header.type === "file") tar.entry(header, data ?? new Uint8Array());
    else tar.entry(header);
  }
  tar.finalize();
  const parts: Buffer[] = [];
  for await (const part of tar as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

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
const good: Entry[] = [
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
async function refusal(entries: readonly Entry[], expected = tree): Promise<string> {
  return read(gzipSync(await tarOf(entries)), expected).then(
    (found) => `not refused: ${found.join(", ")}`,
    (error: Error) => error.message,
  );
}

test("what is in the tree comes out, and what differs from it does not", async () => {
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
  test.each<[string, Entry[], RegExp]>([
    ["a way out", [{ name: "root/../../etc/passwd", data: text("x") }], /leads out/],
    ["a way out at the beginning", [{ name: "../a.txt", data: text("x") }], /leads out/],
    ["an absolute path", [{ name: "/etc/passwd", data: text("x") }], /absolute/],
    ["a drive", [{ name: "C:/Windows/x", data: text("x") }], /absolute/],
    ["a hard link", [{ name: "root/a.txt", type: "link", linkname: "/etc/passwd" }], /is a link/],
    ["a link where a file should be", [{ name: "root/a.txt", type: "symlink", linkname: "/etc" }], /is a link/],
    ["a device", [{ name: "root/a.txt", type: "character-device", devmajor: 1, devminor: 3 }], /character-device/],
    ["a block device", [{ name: "root/a.txt", type: "block-device" }], /block-device/],
    ["a pipe", [{ name: "root/a.txt", type: "fifo" }], /fifo/],
    ["a file that is not in the commit", [{ name: "root/extra.txt", data: text("x") }], /does not: "root\/extra.txt"/],
    ["git's own folder", [{ name: "root/.git/config", data: text("x") }], /does not/],
    [
      "a folder that is not in the commit",
      [{ name: "root/other/", type: "directory" }],
      /folder that the commit does not/,
    ],
    ["a file twice", [...good, { name: "root/a.txt", data: text("alpha") }], /twice/],
    ["a name without end", [{ name: `root/${"n".repeat(9000)}`, data: text("x") }], /too long/],
    [
      "more entries than there are",
      Array.from({ length: 40 }, () => ({ name: "root/dir/", type: "directory" as const })),
      /more entries/,
    ],
    ["depth without end", [{ name: `root/${"d/".repeat(2000)}x`, data: text("x") }], /does not/],
  ])("%s", async (_, entries, reason) => {
    expect(await refusal(entries)).toMatch(reason);
  });

  test("a bomb: a small archive that unpacks to gigabytes, with memory bounded", async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const header = (await tarOf([{ name: "root/a.txt", size: 0 }])).subarray(0, 512);
    // The header claims 8 GB, with the checksum that goes with it.
    Buffer.from("77777777777\0").copy(header, 124);
    header.fill(" ", 148, 156);
    const sum = header.reduce((total, byte) => total + byte, 0);
    Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `).copy(header, 148);
    const bomb = Buffer.concat([gzipSync(header), ...Array.from({ length: 4 }, () => gzipSync(zeros))]);
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().rss;
    await expect(read(bomb)).rejects.toThrow(/unpacks to more/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("a name that is no UTF-8 and not in the commit", async () => {
    const bytes = await tarOf([{ name: "root/aXb.txt", data: text("x") }]);
    const at = bytes.indexOf("X");
    bytes[at] = 0xff;
    const sum = bytes
      .subarray(0, 512)
      .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `).copy(bytes, 148);
    await expect(read(gzipSync(bytes))).rejects.toThrow(/does not/);
  });
});

test("what breaks off is broken, wherever it does", async () => {
  const whole = gzipSync(await tarOf(good));
  for (const length of [0, 1, 10, 20, whole.length - 9, whole.length - 1]) {
    await expect(read(whole.subarray(0, length)), String(length)).rejects.toThrow(BrokenArchive);
  }
  const inside = await tarOf(good);
  await expect(read(gzipSync(inside.subarray(0, 700)))).rejects.toThrow(BrokenArchive);
  await expect(read(Buffer.from("<html>not an archive</html>"))).rejects.toThrow(BrokenArchive);
});

test("a hundred archives with random bytes changed give nothing but what the tree has", async () => {
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
