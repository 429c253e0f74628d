import { pack, type Header } from "tar-stream";

export type TarEntry = Partial<Header> & { name: string; data?: Uint8Array };

export async function tarOf(entries: readonly TarEntry[]): Promise<Buffer> {
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

/** Makes the checksum of a header true again after its bytes were changed. */
export function sealHeader(header: Buffer): void {
  header.fill(" ", 148, 156);
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  Buffer.from(`${sum.toString(8).padStart(6, "0")}\0 `).copy(header, 148);
}
