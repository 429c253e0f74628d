import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { synthesise } from "../synth/synth.ts";
import { costDocument } from "./document.ts";
import type { Prices } from "./cost.ts";
import type { Measured } from "./usage.ts";

/** `npm run cost`: writes docs/cost.md. */

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, name), "utf8"));
const text = costDocument(synthesise("production"), read("measured.json") as Measured, read("prices.json") as Prices);
writeFileSync(join(import.meta.dirname, "../../docs/cost.md"), text);
process.stdout.write("Written: docs/cost.md\n");
