import { expect, test } from "vitest";
import { zip, type ZipEntry } from "./zip.ts";

/** The bytes of a zip of texts, which are stored as they are. */
async function zipOf(files: Record<string, string>): Promise<string> {
  const entries = Object.entries(files).map(([path, text]): ZipEntry => ({
    path,
    mode: "100644",
    compress: false,
    open: () => Promise.resolve(Buffer.from(text)),
  }));
  const parts: Buffer[] = [];
  for await (const part of zip(entries, new Date(0)) as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString("latin1");
}

test("keeps names that differ by case, and says that some disks do not", async () => {
  const bytes = await zipOf({ "a/Case.txt": "upper", "a/case.txt": "lower" });
  for (const path of ["a/Case.txt", "a/case.txt", "NAMES-THAT-DIFFER-BY-CASE.txt"]) expect(bytes).toContain(path);
  expect(bytes).not.toContain("(2)");
  expect(await zipOf({ "a.txt": "a", "b.txt": "b" })).not.toContain("DIFFER");
});
