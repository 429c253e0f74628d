import type { Side } from "./merge-trees.ts";

/** Finds files that one side renamed since the base, as git does: by content. */

type Sides = ReadonlyMap<string, NonNullable<Side>>;

/** The blob of an empty file: too little to tell one from another. */
const emptySHA = "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391";

/** The path after, by the path before, of files with the same content. A file of the same name is preferred. */
export function exactRenames(base: Sides, side: Sides): Map<string, string> {
  const added = new Map<string, string[]>();
  for (const [path, { sha }] of side)
    if (!base.has(path) && sha !== emptySHA) added.set(sha, [...(added.get(sha) ?? []), path]);
  const renames = new Map<string, string>();
  if (added.size === 0) return renames;
  for (const [path, { sha }] of base) {
    const candidates = side.has(path) ? undefined : added.get(sha);
    if (!candidates || candidates.length === 0) continue;
    const at = Math.max(
      0,
      candidates.findIndex((each) => nameOf(each) === nameOf(path)),
    );
    const [to] = candidates.splice(at, 1);
    if (to !== undefined) renames.set(path, to);
  }
  return renames;
}

/** Pairs that are compared at most, and bytes of a file. */
const maxPairs = 20_000;
const maxBytes = 1024 * 1024;
/** Git's own threshold (`-M50%`). */
const threshold = 0.5;

/**
 * Renames that also changed the file, on top of the exact ones. `wanted` are the paths that matter; `read` returns a
 * file's bytes, or undefined for one that cannot be compared.
 */
export async function similarRenames(
  base: Sides,
  side: Sides,
  {
    exact,
    wanted,
    read,
  }: {
    exact: ReadonlyMap<string, string>;
    wanted: ReadonlySet<string>;
    read(path: string, from: "base" | "side"): Promise<Uint8Array | undefined>;
  },
): Promise<Map<string, string>> {
  const taken = new Set(exact.values());
  const gone = [...base.keys()].filter((path) => !side.has(path) && !exact.has(path));
  const added = [...side.keys()].filter((path) => !base.has(path) && !taken.has(path));
  if (added.length === 0 || !gone.some((path) => wanted.has(path))) return new Map();
  // All that are gone compete for a new file, as far as there is time.
  const sources = gone.length * added.length <= maxPairs ? gone : gone.filter((path) => wanted.has(path));
  const targets = added.slice(0, Math.floor(maxPairs / sources.length));
  const chunks = async (paths: readonly string[], from: "base" | "side") => {
    const found = new Map<string, Chunks>();
    for (const path of paths) {
      const bytes = await read(path, from);
      if (bytes && bytes.length > 0 && bytes.length <= maxBytes) found.set(path, chunksOf(bytes));
    }
    return found;
  };
  const [before, after] = [await chunks(sources, "base"), await chunks(targets, "side")];
  const pairs: { from: string; to: string; score: number }[] = [];
  for (const [from, source] of before)
    for (const [to, target] of after) {
      const score = similarity(source, target);
      if (score >= threshold) pairs.push({ from, to, score: score + (nameOf(from) === nameOf(to) ? 0.001 : 0) });
    }
  const renames = new Map<string, string>();
  const used = new Set<string>();
  for (const { from, to } of pairs.toSorted((a, b) => b.score - a.score)) {
    if (renames.has(from) || used.has(to)) continue;
    renames.set(from, to);
    used.add(to);
  }
  return renames;
}

interface Chunks {
  size: number;
  /** Bytes by content of the chunk. */
  bytes: ReadonlyMap<string, number>;
}

/** Lines, or 64 bytes of a longer one: git's measure (diffcore-delta.c). */
export function chunksOf(data: Uint8Array): Chunks {
  const text = Buffer.from(data).toString("latin1");
  const bytes = new Map<string, number>();
  for (let at = 0; at < text.length;) {
    const line = text.indexOf("\n", at);
    const end = Math.min(line < 0 ? text.length : line + 1, at + 64);
    const chunk = text.slice(at, end);
    bytes.set(chunk, (bytes.get(chunk) ?? 0) + chunk.length);
    at = end;
  }
  return { size: data.length, bytes };
}

/** The share of the larger file that the other one has too. */
export function similarity(a: Chunks, b: Chunks): number {
  const larger = Math.max(a.size, b.size);
  if (Math.min(a.size, b.size) < larger * threshold) return 0;
  let copied = 0;
  for (const [chunk, count] of a.bytes) copied += Math.min(count, b.bytes.get(chunk) ?? 0);
  return copied / larger;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
