import { defineConfig } from "vitest/config";
import { longPatience, patience, testPatience } from "./test/support/patience.ts";

const node = {
  environment: "node" as const,
  pool: "forks" as const,
  testTimeout: testPatience,
  hookTimeout: testPatience,
  teardownTimeout: patience,
  expect: { poll: { timeout: patience } },
};

/** `npm test` runs unit, infra, web, integration and browser; `npm run test:long` runs long. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...node, name: "unit", include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"] } },
      { test: { ...node, name: "infra", include: ["infra/**/*.test.ts"] } },
      { test: { ...node, name: "web", include: ["web/src/**/*.test.ts"] } },
      { test: { ...node, name: "integration", include: ["test/integration/**/*.test.ts"] } },
      { test: { ...node, name: "browser", include: ["test/browser/**/*.test.ts"], fileParallelism: false } },
      { test: { ...node, name: "long", include: ["test/long/**/*.test.ts"], testTimeout: longPatience } },
    ],
  },
});
