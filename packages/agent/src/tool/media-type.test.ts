import { expect, test } from "vitest";
import { mediaOf } from "./media-type.ts";

const of = (start: string) => mediaOf(Buffer.from(start, "latin1"));

test("tells what models can be shown by its first bytes", () => {
  expect(of("\x89PNG\r\n\x1a\n")?.type).toBe("image/png");
  expect(of("\xFF\xD8\xFF\xE0")?.type).toBe("image/jpeg");
  expect(of("GIF89a")?.type).toBe("image/gif");
  expect(of("RIFF\0\0\0\0WEBPVP8 ")?.type).toBe("image/webp");
  expect(of("%PDF-1.7")).toMatchObject({ kind: "document", type: "application/pdf" });
  for (const other of ["", "RIFF\0\0\0\0WAVE", "BM\0\0", "PK\x03\x04", "text", " %PDF-"])
    expect(of(other)).toBeUndefined();
});
