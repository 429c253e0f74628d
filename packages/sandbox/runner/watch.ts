import type { WatchEvent } from "@slipway/contract/sandbox";
import type { Activity } from "./activity.ts";
import type { ChangeSignal } from "./change-signal.ts";
import { log } from "./log.ts";
import type { Notices } from "./notices.ts";
import type { Ports } from "./ports.ts";
import { recentProcesses } from "./process-table.ts";
import type { Project } from "./project.ts";
import { usageOf } from "./usage.ts";

/** Tells a browser the state of its project: at once, and whenever it has changed. */

/** Ports come and go without a word, so they are looked at this often while someone watches. */
const lookMs = 500;
/** A state is sent this often even if nothing has changed: usage and idle time have. */
const refreshMs = 15_000;
const maxBehind = 1024 * 1024;

/** What is told of a project, and by whom it is known. */
export interface Watched {
  project: {
    readonly id: string;
    readonly folder: string;
    readonly commands: Pick<Project["commands"], "list">;
    readonly terminals: Pick<Project["terminals"], "list">;
    readonly notices: Project["notices"];
    info: Project["info"];
  };
  sandbox: string;
  ports: Pick<Ports, "of">;
  notices: Pick<Notices, "read">;
  usage: string | undefined;
  activity: Pick<Activity, "idleMs">;
  idleMs: number;
  changed: ChangeSignal;
}

/** Of a WebSocket, what this needs. */
export interface WatchSocket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(): void;
  on(event: "close" | "error", listener: () => void): unknown;
}

interface Watcher {
  socket: WatchSocket;
  last: string;
  sentAt: number;
}

/** Who watches a project. They share one look at it: ten tabs cost what one does. */
const watchers = new WeakMap<Watched["project"], Set<Watcher>>();

export function serveWatch(socket: WatchSocket, of: Watched): void {
  const watcher: Watcher = { socket, last: "", sentAt: 0 };
  const others = watchers.get(of.project);
  const all = others ?? new Set<Watcher>();
  const leave = () => void all.delete(watcher);
  socket.on("close", leave);
  socket.on("error", leave);
  all.add(watcher);
  if (others) return of.changed.notify();
  watchers.set(of.project, all);
  lookWhileWatched(of, all).catch((error: unknown) => {
    log("watch-failed", { project: of.project.id, message: String(error).slice(0, 200) });
    watchers.delete(of.project);
    // They connect again.
    for (const each of all) each.socket.close();
  });
}

async function lookWhileWatched(of: Watched, all: Set<Watcher>): Promise<void> {
  while (all.size > 0) {
    const state = await stateOf(of);
    // What only drifts is no change.
    const { disk: _disk, memory: _memory, idleMs: _idle, stopsAt: _stops, ...facts } = state;
    const seen = JSON.stringify(facts);
    const text = JSON.stringify(state);
    const at = Date.now();
    for (const watcher of all) {
      const isDue = seen !== watcher.last || at - watcher.sentAt > refreshMs;
      if (!isDue || watcher.socket.bufferedAmount >= maxBehind) continue;
      watcher.socket.send(text);
      Object.assign(watcher, { last: seen, sentAt: at });
    }
    const hasChanged = await of.changed.wait(lookMs);
    // A burst of changes is one state.
    if (hasChanged) await of.changed.wait(Math.max(0, 100 - (Date.now() - at)));
  }
  watchers.delete(of.project);
}

async function stateOf({ project, sandbox, ports, notices, usage, activity, idleMs }: Watched): Promise<WatchEvent> {
  const idle = activity.idleMs;
  return {
    type: "state",
    sandboxId: sandbox,
    projectId: project.id,
    ports: ports.of(project.id),
    commands: project.commands.list(recentProcesses()),
    terminals: project.terminals.list(),
    sync: project.info(),
    ...(await usageOf(project.folder, usage)),
    notices: [...project.notices, ...notices.read()].toSorted((a, b) => a.at - b.at),
    idleMs: idle,
    stopsAt: Date.now() + Math.max(0, idleMs - idle),
  };
}
