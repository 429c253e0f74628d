import { web as spec } from "@slipway/manifest";
import { common } from "./functions.ts";
import { origin, router } from "./router.ts";

const { name, transform, permissions, environment, link, logging, ...server } = common(
  "web",
  { ...spec, grants: [] },
  spec.links,
);

/** The pages: rendered by a function. Browsers and CloudFront cache their hashed assets for a year. */
new sst.aws.SolidStart("Web", {
  path: "web",
  router: { instance: router },
  link,
  environment: { ...environment, ...($dev ? { SLIPWAY_API: router.url } : {}) },
  dev: { command: "npx vite --port 3000 --strictPort", url: origin },
  server: {
    runtime: server.runtime,
    architecture: server.architecture,
    memory: server.memory,
    timeout: server.timeout,
  },
  assets: {
    fileOptions: [{ files: ["_build/assets/**"], cacheControl: "public,max-age=31536000,immutable" }],
  },
  transform: {
    assets: { cors: false },
    server: (args) => {
      // SST lets every site's server invalidate every distribution. Ours needs its log only.
      Object.assign(args, { name, permissions, logging, transform, url: { cors: false } });
    },
  },
});
