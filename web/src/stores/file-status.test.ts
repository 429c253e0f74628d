import type { SyncState } from "@slipway/contract/sandbox";
import { expect, test } from "vitest";
import { fileStatus } from "./file-status.ts";

const synced: SyncState = {
  state: "synced",
  rev: 7,
  pending: 0,
  conflicts: [],
  localOnly: [],
  missing: [],
  pulled: 0,
  error: null,
};

test("says nothing while all files are there, and nothing of a pull of a few", () => {
  expect(fileStatus(synced)).toBeUndefined();
  expect(fileStatus({ ...synced, state: "pushing" })).toBeUndefined();
  expect(fileStatus({ ...synced, state: "pulling", pulled: 3 })).toBeUndefined();
});

test("says that files are arriving until the first pull has ended, with how many have", () => {
  expect(fileStatus({ ...synced, state: "pulling", rev: 0 })).toMatchObject({ tone: "accent", canRetry: false });
  expect(fileStatus({ ...synced, state: "pulling", rev: 0, pulled: 1200 })?.line).toContain("1,200");
  expect(fileStatus({ ...synced, state: "pulling", pulled: 900 })?.short).toContain("900");
});

test("says why sync fails, and offers a retry", () => {
  const status = fileStatus({ ...synced, rev: 0, state: "offline", error: "The store answered 503." });
  expect(status).toMatchObject({ tone: "bad", canRetry: true });
  expect(status?.line).toContain("The store answered 503.");
});

test("names a missing file with its reason", () => {
  const missing = [
    { path: "big.txt", reason: "A file could not be read: 404." },
    { path: "other.txt", reason: "x" },
  ];
  const status = fileStatus({ ...synced, missing });
  expect(status).toMatchObject({ tone: "warn", short: "2 files missing", canRetry: true });
  expect(status?.line).toContain("big.txt");
  expect(status?.line).toContain("404");
});
