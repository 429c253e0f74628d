#!/usr/bin/env node
/** Renames many files at once by a pattern. Shows what it would do until it is told to do it. */

import { readdirSync, renameSync } from "node:fs";
import { join, parse } from "node:path";
import { parseArgs } from "node:util";

const usage = "Usage: rename FOLDER PATTERN REPLACEMENT [--yes]   ($1 is a group, {n} a running number)";

/** Pairs of old and new names, for those that change. Extensions stay. */
export function plan(names, pattern, replacement) {
  const expression = new RegExp(pattern, "gu");
  const pairs = [];
  for (const name of [...names].sort()) {
    const { name: stem, ext } = parse(name);
    const changed = stem.replace(expression, replacement);
    if (changed === stem) continue;
    pairs.push([name, changed.replaceAll("{n}", String(pairs.length + 1).padStart(3, "0")) + ext]);
  }
  return pairs;
}

/** Why the plan cannot be carried out: nothing may be overwritten. */
export function problems(names, pairs) {
  const moved = new Set(pairs.map(([old]) => old));
  const taken = new Set(names.filter((name) => !moved.has(name)));
  const found = [];
  for (const [old, changed] of pairs) {
    if (changed.includes("/") || ["", ".", ".."].includes(changed)) found.push(`${old} → ${changed}: not a file name`);
    else if (taken.has(changed)) found.push(`${old} → ${changed}: the name is taken`);
    taken.add(changed);
  }
  return found;
}

/** In two rounds, so that files can swap their names. */
export function rename(folder, pairs) {
  for (const [index, [old]] of pairs.entries()) renameSync(join(folder, old), join(folder, `.renaming-${index}`));
  for (const [index, [, changed]] of pairs.entries()) renameSync(join(folder, `.renaming-${index}`), join(folder, changed));
}

export async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { yes: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [folder, pattern, replacement] = positionals;
  if (values.help || replacement === undefined) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const entries = readdirSync(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  const pairs = plan(names, pattern, replacement);
  const found = problems(names, pairs);
  for (const problem of found) console.error(problem);
  if (found.length > 0) return 1;
  for (const [old, changed] of pairs) console.log(`${old} → ${changed}`);
  if (values.yes) rename(folder, pairs);
  console.log(`${pairs.length} files ${values.yes ? "renamed" : "would be renamed; add --yes to do it"}.`);
  return 0;
}

if (import.meta.main ?? process.argv[1]?.endsWith("rename.js")) {
  main(process.argv.slice(2)).then(
    (status) => (process.exitCode = status),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
