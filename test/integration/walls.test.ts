import { execFileSync, spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

/**
 * Rules of the repository: directions between packages (lint), no dead code (knip), and searches of its own. Each is
 * checked against planted violations, so that a check that finds nothing is known to find something.
 */

const root = join(import.meta.dirname, "../..");
const oxlint = join(root, "node_modules/.bin/oxlint");

describe("directions between packages", () => {
  let planted: string;
  beforeAll(() => {
    planted = mkdtempSync(join(tmpdir(), "slipway-walls-"));
    copyFileSync(join(root, ".oxlintrc.json"), join(planted, ".oxlintrc.json"));
  });
  afterAll(() => rmSync(planted, { recursive: true, force: true }));

  function lint(file: string, source: string): string {
    const path = join(planted, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, source);
    const result = spawnSync(oxlint, ["-c", join(planted, ".oxlintrc.json"), path], { cwd: planted, encoding: "utf8" });
    rmSync(path);
    return result.stdout;
  }

  test.each([
    ["packages/manifest/src/a.ts", "node:fs", "imports nothing"],
    ["packages/contract/src/a.ts", "@slipway/core/project", "nothing of ours is below"],
    ["packages/contract/src/a.ts", "node:fs", "no I/O"],
    ["packages/core/src/a/a.ts", "@slipway/agent/tool", "contract and sandbox alone"],
    ["packages/core/src/a/a.ts", "@slipway/local", "contract and sandbox alone"],
    ["packages/core/src/a/a.ts", "@slipway/manifest", "contract and sandbox alone"],
    ["packages/sandbox/src/a.ts", "@slipway/core/project", "contract alone"],
    ["packages/sandbox/src/a.ts", "@aws-sdk/client-ecs", "no AWS credentials"],
    ["packages/sandbox/src/a.ts", "../runner/a.ts", "a program of its own"],
    ["packages/sandbox/runner/a.ts", "@slipway/core/project", "contract alone"],
    ["packages/sandbox/runner/a.ts", "@aws-sdk/client-s3", "no AWS credentials"],
    ["packages/core/src/a/a.ts", "ai", "Only packages/agent"],
    ["packages/core/src/a/a.ts", "hono", "stays in packages/functions"],
    ["packages/core/src/a/a.ts", "../b/b.entity.ts", "Rows never leave"],
    ["packages/agent/src/a/a.ts", "@slipway/functions/api", "contract, core and sandbox"],
    ["packages/agent/src/a/a.ts", "@aws-sdk/client-s3", "core's adapters"],
    ["packages/functions/src/a.ts", "@slipway/local", "contract, core, agent"],
    ["packages/functions/src/a.ts", "ai", "Only packages/agent"],
    ["packages/functions/src/api/a.ts", "@slipway/core/file/system", "takes an actor"],
    ["packages/functions/src/api/a.ts", "@aws-sdk/client-dynamodb", "live in core"],
    ["packages/functions/src/a.ts", "@aws-sdk/client-dynamodb", "live in core"],
    ["web/src/a.ts", "@slipway/core/project", "contract alone"],
    ["web/src/a.ts", "@aws-sdk/client-s3", "no AWS access"],
    ["web/src/api/a.ts", "../components/a.ts", "lowest floor"],
    ["web/src/components/a.tsx", "../shell/a.tsx", "no stores, no panels, no shell"],
    ["web/src/components/a.tsx", "../stores/a.ts", "no stores, no panels, no shell"],
    ["web/src/live/a.ts", "../stores/a.ts", "live stands on"],
    ["web/src/code/a.ts", "../stores/a.ts", "code stands on"],
    ["web/src/stores/a.ts", "../explorer/a.ts", "Stores know no panel"],
    ["web/src/stores/a.ts", "../shell/a.ts", "Stores know no panel"],
    ["web/src/editor/a.tsx", "../review/a.tsx", "Panels know neither each other"],
    ["web/src/agent/a.tsx", "../workspace/a.tsx", "Panels know neither each other"],
    ["web/src/source/a.tsx", "../shell/a.tsx", "Panels know neither each other"],
    ["web/src/shell/a.tsx", "../workspace/a.tsx", "below workspace"],
    ["web/src/workspace/a.tsx", "../routes/a.tsx", "Only the router"],
    // A floor's own rules stand in place of web's, so they repeat them.
    ["web/src/components/a.tsx", "@slipway/core/project", "contract alone"],
    ["web/src/stores/a.ts", "ai", "contract alone"],
    ["web/src/editor/a.tsx", "lucide-solid", "Import one icon"],
    ["packages/local/src/a.ts", "@slipway/agent/model", "does not know what is in them"],
    ["infra/a.ts", "@slipway/core/project", "nothing else of ours"],
    ["infra/a.ts", "@slipway/agent/model", "nothing else of ours"],
    ["infra/a.ts", "ai", "Only packages/agent"],
  ])("%s may not import %s", (file, specifier, message) => {
    expect(lint(file, `import * as x from "${specifier}";\nexport const y = x;\n`)).toContain(message);
  });

  test("lazy imports obey the floors too", () => {
    expect(lint("web/src/editor/a.tsx", 'export const y = () => import("../review/a.tsx");\n')).toContain(
      "Panels know",
    );
  });

  test("every folder of web has its floor", () => {
    const folders = readdirSync(join(root, "web/src"), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== "routes")
      .map(({ name }) => name);
    expect(folders.length).toBeGreaterThan(10);
    const loose = folders.filter(
      (name) => !lint(`web/src/${name}/a.ts`, 'import "../routes/a.tsx";\n').includes("no-restricted-imports"),
    );
    expect(loose).toEqual([]);
  });

  test.each([
    ["packages/core/src/a/a.ts", "@slipway/contract/error"],
    ["packages/core/src/a/a.ts", "@slipway/sandbox/token"],
    ["packages/sandbox/src/a.ts", "@slipway/contract/id"],
    ["packages/sandbox/runner/a.ts", "../src/token.ts"],
    ["packages/agent/src/a/a.ts", "@slipway/core/file"],
    ["packages/agent/src/a/a.ts", "ai"],
    ["packages/functions/src/a.ts", "@slipway/agent/turn"],
    ["packages/functions/src/a.ts", "@slipway/core/file/system"],
    ["packages/functions/src/api/a.ts", "@slipway/core/file"],
    ["web/src/a.ts", "@slipway/contract/file"],
    ["web/src/stores/a.ts", "../live/a.ts"],
    ["web/src/agent/a.tsx", "../stores/a.ts"],
    ["web/src/shell/a.tsx", "../agent/a.tsx"],
    ["web/src/workspace/a.tsx", "../shell/a.tsx"],
    ["web/src/routes/a.tsx", "../workspace/a.tsx"],
    ["infra/a.ts", "@slipway/manifest"],
  ])("%s may import %s", (file, specifier) => {
    expect(lint(file, `import * as x from "${specifier}";\nexport const y = x;\n`)).not.toContain(
      "no-restricted-imports",
    );
  });

  test("a cycle between modules is an error", () => {
    mkdirSync(join(planted, "packages/core/src/cycle"), { recursive: true });
    const other = join(planted, "packages/core/src/cycle/b.ts");
    writeFileSync(other, 'import { a } from "./a.ts";\nexport const b = (): unknown => a;\n');
    const found = lint(
      "packages/core/src/cycle/a.ts",
      'import { b } from "./b.ts";\nexport const a = (): unknown => b;\n',
    );
    rmSync(other);
    expect(found).toContain("no-cycle");
  });
});

describe("dead code", () => {
  test("finds an unused export, file and dependency", () => {
    const planted = mkdtempSync(join(tmpdir(), "slipway-dead-"));
    const write = (file: string, content: string) => {
      mkdirSync(dirname(join(planted, file)), { recursive: true });
      writeFileSync(join(planted, file), content);
    };
    copyFileSync(join(root, "knip.json"), join(planted, "knip.json"));
    symlinkSync(join(root, "node_modules"), join(planted, "node_modules"));
    write("package.json", JSON.stringify({ name: "planted", private: true, workspaces: ["packages/*"] }));
    const core = { name: "@slipway/core", exports: { "./*": "./src/*/*.ts" }, dependencies: { unused: "1.0.0" } };
    write("packages/core/package.json", JSON.stringify(core));
    write("packages/core/src/noun/noun.ts", "export const used = 1;\nexport const dead = 2;\n");
    write("packages/core/src/noun/forgotten.ts", "export const forgotten = 3;\n");
    write("packages/core/src/noun/noun.test.ts", 'import * as Noun from "./noun.ts";\nvoid Noun.used;\n');
    const knip = join(root, "node_modules/knip/bin/knip.js");
    const { stdout } = spawnSync(process.execPath, [knip, "--no-config-hints", "--reporter", "json"], {
      cwd: planted,
      encoding: "utf8",
    });
    rmSync(planted, { recursive: true, force: true });
    const Names = z.array(z.object({ name: z.string() }));
    const { issues } = z
      .object({ issues: z.array(z.object({ exports: Names, dependencies: Names })) })
      .parse(JSON.parse(stdout));
    const found = issues.flatMap(({ exports, dependencies }) => [...exports, ...dependencies].map(({ name }) => name));
    expect(found.sort()).toEqual(["dead", "forgotten", "unused"]);
  });
});

describe("the product does not know where it runs", () => {
  const product = [
    "packages/contract",
    "packages/sandbox",
    "packages/core",
    "packages/agent",
    "packages/functions",
    "web/src",
  ];
  const configuration = /^(?:packages\/[^/]+\/(?:src|runner)\/config(?:\/config)?|web\/src\/config)\.ts$/;
  const rules: readonly { name: string; pattern: RegExp; planted: string; allowed?: RegExp }[] = [
    {
      name: "reads process.env outside its config module",
      pattern: /\bprocess\s*\.\s*env\b|\bimport\.meta\.env\.(?!DEV\b|PROD\b|SSR\b)/,
      planted: "const x = process.env.TABLE;",
      allowed: configuration,
    },
    {
      name: "branches on the environment",
      pattern: /\b(?:isLocal|isDev|NODE_ENV|IS_LOCAL|LOCALSTACK)\b/i,
      planted: "if (isLocal) {",
      // Names of variables that commands may set.
      allowed: /^packages\/agent\/src\/policy\/defaults\.ts$/,
    },
    {
      name: "loads a part of the page through Solid's lazy, which remembers a failure for good",
      pattern: /^import \{[^}]*\blazy\b|^  lazy,/,
      planted: 'import { lazy, Show } from "solid-js";',
      allowed: /^web\/src\/components\/lazy-part\.tsx$/,
    },
    {
      name: "mentions the local cloud",
      pattern: /@slipway\/local|local cloud|dynalite|AWS_ENDPOINT_URL/i,
      planted: 'import { startCloud } from "@slipway/local/cloud";',
    },
  ];

  function violations(files: readonly { path: string; source: string }[], rule: (typeof rules)[number]): string[] {
    return files
      .filter((file) => rule.allowed?.test(file.path) !== true)
      .flatMap((file) =>
        file.source
          .split("\n")
          .flatMap((line, index) => (rule.pattern.test(line) ? [`${file.path}:${index + 1}`] : [])),
      );
  }

  const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", ...product], {
    cwd: root,
    encoding: "utf8",
  })
    .split("\n")
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
    .map((path) => ({ path, source: readFileSync(join(root, path), "utf8") }));

  test.each(rules)("nothing $name", (rule) => {
    expect(files.length).toBeGreaterThan(30);
    expect(violations(files, rule)).toEqual([]);
    expect(violations([{ path: "packages/core/src/planted/planted.ts", source: rule.planted }], rule)).toHaveLength(1);
  });
});

test("no test waits for a time, bounds its own waits or asserts speed", () => {
  const timed =
    /\btimeout: *\d|^\}, *[\d_]+\);|\bwaitForTimeout\b|\bsetTimeout\(\w+, *[\d_]{2,}\)|\b(?:Date|performance)\.now\(\) *- *[a-z]/;
  const planted = [
    "test('a', { timeout: 5_000 }, () => {",
    "}, 60_000);",
    "await page.waitForTimeout(300);",
    "await new Promise((resolve) => setTimeout(resolve, 500));",
    "expect(performance.now() - began).toBeLessThan(1000);",
  ];
  expect(planted.filter((line) => !timed.test(line))).toEqual([]);
  const tests = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
    cwd: root,
    encoding: "utf8",
  });
  const found = tests
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(root, path)) && !path.endsWith("walls.test.ts"))
    .flatMap((path) =>
      readFileSync(join(root, path), "utf8")
        .split("\n")
        .flatMap((line, index) => (timed.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    );
  expect(found).toEqual([]);
});
