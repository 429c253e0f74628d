import { functions } from "@slipway/manifest";
import { expect, test } from "vitest";
import { ofType } from "./policies.ts";
import { synthesise } from "./synth.ts";

test("sst dev serves pages from the developer's machine and forwards function calls to it", () => {
  const synth = synthesise("ada", {}, { mode: "dev" });
  const lambdas = ofType(synth, "aws:lambda/function:Function");
  const cors = ofType(synth, "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration");
  expect(cors.map(({ inputs }) => inputs.corsRules)).toMatchObject([[{ allowedOrigins: ["http://localhost:3000"] }]]);
  // SST's bridge to the developer's machine.
  const live = lambdas.filter(({ inputs }) => String(inputs.description).includes("live"));
  expect(live).toHaveLength(Object.keys(functions).length);
  expect(synth.app.protect).toBe(false);
});
