import type { WatchEvent } from "@slipway/contract/sandbox";
import type { WebSocket } from "ws";
import type { Activity } from "./activity.ts";
import type { ChangeSignal } from "./change-signal.ts";
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

export async function serveWatch(
  socket: WebSocket,
  of: {
    project: Project;
    sandbox: string;
    ports: Ports;
    notices: Notices;
    usage: string | undefined;
    activity: Activity;
    idleMs: number;
    changed: ChangeSignal;
  },
): Promise<void> {
  const gone = new AbortController();
  socket.on("close", () => gone.abort());
  socket.on("error", () => gone.abort());
  let last = "";
  let sentAt = 0;
  while (!gone.signal.aborted) {
    const state = await stateOf(of);
    // What only drifts is no change.
    const { disk: _disk, memory: _memory, idleMs: _idle, stopsAt: _stops, ...facts } = state;
    const seen = JSON.stringify(facts);
    if ((seen !== last || Date.now() - sentAt > refreshMs) && socket.bufferedAmount < maxBehind) {
      socket.send(JSON.stringify(state));
      last = seen;
      sentAt = Date.now();
    }
    const began = Date.now();
    const hasChanged = await of.changed.wait(lookMs, gone.signal);
    // A burst of changes is one state.
    if (hasChanged) await of.changed.wait(Math.max(0, 100 - (Date.now() - began)), gone.signal);
  }
}

async function stateOf({
  project,
  sandbox,
  ports,
  notices,
  usage,
  activity,
  idleMs,
}: Parameters<typeof serveWatch>[1]): Promise<WatchEvent> {
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
