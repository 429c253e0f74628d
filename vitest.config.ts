import { defineConfig } from "vitest/config";

const node = { environment: "node" as const, pool: "forks" as const, testTimeout: 20_000, hookTimeout: 60_000 };

/** `npm test` runs unit, integration and browser; `npm run test:long` runs long. Each needs what the one before built. */
export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { test: { ...node, name: "unit", include: ["packages/*/src/**/*.test.ts", "scripts/**/*.test.ts"] } },
      { test: { ...node, name: "infra", include: ["infra/**/*.test.ts"], testTimeout: 60_000, hookTimeout: 180_000 } },
      { test: { ...node, name: "web", include: ["web/src/**/*.test.ts"] } },
      {
        test: { ...node, name: "integration", include: ["test/integration/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        test: {
          ...node,
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 90_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      { test: { ...node, name: "long", include: ["test/long/**/*.test.ts"], testTimeout: 600_000 } },
    ],
  },
});
