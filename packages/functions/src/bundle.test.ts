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
  return (outputFiles ?? []).map(({ text }) => text).join("\n");
}

test("the local sign-in is in the local bundle and not in the deployed one", async () => {
  const marker = "This machine";
  expect(await bundle("packages/local/src/api-entry.ts")).toContain(marker);
  const deployed = await bundle("packages/functions/src/api.ts");
  expect(deployed.length).toBeGreaterThan(100_000);
  expect(deployed).not.toContain(marker);
  expect(deployed).not.toContain("localLogin");
});

test("the API loads at most 1.2 MB before its first request", async () => {
  const options = functionBuild({ entry: join(root, "packages/functions/src/api.ts"), outfile: "out/index.mjs" });
  const { metafile } = await build({ ...options, write: false, metafile: true });
  const loaded = new Set<string>();
  function load(path: string): void {
    if (loaded.has(path)) return;
    loaded.add(path);
    for (const each of metafile?.outputs[path]?.imports ?? [])
      if (each.kind === "import-statement" && each.external !== true) load(each.path);
  }
  const entry = Object.entries(metafile?.outputs ?? {}).find(([, { entryPoint }]) =>
    entryPoint?.endsWith("src/api.ts"),
  );
  load(entry?.[0] ?? "");
  expect(loaded.size).toBeGreaterThan(1);
  const bytes = [...loaded].reduce((sum, path) => sum + (metafile?.outputs[path]?.bytes ?? 0), 0);
  expect(bytes).toBeGreaterThan(500_000);
  expect(bytes).toBeLessThan(1_200_000);
});
