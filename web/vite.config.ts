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

/** What every page loads, with its imports, is one file: 15 % smaller than in its 20 parts. */
const everyPage =
  /node_modules\/(?:solid-js\/(?:dist|web)|@solidjs\/(?:router|start))\/|web\/src\/(?:app|shell\/(?:page|user-menu))\.tsx$/;

export default defineConfig({
  resolve: { alias: [{ find: /^zod$/, replacement: fileURLToPath(new URL("zod/zod.ts", import.meta.url)) }] },
  environments: {
    client: {
      build: { rolldownOptions: { output: { codeSplitting: { groups: [{ name: "app", test: everyPage }] } } } },
    },
  },
  ...(api ? { server: { proxy: { "/api": { target: api, changeOrigin: true } } } } : {}),
  plugins: [
    withoutToolbar,
    solidStart({ middleware: "./src/middleware.ts" }),
    nitro({ preset: "aws-lambda" }),
    tailwindcss(),
  ],
});
