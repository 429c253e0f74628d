import { existsSync } from "node:fs";
import { defineConfig } from "vitest/config";
import { longPatience, patience, testPatience } from "./test/support/patience.ts";

// Under an older Node vitest fails obscurely. Where the dependencies bring Node 24, npx finds it first.
if (Number(process.versions.node.split(".")[0]) < 24) {
  const remedy = existsSync("node_modules/.bin/node") ? "Run: npx vitest" : "Install it from https://nodejs.org.";
  process.stderr.write(`The tests need Node 24; this is Node ${process.versions.node}. ${remedy}\n`);
  process.exit(1);
}

const node = {
  environment: "node" as const,
  pool: "forks" as const,
  testTimeout: testPatience,
  hookTimeout: testPatience,
  teardownTimeout: patience,
  expect: { poll: { timeout: patience } },
};
const built = { ...node, globalSetup: "test/support/built.ts" };

/** `npm test` runs unit, infra, web, integration and browser; `npm run test:long` runs long. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...node, name: "unit", include: ["packages/*/{src,runner}/**/*.test.ts", "scripts/**/*.test.ts"] } },
      { test: { ...node, name: "infra", include: ["infra/**/*.test.ts"] } },
      { test: { ...node, name: "web", include: ["web/{src,zod}/**/*.test.ts"] } },
      { test: { ...built, name: "integration", include: ["test/integration/**/*.test.ts"] } },
      { test: { ...built, name: "browser", include: ["test/browser/**/*.test.ts"], fileParallelism: false } },
      { test: { ...built, name: "long", include: ["test/long/**/*.test.ts"], testTimeout: longPatience } },
    ],
  },
});
