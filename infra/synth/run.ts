import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesise } from "./synth.ts";

/** `npm run synth [stage]`: writes what would be created to `.sst/synth.json`. */

const stage = process.argv[2] ?? "production";
const began = performance.now();
const synth = synthesise(stage);
const file = ".sst/synth.json";
writeFileSync(join(import.meta.dirname, "../..", file), `${JSON.stringify(synth, undefined, 2)}\n`);
const counts = Map.groupBy(synth.resources, ({ type }) => type);
for (const [type, of] of [...counts].sort(([a], [b]) => a.localeCompare(b)))
  process.stdout.write(`${String(of.length).padStart(4)}  ${type}\n`);
process.stdout.write(
  `${synth.resources.length} resources of stage "${stage}" in ${((performance.now() - began) / 1000).toFixed(1)} s: ${file}\n`,
);
