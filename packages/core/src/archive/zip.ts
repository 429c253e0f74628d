import { Readable } from "node:stream";
import { ZipFile } from "yazl";

export interface ZipEntry {
  path: string;
  /** As git has it: 100644, 100755, 120000, 040000. */
  mode: string;
  /** Text shrinks; what is packed already is only stored. */
  compress: boolean;
  open(): Promise<Uint8Array | Readable>;
}

/** A zip file as a stream: each entry is opened when its turn has come, so that memory does not grow with the archive. */
export function zip(entries: readonly ZipEntry[], at: Date): Readable {
  const file = new ZipFile();
  const taken = new Set<string>();
  for (const { path, mode, compress, open } of entries) {
    const name = freeName(path, taken);
    if (mode === "040000") {
      file.addEmptyDirectory(name, { mtime: at });
      continue;
    }
    const options = { mtime: at, mode: Number.parseInt(mode, 8), compress };
    file.addReadStreamLazy(name, options, (give) => give(null, Readable.from(bytesOf(open))));
  }
  file.end();
  const output = file.outputStream as Readable;
  file.on("error", (error: Error) => output.destroy(error));
  return output;
}

async function* bytesOf(open: ZipEntry["open"]): AsyncGenerator<Uint8Array> {
  const bytes = await open();
  if (bytes instanceof Readable) yield* bytes;
  else yield bytes;
}

/** Names that differ by case alone would be one file on many disks: the second gets a number. */
function freeName(path: string, taken: Set<string>): string {
  const dot = path.lastIndexOf(".");
  const isInName = dot > path.lastIndexOf("/") + 1;
  let name = path;
  for (let n = 2; taken.has(name.toLowerCase()); n++)
    name = isInName ? `${path.slice(0, dot)} (${n})${path.slice(dot)}` : `${path} (${n})`;
  taken.add(name.toLowerCase());
  return name;
}
