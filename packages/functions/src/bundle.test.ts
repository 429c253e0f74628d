import { join } from "node:path";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { functionBuild } from "../../../scripts/bundles.ts";

const root = join(import.meta.dirname, "../../..");

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    ...functionBuild({ entry: join(root, entry), outfile: "api.mjs" }),
    write: false,
  });
  return outputFiles?.[0]?.text ?? "";
}

test("the local sign-in is in the local bundle and not in the deployed one", async () => {
  const marker = "This machine";
  expect(await bundle("packages/local/src/api-entry.ts")).toContain(marker);
  const deployed = await bundle("packages/functions/src/api.ts");
  expect(deployed.length).toBeGreaterThan(100_000);
  expect(deployed).not.toContain(marker);
  expect(deployed).not.toContain("localLogin");
});
