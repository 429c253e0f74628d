import { count } from "./count.ts";

/** The person's sandbox, as every page of a project shows it. Its details and launch have texts of their own. */
export const text = {
  group: "Sandbox",
  start: "Start sandbox",
  stop: "Stop sandbox",
  restart: "Restart sandbox",
  retry: "Retry",
  states: {
    off: "Sandbox off",
    stopped: "Sandbox stopped",
    creating: "Sandbox starting…",
    active: "Sandbox running",
    stopping: "Sandbox stopping…",
    lost: "Sandbox reconnecting…",
    failed: "Sandbox did not start",
  } as const,
  details: "Sandbox details",
  ports: "Ports",
  arriving: (n: number) => (n === 0 ? "Bringing in files…" : `Bringing in files: ${count(n, "file", "files")} so far`),
  arrivingLine: (n: number) =>
    n === 0
      ? "The project's files are still coming in."
      : `The project's files are still coming in: ${count(n, "file", "files")} so far.`,
  syncFailed: "Sync failed",
  syncFailedLine: (reason: string) =>
    `The sandbox's files may differ from the project's, because sync failed. ${reason}`,
  missing: (n: number) => `${count(n, "file", "files")} missing`,
  missingLine: (n: number, path: string, reason: string) =>
    `${count(n, "file of the project is", "files of the project are")} missing in the sandbox. ${path}: ${reason}`,
  pending: (n: number) => `${count(n, "change", "changes")} not saved to the project`,
  conflicts: (n: number) => `${count(n, "file changed", "files changed")} on both sides`,
  portFound: (port: number) => `A server runs on port ${port}.`,
  openPreview: "Open preview",
  portOf: (port: number) => `Port ${port}`,
};
