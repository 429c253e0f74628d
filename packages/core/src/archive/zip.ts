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
  for (const { path, mode, compress, open } of entries) {
    if (mode === "040000") {
      file.addEmptyDirectory(path, { mtime: at });
      continue;
    }
    const options = { mtime: at, mode: Number.parseInt(mode, 8), compress };
    file.addReadStreamLazy(path, options, (give) => give(null, Readable.from(bytesOf(open))));
  }
  const alike = alikeNames(entries.map(({ path }) => path));
  if (alike.length > 0) file.addBuffer(Buffer.from(note(alike)), freeName(entries), { mtime: at });
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

/** Paths that are one file on a disk that ignores case, as those of Windows and macOS do. */
function alikeNames(paths: readonly string[]): string[] {
  const groups = Map.groupBy(paths, (path) => path.normalize("NFC").toLowerCase());
  return [...groups.values()].filter((group) => group.length > 1).flat();
}

function note(paths: readonly string[]): string {
  return `These names differ only in case. Windows and macOS usually keep one file of each group:
unpack on a disk that tells case apart, or rename them in the project first.

${paths.join("\n")}
`;
}

function freeName(entries: readonly ZipEntry[]): string {
  const taken = new Set(entries.map(({ path }) => path.toLowerCase()));
  let name = "NAMES-THAT-DIFFER-BY-CASE.txt";
  while (taken.has(name.toLowerCase())) name = `_${name}`;
  return name;
}
