import { count } from "./count.ts";

/** The launch of a sandbox, and what its details show. */
export const text = {
  sandbox: "Sandbox",
  destroy: "Destroy sandbox…",
  destroyNow: "Destroy sandbox",
  about: "A machine of your own that runs this project: terminals, servers and the agent's commands.",
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
  shared: (n: number) => `${n} of your projects run in it, and stop with it.`,
  idle: "Idle",
  idleFor: (minutes: number) => (minutes < 1 ? "active now" : `for ${count(minutes, "minute", "minutes")}`),
  stopsIn: (minutes: number) => `Stops after ${count(Math.max(1, minutes), "more minute", "more minutes")} without use`,
  disk: "Disk",
  memory: "Memory",
  usage: (used: string, total: string) => `${used} of ${total}`,
  files: "Files",
  syncStates: {
    closed: "Not open",
    pulling: "Bringing in files…",
    pushing: "Saving to the project…",
    synced: "In sync with the project",
    offline: "Sync failed",
  } as const,
  missingFiles: (n: number) => `${count(n, "file of the project is", "files of the project are")} missing`,
  conflictsAbout: "The project's version won. The other one is kept beside it:",
  notices: "Notices",
  localOnly: (n: number) => `${count(n, "file stays", "files stay")} in the sandbox`,
  open: (path: string) => `Open ${path}`,
  destroyTitle: "Destroy the sandbox?",
  destroyKeeps: "Kept: all files of your projects, as the explorer shows them.",
  destroyLoses:
    "Lost: what sync ignores, such as node_modules and build output; running programs and terminals; files that stay in the sandbox.",
  destroyUnsaved: (n: number) =>
    `${count(n, "change is", "changes are")} not saved to the project yet and would be lost.`,
  destroyed: "The sandbox was destroyed.",
};
