import { count } from "./count.ts";

/** The person's sandbox: its launch, its state, what it holds. */
export const text = {
  sandbox: "Sandbox",
  theSandbox: "The sandbox",
  group: "Sandbox",
  // Commands and buttons.
  start: "Start sandbox",
  stop: "Stop sandbox",
  restart: "Restart sandbox",
  retry: "Retry",
  destroy: "Destroy sandbox…",
  destroyNow: "Destroy sandbox",
  // States.
  states: {
    off: "Sandbox off",
    stopped: "Sandbox stopped",
    creating: "Sandbox starting…",
    active: "Sandbox running",
    stopping: "Sandbox stopping…",
    lost: "Sandbox reconnecting…",
    failed: "Sandbox did not start",
  } as const,
  about: "A machine of your own that runs this project: terminals, servers and the agent's commands.",
  stoppedAbout: "Files are in the project. What sync ignores, such as node_modules, comes back with the next start.",
  // Launch.
  launching: "Starting the sandbox",
  steps: {
    start: "Get a machine",
    connect: "Connect to it",
    open: "Open the project",
  } as const,
  stepDone: "done",
  stepRunning: "in progress",
  stepFailed: "failed",
  seconds: (milliseconds: number) =>
    milliseconds < 1000 ? `${Math.max(0, Math.round(milliseconds))} ms` : `${(milliseconds / 1000).toFixed(1)} s`,
  paths: {
    instant: "Instant start: it was already running.",
    claim: "Quick start: a warm machine was ready.",
    cold: "Cold start: a new machine.",
  } as const,
  startedIn: (time: string) => `Started in ${time}`,
  notAvailable: "The sandbox did not start",
  log: "Log",
  // Details.
  details: "Sandbox details",
  shared: (n: number) => `${n} of your projects run in it, and stop with it.`,
  idle: "Idle",
  idleFor: (minutes: number) => (minutes < 1 ? "active now" : `for ${count(minutes, "minute", "minutes")}`),
  stopsIn: (minutes: number) => `Stops after ${count(Math.max(1, minutes), "more minute", "more minutes")} without use`,
  disk: "Disk",
  memory: "Memory",
  usage: (used: string, total: string) => `${used} of ${total}`,
  ports: "Ports",
  files: "Files",
  syncStates: {
    closed: "Not open",
    pulling: "Bringing in files…",
    pushing: "Saving to the project…",
    synced: "In sync with the project",
    offline: "Sync failed",
  } as const,
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
  missingFiles: (n: number) => `${count(n, "file of the project is", "files of the project are")} missing`,
  pending: (n: number) => `${count(n, "change", "changes")} not saved to the project`,
  conflicts: (n: number) => `${count(n, "file changed", "files changed")} on both sides`,
  conflictsAbout: "The project's version won. The other one is kept beside it:",
  notices: "Notices",
  localOnly: (n: number) => `${count(n, "file stays", "files stay")} in the sandbox`,
  open: (path: string) => `Open ${path}`,
  // Destroying.
  destroyTitle: "Destroy the sandbox?",
  destroyKeeps: "Kept: all files of your projects, as the explorer shows them.",
  destroyLoses:
    "Lost: what sync ignores, such as node_modules and build output; running programs and terminals; files that stay in the sandbox.",
  destroyUnsaved: (n: number) =>
    `${count(n, "change is", "changes are")} not saved to the project yet and would be lost.`,
  destroyed: "The sandbox was destroyed.",
  // Ports.
  portFound: (port: number) => `A server runs on port ${port}.`,
  openPreview: "Open preview",
  portOf: (port: number) => `Port ${port}`,
  openPort: "Open port…",
  noPorts: "No server is running.",
  commandFailed: (command: string, code: number) => `"${command}" exited with code ${code}.`,
  showOutput: "Show output",
  notice: "Notice",
};
