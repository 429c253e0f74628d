import { SyncState } from "@slipway/contract/sandbox";
import { SandboxError } from "@slipway/sandbox/sandbox-error";
import { expect, test } from "vitest";
import { settleFiles } from "./settle-files.ts";

test("files of the project that a command did not see are named, with the reason", async () => {
  const sync = (missing: { path: string; reason: string }[]) => async () =>
    SyncState.parse({ state: "synced", rev: 3, pending: 0, conflicts: [], localOnly: [], missing, error: null });
  expect(await settleFiles({ sync: sync([]) })).toBeUndefined();
  const note = await settleFiles({ sync: sync([{ path: "big.txt", reason: "A file could not be read: 404." }]) });
  expect(note).toMatch(/missing in the sandbox.*big\.txt.*404/);
});

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
