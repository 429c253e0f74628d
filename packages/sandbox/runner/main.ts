import { mkdirSync } from "node:fs";
import { Activity } from "./activity.ts";
import { ChangeSignal } from "./change-signal.ts";
import { Claim } from "./claim.ts";
import { readConfig } from "./config.ts";
import { forwardEgress } from "./egress.ts";
import { proxyPort } from "./environment.ts";
import { log } from "./log.ts";
import { Notices } from "./notices.ts";
import { Ports } from "./ports.ts";
import { Preview } from "./preview.ts";
import { Projects } from "./project.ts";
import { createRunnerServer, type Runner } from "./server.ts";

/**
 * The program inside a sandbox. It stops by exiting: its task or process ends with it, and no one needs to be called. It
 * exits with 0 when it was idle, told to, or its time was over.
 */

const config = readConfig();
mkdirSync(config.workspaces, { recursive: true });
mkdirSync(config.state, { recursive: true, mode: 0o700 });

const activity = new Activity();
const changed = new ChangeSignal();
const projects = new Projects({ config, activity, onChange: () => changed.notify() });
const reserved = new Set([config.port, proxyPort]);
const ports = new Ports({
  trees: () => projects.all().flatMap((project) => project.trees()),
  projectOf: (uid) => projects.byUID(uid),
  reserved,
});
const preview = new Preview({
  reserved,
  app: ({ project: id = "" }) => projects.find(id)?.app,
  isForeign({ project: id = "", port = 0 }) {
    const owner = ports.lastOwner(port);
    return owner !== undefined && owner.projectID !== id;
  },
  lastLines: ({ project: id = "", port = 0 }) =>
    projects.find(id)?.lastLines(port, ports.lastOwner(port)?.call ?? null, 20) ?? [],
});

const startedAt = Date.now();
let stopAt = startedAt + config.lifetimeMs;
let stopping: Promise<void> | undefined;

const runner: Runner = {
  version: "1",
  claim: new Claim(config.publicKeys, config),
  activity,
  projects,
  ports,
  notices: new Notices(config.notices),
  usage: config.usage,
  preview,
  changed,
  startedAt,
  idleMs: config.idleMs,
  stopAt: (time) => (stopAt = Math.min(stopAt, time)),
  stop: () => stop("told"),
};

/** A task that is stopped from outside is killed 30 s later. One that stops by itself has time for a large snapshot. */
const stopMs = { signal: 25_000, other: 5 * 60_000 };

/** Ends what runs, pushes what has changed, takes the last snapshots, and exits. */
function stop(why: "idle" | "lifetime" | "signal" | "told"): Promise<void> {
  stopping ??= (async () => {
    log("stopping", { why });
    const limit = setTimeout(() => process.exit(0), why === "signal" ? stopMs.signal : stopMs.other);
    await Promise.allSettled(projects.all().map((project) => project.stop()));
    clearTimeout(limit);
    process.exit(0);
  })();
  return stopping;
}

/** Nobody uses it, and nobody would stop it. A warm task waits for its claim. */
function isOrphan(): boolean {
  const isIdle = activity.idleMs >= config.idleMs && activity.unheardMs >= config.unheardMs;
  return isIdle && runner.claim.bound !== undefined;
}

process.on("SIGTERM", () => void stop("signal"));
process.on("SIGINT", () => void stop("signal"));
// A request that breaks in an unforeseen way must not end everyone's work.
process.on("uncaughtException", (error) =>
  log("uncaught", { message: error.message.slice(0, 500), stack: (error.stack ?? "").slice(0, 2000) }),
);
process.on("unhandledRejection", (error) => log("unhandled", { message: String(error).slice(0, 500) }));

setInterval(
  () => {
    if (Date.now() >= stopAt) void stop("lifetime");
    else if (isOrphan()) void stop("idle");
  },
  Math.min(10_000, Math.max(50, Math.min(config.idleMs, config.unheardMs) / 4)),
);

if (config.egressSocket !== undefined) await forwardEgress(config.egressSocket);
const server = createRunnerServer(runner);
server.on("listening", () => {
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : config.port;
  reserved.add(port);
  log("ready", { port, ms: Math.round(performance.now()) });
});
if (config.listenFD !== undefined) server.listen({ fd: config.listenFD });
else server.listen(config.port, "0.0.0.0");
