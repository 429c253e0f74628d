#!/usr/bin/env node
/** Finds files with the same content: by size first, then by a hash of those that remain. Deletes nothing. */

import { createHash } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseArgs } from "node:util";

const usage = "Usage: duplicates FOLDER [--minimum BYTES]";

/** Groups of paths with the same content, largest first, and files that could not be read. */
export async function findDuplicates(folder, minimum = 1) {
  const bySize = new Map();
  for (const path of filesUnder(folder)) {
    const { size } = statSync(path);
    if (size >= minimum) bySize.set(size, [...(bySize.get(size) ?? []), path]);
  }
  const groups = [];
  const unreadable = [];
  for (const [size, paths] of [...bySize].sort(([a], [b]) => b - a)) {
    if (paths.length < 2) continue;
    const byHash = new Map();
    for (const path of paths) {
      try {
        const hash = await hashOf(path);
        byHash.set(hash, [...(byHash.get(hash) ?? []), path]);
      } catch (error) {
        unreadable.push(`${path}: ${error.message}`);
      }
    }
    for (const same of byHash.values()) if (same.length > 1) groups.push({ size, paths: same });
  }
  return { groups, unreadable };
}

/** Links are not followed. */
function* filesUnder(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

/** As a stream, so that a large file needs little memory. */
async function hashOf(path) {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { minimum: { type: "string", default: "1" }, help: { type: "boolean", short: "h" } },
  });
  const [folder] = positionals;
  if (values.help || folder === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const { groups, unreadable } = await findDuplicates(folder, Number(values.minimum));
  for (const { size, paths } of groups) {
    console.log(`${paths.length} × ${size} bytes`);
    for (const path of paths) console.log(`  ${path}`);
  }
  for (const problem of unreadable) console.error(problem);
  const wasted = groups.reduce((sum, { size, paths }) => sum + size * (paths.length - 1), 0);
  console.log(groups.length === 0 ? "No duplicates found." : `${wasted} bytes could be saved.`);
  return unreadable.length > 0 ? 1 : 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("duplicates.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
