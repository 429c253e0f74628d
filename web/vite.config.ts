import { fileURLToPath } from "node:url";
import { solidStart } from "@solidjs/start/config";
import tailwindcss from "@tailwindcss/vite";
import { nitro } from "nitro/vite";
import { defineConfig } from "vite";

/** Where the API is, when it is elsewhere: in `sst dev`, which shows the pages here and has the rest in an account. */
const api = process.env.SLIPWAY_API;

export default defineConfig({
  resolve: { alias: [{ find: /^zod$/, replacement: fileURLToPath(new URL("zod/zod.ts", import.meta.url)) }] },
  ...(api ? { server: { proxy: { "/api": { target: api, changeOrigin: true } } } } : {}),
  plugins: [solidStart({ middleware: "./src/middleware.ts" }), nitro({ preset: "aws-lambda" }), tailwindcss()],
});
