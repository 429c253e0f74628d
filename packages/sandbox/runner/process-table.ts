import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

/** Processes as `/proc` shows them. Linux only, as the runner is. */

export interface Process {
  pid: number;
  parent: number;
  session: number;
  /** R, S, D, T (stopped), Z (zombie) … */
  state: string;
}

/** One pass over all processes: 15 µs each. */
export function processTable(): Map<number, Process> {
  const table = new Map<number, Process>();
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const found = readProcess(Number(name));
    if (found) table.set(found.pid, found);
  }
  return table;
}

let recent: { at: number; table: Map<number, Process> } | undefined;

/** As it was a second ago at most: for showing. */
export function recentProcesses(): Map<number, Process> {
  if (!recent || Date.now() - recent.at > 1000) recent = { at: Date.now(), table: processTable() };
  return recent.table;
}

function readProcess(pid: number): Process | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name is in parentheses and may hold anything, parentheses too.
    const [state = "", parent, , session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { pid, parent: Number(parent), session: Number(session), state };
  } catch {
    return undefined;
  }
}

export function programOf(pid: number): string {
  try {
    const name = readFileSync(`/proc/${pid}/comm`, "utf8").trim();
    // Node names its first thread, which people know by the program's name.
    if (name !== "MainThread") return name.slice(0, 200);
    const [path = ""] = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
    return basename(path).slice(0, 200);
  } catch {
    return "";
  }
}

/** The variable that marks every process of a command or a terminal with whose it is. */
export const marker = "SLIPWAY_CALL";

function markOf(pid: number): string | undefined {
  try {
    const found = readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    return found.find((each) => each.startsWith(`${marker}=`))?.slice(marker.length + 1);
  } catch {
    return undefined;
  }
}

/** What a command or a terminal started: its first process, and the mark that all have who did not clear it. */
export interface Tree {
  pid: number;
  mark: string;
  /** Its first process adopts orphans, so that all others are below it and no marks need to be read. */
  isAdopting: boolean;
}

/** The living processes of a tree, without its first one. */
export function membersOf(tree: Tree, table: Map<number, Process> = processTable()): Process[] {
  const children = new Map<number, Process[]>();
  for (const each of table.values()) children.set(each.parent, [...(children.get(each.parent) ?? []), each]);
  const members = new Map<number, Process>();
  const add = (process: Process) => {
    if (process.pid === tree.pid || members.has(process.pid) || process.state === "Z" || process.state === "X") return;
    members.set(process.pid, process);
    for (const child of children.get(process.pid) ?? []) add(child);
  };
  for (const child of children.get(tree.pid) ?? []) add(child);
  // A program may have killed the process that adopts.
  if (!tree.isAdopting || !table.has(tree.pid)) {
    for (const each of table.values())
      if (each.session === tree.pid || (each.pid !== process.pid && markOf(each.pid) === tree.mark)) add(each);
  }
  return [...members.values()];
}

/** Which of these trees a process belongs to. */
export function treeOf<T extends Tree>(pid: number, trees: readonly T[], table: Map<number, Process>): T | undefined {
  const byPID = new Map(trees.map((tree) => [tree.pid, tree]));
  for (let at: number | undefined = pid, depth = 0; at !== undefined && at > 1 && depth < 1000; depth++) {
    const found = byPID.get(at);
    if (found) return found;
    at = table.get(at)?.parent;
  }
  const mark = markOf(pid);
  return mark === undefined ? undefined : trees.find((tree) => tree.mark === mark);
}

const graceMs = 500;
const patienceMs = 10_000;

/**
 * Ends a whole tree. First politely. Then it is frozen until a pass over it sees nothing run, and killed: killing at once
 * would free process slots for a fork bomb to fill. Whether all are gone.
 */
export async function killTree(tree: Tree): Promise<boolean> {
  const end = Date.now() + patienceMs;
  for (const { pid } of membersOf(tree)) send(pid, "SIGTERM");
  if (!tree.isAdopting) send(tree.pid, "SIGTERM");
  for (const grace = Date.now() + graceMs; Date.now() < grace && isAlive(tree);) await sleep(15);
  while (Date.now() < end) {
    if (!tree.isAdopting) send(tree.pid, "SIGSTOP");
    for (let pass = 0; pass < 500; pass++) {
      const running = membersOf(tree).filter(({ state }) => state !== "T" && state !== "D");
      if (running.length === 0) break;
      for (const { pid } of running) send(pid, "SIGSTOP");
      if (pass > 10) await sleep(1);
    }
    const members = membersOf(tree);
    for (const { pid } of members) send(pid, "SIGKILL");
    if (members.length === 0) break;
    await sleep(5);
  }
  send(tree.pid, "SIGKILL");
  return membersOf(tree).length === 0;
}

function isAlive(tree: Tree): boolean {
  const table = processTable();
  const first = table.get(tree.pid);
  return membersOf(tree, table).length > 0 || (!tree.isAdopting && first !== undefined && first.state !== "Z");
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It has ended.
  }
}
