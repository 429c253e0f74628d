import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { build as bundle, type Plugin } from "esbuild";
import type { Build } from "./synth.ts";

/**
 * Evaluates `sst.config.ts` for one stage as `sst deploy` would, in a process of its own: SST's real components on Pulumi's
 * real language library, with stand-ins for Pulumi's engine and SST's command only. Writes what they would create as JSON.
 * Called by `synth.ts`: evaluate.ts <stage> <file> <deploy | dev> [partition].
 */

const root = process.cwd();
const [stage = "", file = "", mode, partition = "aws"] = process.argv.slice(2);
const isDevelopment = mode === "dev";
const platform = join(root, ".sst/platform");
/** Folder for code archives, which SST would upload. */
const work = dirname(file);
const builds: Build[] = [];

/** Answers SST's components as its command does: where a bundle is, which bucket holds deployments. */
const command = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    const { method, params } = JSON.parse(body) as { method: string; params: [Record<string, unknown>] };
    response.setHeader("connection", "close");
    response.end(JSON.stringify({ result: answer(method, params[0]) }));
  });
});

function answer(method: string, call: Record<string, unknown>): unknown {
  if (method === "Provider.Aws.Bootstrap")
    return { asset: "sst-asset", assetEcrRegistryId: "", assetEcrUrl: "", state: "sst-state", appsyncHttp: "" };
  if (method === "Runtime.AddTarget") return {};
  if (method === "Provider.Aws.Appsync") return { http: "appsync.example", realtime: "appsync.example" };
  if (method === "Runtime.Build") {
    const given = call as { functionID: string; handler: string; bundle?: string; links: Build["links"] };
    if (given.bundle === undefined) throw new Error(`${given.functionID} has no bundle`);
    builds.push({ function: given.functionID, handler: given.handler, bundle: given.bundle, links: given.links });
    return { handler: given.handler, out: join(root, given.bundle), errors: [], sourcemaps: [] };
  }
  throw new Error(`SST's components made a call that has no stand-in: ${method}`);
}

await new Promise<void>((resolve) => command.listen(0, "127.0.0.1", resolve));
command.unref();
const address = command.address();
if (address === null || typeof address === "string") throw new Error("no port");
process.env.SST_SERVER = `http://127.0.0.1:${address.port}`;
process.env.SST_STAGE = stage;

const entry = `
  import { run } from ${JSON.stringify(join(platform, "src/auto/run.ts"))};
  import config from ${JSON.stringify(join(root, "sst.config.ts"))};
  import * as pulumi from "@pulumi/pulumi";
  import { mocks } from ${JSON.stringify(join(import.meta.dirname, "mocks.ts"))};
  export async function evaluate(stage) {
    const { resources, newResource, call } = mocks(${JSON.stringify(partition)});
    pulumi.runtime.setMocks({ newResource, call }, "slipway", stage, false);
    let outputs;
    await pulumi.runtime.runInPulumiStack(async () => (outputs = await run(config.run)));
    return { resources, outputs };
  }
  export const app = config.app;
`;

/** SST's config uses globals; here each module imports them. */
const globals: Plugin = {
  name: "globals",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) =>
      path === join(root, "sst.config.ts") || (path.startsWith(join(root, "infra")) && !path.includes("/synth/"))
        ? {
            contents: `import * as aws from "@pulumi/aws"; import * as sst from ${JSON.stringify(join(platform, "src/components"))};\n${readFileSync(path, "utf8")}`,
            loader: "ts",
          }
        : undefined,
    );
  },
};

/** Evaluated in two steps, as SST does: first the app, then its resources. */
async function load(app: unknown, name: string): Promise<{ evaluate(stage: string): Promise<unknown>; app: AppOf }> {
  // Beside the platform, whose packages it imports. The name is this process's own, because several may run at once.
  const outfile = join(platform, `synth-${process.pid}-${name}.mjs`);
  const cli = {
    command: isDevelopment ? "dev" : "deploy",
    dev: isDevelopment,
    paths: { home: work, root, work, platform },
    state: { version: {} },
  };
  await bundle({
    stdin: { contents: entry, resolveDir: root, sourcefile: "synth.ts", loader: "ts" },
    nodePaths: [join(platform, "node_modules")],
    bundle: true,
    platform: "node",
    format: "esm",
    outfile,
    mainFields: ["module", "main"],
    external: [
      "@pulumi/*",
      "undici",
      "@pulumiverse/*",
      "@sst-provider/*",
      "@aws-sdk/*",
      "esbuild",
      "archiver",
      "glob",
      "vite",
    ],
    inject: [join(platform, "src/shim/run.js")],
    define: { $app: JSON.stringify(app), $cli: JSON.stringify(cli), $dev: String(isDevelopment) },
    banner: {
      js: 'import { createRequire as __cr } from "node:module"; import { fileURLToPath as __fp } from "node:url"; const require = __cr(import.meta.url); const __filename = __fp(import.meta.url); const __dirname = __fp(new URL(".", import.meta.url));',
    },
    logLevel: "error",
    plugins: [globals],
  });
  try {
    return (await import(pathToFileURL(outfile).href)) as { evaluate(stage: string): Promise<unknown>; app: AppOf };
  } finally {
    rmSync(outfile);
  }
}
type AppOf = (input: { stage: string }) => Promise<Record<string, unknown>>;

const described = await (await load({ name: "slipway", stage }, "app")).app({ stage });
const app = { ...described, stage };
const evaluated = (await (await load(app, "run")).evaluate(stage)) as Record<string, unknown>;

// Resources are still being registered when the program ends. When the event loop is empty, all are.
let written = false;
process.on("beforeExit", () => {
  if (written) return;
  written = true;
  writeFileSync(file, JSON.stringify({ app, resources: evaluated.resources, builds }, undefined, 2));
});
