import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { expect, test } from "vitest";
import { settleFiles } from "./settle-files.ts";

test("files that could not be saved to the project are told, with the reason", async () => {
  const failing = async () => {
    throw new SandboxError("sync_failed", "The store answered 503.");
  };
  expect(await settleFiles({ sync: failing })).toMatch(/not saved to the project yet: The store answered 503\./);
  const broken = async () => {
    throw new TypeError("a bug");
  };
  await expect(settleFiles({ sync: broken })).rejects.toThrow("a bug");
});
