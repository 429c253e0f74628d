import { execFile } from "node:child_process";
import { appendFileSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { bug } from "../log.ts";
import { largestFile, type Limits } from "./launcher.ts";

/**
 * Bounds what a sandbox uses in total, which no limit of a single process can: memory and disk. A machine's own control
 * groups would do it better, but few let a program make some.
 */
export interface Watched {
  /** The outermost process: everything in the sandbox descends from it. */
  pid: number;
  limits: Limits;
  folders: readonly string[];
  /** File that the runner reads, with a line of JSON for each intervention. */
  notices: string;
  /** File that the runner reads, with what the sandbox uses of its limits. */
  usage: string;
  /** Changes limits of one of its processes, in the words of `prlimit`. */
  limit(pid: number, limits: readonly string[]): Promise<unknown>;
  /** Ends the sandbox, when nothing smaller helps. */
  kill(reason: string): void;
}

const memoryEvery = 1000;
/** Counting a large folder is slow, so the pause between two counts grows with what one takes: 5 % of the time at most. */
const diskEvery = 5000;
const pageSize = 4096;
const run = promisify(execFile);

/** Returns what ends it. */
export function watch(watched: Watched): () => void {
  let isFull = false;
  let memory = 0;
  let diskTimer: NodeJS.Timeout | undefined;
  let ended = false;

  function checkMemory(): void {
    const processes = treeOf(watched.pid, processesOfMachine());
    const used = processes.reduce((sum, each) => sum + each.memory, 0);
    memory = used;
    if (used <= watched.limits.memory) return;
    const victim = largestGroup(processes, watched.pid);
    const limit = `The sandbox used more than its ${size(watched.limits.memory)} of memory`;
    if (victim === undefined) return watched.kill(`${limit}, so it was stopped.`);
    signal(victim.group);
    note({ kind: "memory", message: `${limit}, so its largest process group (${victim.name}) was killed.` });
  }

  async function checkDisk(): Promise<void> {
    const began = performance.now();
    try {
      const used = await diskUse(watched.folders);
      const now = used > watched.limits.disk * (isFull ? 0.95 : 1);
      // While it is full, new processes of another kind may appear: limit those as well.
      if (now || isFull) await limitWrites(now);
      if (now && !isFull)
        note({
          kind: "disk",
          message: `The sandbox holds more than its ${size(watched.limits.disk)} of files, so writing fails until some are deleted.`,
        });
      isFull = now;
      tellUsage(used);
    } catch (error) {
      bug("sandbox", error);
    }
    const took = performance.now() - began;
    if (!ended) diskTimer = setTimeout(() => void checkDisk(), Math.max(isFull ? 1000 : diskEvery, took * 20)).unref();
  }

  /** Files may not grow, or may again. Soft limits, which can be raised later. */
  async function limitWrites(none: boolean): Promise<void> {
    const soft = none ? 0 : largestFile;
    const pids = treeOf(watched.pid, processesOfMachine()).map(({ pid }) => pid);
    await Promise.all(
      pids.map((pid) =>
        // One that has ended meanwhile needs no limit.
        watched.limit(pid, [`--fsize=${soft}:${largestFile}`]).catch(() => undefined),
      ),
    );
  }

  function tellUsage(disk: number): void {
    const { limits, usage } = watched;
    const told = { memory: { used: memory, total: limits.memory }, disk: { used: disk, total: limits.disk } };
    writeFileSync(`${usage}.new`, JSON.stringify(told));
    renameSync(`${usage}.new`, usage);
  }

  function note(notice: Record<string, unknown>): void {
    appendFileSync(watched.notices, `${JSON.stringify({ at: Date.now(), ...notice })}\n`);
  }

  const memoryTimer = setInterval(() => {
    try {
      checkMemory();
    } catch (error) {
      bug("sandbox", error);
    }
  }, memoryEvery).unref();
  diskTimer = setTimeout(() => void checkDisk(), diskEvery).unref();
  return () => {
    ended = true;
    clearInterval(memoryTimer);
    clearTimeout(diskTimer);
  };
}

export interface Process {
  pid: number;
  parent: number;
  group: number;
  name: string;
  /** Bytes of its own, without what it shares. */
  memory: number;
}

/** Every process that this server can see. */
export function processesOfMachine(): Process[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [, command = ""] = /\((.*)\)/s.exec(stat) ?? [];
      const [, parent, group] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      const [, resident = 0, shared = 0] = readFileSync(`/proc/${name}/statm`, "utf8").split(" ").map(Number);
      const memory = Math.max(0, resident - shared) * pageSize;
      return [{ pid: Number(name), parent: Number(parent), group: Number(group), name: command, memory }];
    } catch {
      // It has ended meanwhile.
      return [];
    }
  });
}

/** A process and all that descend from it. */
export function treeOf(root: number, processes: readonly Process[]): Process[] {
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const found = processes.filter(({ pid }) => pid === root);
  for (const { pid } of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/**
 * The runner: bubblewrap's first process inside starts it, and orphans that this one adopts lead groups of their own.
 */
export function runnerOf(root: number, processes: readonly Process[]): number | undefined {
  const inside = processes.filter(({ parent }) => parent === root);
  return processes.find(({ parent, group }) => inside.some((first) => first.pid === parent && first.group === group))
    ?.pid;
}

/**
 * The group that uses most, apart from the sandbox's own: bubblewrap's, and that of its first process inside, which the runner
 * is in. Told by descent, not by name: a program may call itself anything. A command leads a session of its own, so it cannot
 * join that group.
 */
export function largestGroup(processes: readonly Process[], root: number): { group: number; name: string } | undefined {
  const own = new Set(processes.filter(({ pid, parent }) => pid === root || parent === root).map(({ group }) => group));
  const [largest] = [...Map.groupBy(processes, ({ group }) => group)]
    .filter(([group]) => !own.has(group))
    .map(([group, members]) => ({
      group,
      name: members.toSorted((a, b) => b.memory - a.memory)[0]?.name ?? "",
      memory: members.reduce((sum, { memory }) => sum + memory, 0),
    }))
    .toSorted((a, b) => b.memory - a.memory);
  return largest && { group: largest.group, name: largest.name };
}

function signal(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}

async function diskUse(folders: readonly string[]): Promise<number> {
  const { stdout } = await run("du", ["-s", "-x", "--block-size=1", ...folders], { timeout: 120_000 }).catch(
    // Files that vanish while they are counted are reported, and the sum is still printed.
    (error: { stdout?: string }) => ({ stdout: error.stdout ?? "" }),
  );
  return stdout
    .split("\n")
    .map((line) => Number(line.split("\t")[0]))
    .filter(Number.isFinite)
    .reduce((sum, bytes) => sum + bytes, 0);
}

function size(bytes: number): string {
  return bytes >= 1024 ** 3 ? `${Math.round((bytes / 1024 ** 3) * 10) / 10} GB` : `${Math.round(bytes / 1024 ** 2)} MB`;
}
