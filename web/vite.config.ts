import { fileURLToPath } from "node:url";
import { solidStart } from "@solidjs/start/config";
import tailwindcss from "@tailwindcss/vite";
import { nitro } from "nitro/vite";
import { defineConfig, type Plugin } from "vite";

/** Where the API is, when it is elsewhere: in `sst dev`, which shows the pages here and has the rest in an account. */
const api = process.env.SLIPWAY_API;

/** SolidStart's error boundary names its toolbar for development, whose 30 KB would be in every page. */
const withoutToolbar: Plugin = {
  name: "without-toolbar",
  apply: "build",
  load: (id) =>
    id.includes("@solidjs/start/dist/shared/dev-toolbar/index") ? "export const DevToolbar = undefined;" : null,
};

/** What the contract says of itself is for the API's document; a page would load several KB of it. */
const withoutDescriptions: Plugin = {
  name: "without-descriptions",
  apply: "build",
  enforce: "post",
  transform: {
    filter: { id: /packages\/contract\/src\// },
    handler(code) {
      const cuts: [from: number, to: number, instead: string][] = [];
      walk(this.parse(code), ({ type, callee, arguments: given, end }) => {
        if (type !== "CallExpression" || !isNode(callee)) return;
        const { object, property, name } = callee;
        if (isNode(object) && isNode(property) && property.name === "meta") cuts.push([object.end, end, ""]);
        const description = name === "reply" && Array.isArray(given) ? (given[1] as unknown) : undefined;
        if (isNode(description)) cuts.push([description.start, description.end, '""']);
      });
      // From the end, so that the places before stay where they are.
      const shorter = cuts
        .toSorted(([one], [other]) => other - one)
        .reduce((text, [from, to, instead]) => text.slice(0, from) + instead + text.slice(to), code);
      return { code: shorter, map: null };
    },
  },
};

interface Node {
  type: string;
  start: number;
  end: number;
  [field: string]: unknown;
}
function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "type" in value && "end" in value;
}
function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value as unknown[]) walk(each, visit);
  if (!isNode(value)) return;
  visit(value);
  for (const field of Object.values(value)) walk(field, visit);
}

/**
 * Files of many modules compress better than their parts. `app` is what every page loads, `project` what a project's page
 * does beyond that, each with its imports. What home shares with the project's page has to be in `app`, or home loads both;
 * `test/browser/editor.test.ts` weighs the pages.
 */
const groups = [
  {
    name: "app",
    priority: 2,
    test: [
      /node_modules\/(?:solid-js\/(?:dist|web)|@solidjs\/(?:router|start))\//,
      /web\/src\/(?:app|shell\/(?:page|user-menu)|components\/(?:latest|refusal|relative-time|title|typing)|text\/en\/titles)\.tsx?$/,
      /lucide-solid\/.*\/(?:arrow-up|ellipsis|file-plus|folder-git-2|paperclip)\.jsx$/,
    ],
  },
  { name: "project", priority: 1, test: [/web\/src\/workspace\/workspace\.tsx$/] },
].map(({ test, ...group }) => ({ ...group, test: (id: string) => test.some((pattern) => pattern.test(id)) }));

export default defineConfig({
  resolve: { alias: [{ find: /^zod$/, replacement: fileURLToPath(new URL("zod/zod.ts", import.meta.url)) }] },
  environments: {
    client: {
      build: { rolldownOptions: { output: { codeSplitting: { groups } } } },
    },
  },
  ...(api ? { server: { proxy: { "/api": { target: api, changeOrigin: true } } } } : {}),
  plugins: [
    withoutToolbar,
    withoutDescriptions,
    solidStart({ middleware: "./src/middleware.ts" }),
    nitro({ preset: "aws-lambda" }),
    tailwindcss(),
  ],
});
