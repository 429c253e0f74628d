import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sealHeader, tarOf, type TarEntry } from "../../../../test/support/tar.ts";
import { BrokenArchive, unpack } from "./unpack.ts";

const text = (value: string) => new TextEncoder().encode(value);
const bounds = { entries: 10, bytes: 1000 };
const good: TarEntry[] = [
  { name: "root/", type: "directory" },
  { name: "root/a.txt", data: text("alpha") },
  { name: "root/link", type: "symlink", linkname: "../../etc/passwd" },
];

async function read(bytes: Uint8Array): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of unpack(Readable.from([bytes]), bounds)) {
    const content = entry.kind === "file" ? (await entry.read()).toString() : entry.target.toString();
    found.push(`${entry.kind} ${entry.path} ${content}`.trim());
  }
  return found;
}

async function refusal(entries: readonly TarEntry[]): Promise<string> {
  return read(gzipSync(await tarOf(entries))).then(
    (found) => `not refused: ${found.join(", ")}`,
    (error: Error) => error.message,
  );
}

test("strips the top folder and keeps links verbatim", async () => {
  expect(await read(gzipSync(await tarOf(good)))).toEqual(["folder", "file a.txt alpha", "link link ../../etc/passwd"]);
});

test("skips files that are not read", async () => {
  const archive = gzipSync(await tarOf([...good, { name: "root/b.txt", data: text("beta") }]));
  const paths: string[] = [];
  for await (const { path } of unpack(Readable.from([archive]), bounds)) paths.push(path);
  expect(paths).toEqual(["", "a.txt", "link", "b.txt"]);
});

describe("refuses", () => {
  test.each<[string, TarEntry[], RegExp]>([
    ["a way out", [{ name: "root/../../etc/passwd", data: text("x") }], /leads out/],
    ["a way out at the beginning", [{ name: "../a.txt", data: text("x") }], /leads out/],
    ["an empty name", [{ name: "root//a.txt", data: text("x") }], /leads out/],
    ["an absolute path", [{ name: "/etc/passwd", data: text("x") }], /absolute/],
    ["a drive", [{ name: "C:/Windows/x", data: text("x") }], /absolute/],
    ["a hard link", [{ name: "root/a.txt", type: "link", linkname: "/etc/passwd" }], /is a link, which/],
    ["a device", [{ name: "root/a.txt", type: "character-device", devmajor: 1, devminor: 3 }], /character-device/],
    ["a block device", [{ name: "root/a.txt", type: "block-device" }], /block-device/],
    ["a pipe", [{ name: "root/a.txt", type: "fifo" }], /fifo/],
    ["a file twice", [...good, { name: "root/a.txt", data: text("alpha") }], /twice/],
    ["a link over a file", [...good, { name: "root/a.txt", type: "symlink", linkname: "/etc" }], /twice/],
    ["a name without end", [{ name: `root/${"n".repeat(9000)}`, data: text("x") }], /too long/],
    [
      "more entries than it may hold",
      Array.from({ length: 11 }, (_, at) => ({ name: `root/${at}`, data: text("x") })),
      /too many entries/,
    ],
  ])("%s", async (_, entries, reason) => expect(await refusal(entries)).toMatch(reason));

  test("a bomb: a small archive that unpacks to gigabytes, with memory bounded", async () => {
    const zeros = Buffer.alloc(64 * 1024 * 1024);
    const header = (await tarOf([{ name: "root/a.txt", size: 0 }])).subarray(0, 512);
    // The header claims 8 GB.
    Buffer.from("77777777777\0").copy(header, 124);
    sealHeader(header);
    const bomb = Buffer.concat([gzipSync(header), ...Array.from({ length: 4 }, () => gzipSync(zeros))]);
    expect(bomb.length).toBeLessThan(400_000);
    const before = process.memoryUsage().rss;
    await expect(read(bomb)).rejects.toThrow(/unpacks to more/);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });

  test("a bomb in an extended header", async () => {
    const header = (await tarOf([{ name: "root/a.txt", size: 0 }])).subarray(0, 512);
    header.write("x", 156);
    Buffer.from("77777777777\0").copy(header, 124);
    sealHeader(header);
    const bomb = Buffer.concat([gzipSync(header), gzipSync(Buffer.alloc(64 * 1024 * 1024))]);
    await expect(read(bomb)).rejects.toThrow(BrokenArchive);
  });
});

test("a truncated archive fails, wherever it is cut", async () => {
  const whole = gzipSync(await tarOf(good));
  for (const length of [0, 1, 10, 20, whole.length - 9, whole.length - 1])
    await expect(read(whole.subarray(0, length)), String(length)).rejects.toThrow(BrokenArchive);
  await expect(read(gzipSync((await tarOf(good)).subarray(0, 1200)))).rejects.toThrow(BrokenArchive);
  await expect(read(Buffer.from("<html>not an archive</html>"))).rejects.toThrow(BrokenArchive);
});

test("a corrupted archive is read, refused or fails, and never escapes", async () => {
  const honest = await tarOf(good);
  const changes = fc.array(fc.tuple(fc.nat(honest.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(changes, async (list) => {
      const bytes = Buffer.from(honest);
      for (const [at, byte] of list) bytes[at] = byte;
      for (const header of [0, 512]) sealHeader(bytes.subarray(header));
      try {
        for await (const { path } of unpack(Readable.from([gzipSync(bytes)]), bounds))
          expect(path.split("/")).not.toContain("..");
      } catch (error) {
        expect((error as Error).message).toMatch(/refused|cannot be read/);
      }
    }),
    { numRuns: 300, seed: 1 },
  );
});
