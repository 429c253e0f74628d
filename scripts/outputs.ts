import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** What `npm run build` makes, from what, and whether it is up to date. */

const root = join(import.meta.dirname, "..");

export interface Output {
  name: string;
  /** Files and folders, from the root. */
  sources: readonly string[];
  /** One of the files that are made. */
  made: string;
}

const common = ["package-lock.json", "packages/contract/src"];

export const outputs = {
  functions: {
    name: "functions",
    sources: [...common, "packages", "scripts"],
    made: ".build/functions/api/index.mjs",
  },
  web: {
    name: "web",
    sources: [...common, "web/src", "web/zod", "web/public", "web/vite.config.ts", "web/package.json"],
    made: "web/.output/server/index.mjs",
  },
} as const satisfies Record<string, Output>;

export function stateOf(output: Output): "missing" | "stale" | "fresh" {
  if (!existsSync(join(root, output.made)) || !existsSync(stampOf(output))) return "missing";
  return readFileSync(stampOf(output), "utf8") === hashOf(output.sources) ? "fresh" : "stale";
}

/** Runs `make` and notes what it was made from: sources that change meanwhile leave the output stale. */
export async function make(output: Output, run: () => Promise<void>): Promise<void> {
  const hash = hashOf(output.sources);
  await run();
  writeFileSync(stampOf(output), hash);
}

function stampOf({ name }: Output): string {
  return join(root, ".build", `${name}.stamp`);
}

/** Of the files' names, sizes and times of change. */
function hashOf(paths: readonly string[]): string {
  const hash = createHash("sha256").update(process.version);
  const visit = (path: string) => {
    if (!existsSync(path)) return;
    const found = statSync(path);
    if (!found.isDirectory()) {
      hash.update(`${relative(root, path)} ${found.size} ${found.mtimeMs}\n`);
      return;
    }
    for (const name of readdirSync(path).sort()) {
      if (name !== "node_modules" && !name.startsWith(".") && !name.endsWith(".test.ts")) visit(join(path, name));
    }
  };
  for (const path of paths) visit(join(root, path));
  return hash.digest("hex");
}
