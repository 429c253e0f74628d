import { globSync } from "node:fs";
import { join } from "node:path";
import { Entity } from "electrodb";
import { expect, test } from "vitest";

/** What is deployed no longer checks its models when it starts: this does, from the sources. */
process.env.SST_RESOURCE_App = JSON.stringify({ name: "slipway", stage: "test" });
process.env.SST_RESOURCE_Table = JSON.stringify({ name: "none" });
process.env.AWS_REGION = "us-east-1";
const source = join(import.meta.dirname, "..");
const files = globSync("*/*.entity.ts", { cwd: source });

test("there are models to check, and an invalid one fails", () => {
  expect(files.length).toBeGreaterThan(15);
  expect(
    () => new Entity({ model: { entity: "", service: "s", version: "1" }, attributes: {}, indexes: {} }),
  ).toThrow();
});

test.each(files)("%s holds valid models", async (file) => {
  const module = (await import(join(source, file))) as Record<string, unknown>;
  expect(Object.values(module).filter((each) => each instanceof Entity)).not.toEqual([]);
});
