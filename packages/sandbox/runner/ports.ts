import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import type { ListeningPort } from "@slipway/contract/sandbox";
import { maxListed } from "@slipway/contract/sandbox";
import { processTable, programOf, treeOf, type Tree } from "./process-table.ts";

/** What listens in the sandbox, from `/proc/net`. Only what belongs to a command or a terminal is a port of a project. */

export interface Owned extends ListeningPort {
  projectID: string;
}

export interface OwnedTree extends Tree {
  projectID: string;
  /** The command or terminal. */
  call: string;
}

interface Socket {
  port: number;
  inode: string;
  uid: number;
}

export class Ports {
  readonly #trees: () => OwnedTree[];
  readonly #projectOf: (uid: number) => string | undefined;
  readonly #reserved: ReadonlySet<number>;
  /** Whose each port was last, for saying what became of its server. */
  readonly #owners = new Map<number, Owned>();
  #seen = "";
  #ports: Owned[] = [];

  constructor(options: {
    trees: () => OwnedTree[];
    /** The project whose user this is, where each has its own. */
    projectOf: (uid: number) => string | undefined;
    reserved: ReadonlySet<number>;
  }) {
    this.#trees = options.trees;
    this.#projectOf = options.projectOf;
    this.#reserved = options.reserved;
  }

  /** The ports as they are now. Owners are looked up only when sockets have come or gone: that reads all of `/proc`. */
  read(): Owned[] {
    const sockets = listening().filter(({ port }) => !this.#reserved.has(port));
    const seen = sockets.map(({ inode }) => inode).join();
    if (seen !== this.#seen) {
      this.#seen = seen;
      this.#ports = this.#owned(sockets);
      for (const owned of this.#ports) this.#owners.set(owned.port, owned);
    }
    return this.#ports;
  }

  /** Who listens on a port, or did last. */
  lastOwner(port: number): Owned | undefined {
    return this.read().find((each) => each.port === port) ?? this.#owners.get(port);
  }

  of(projectID: string): ListeningPort[] {
    return this.read()
      .filter((port) => port.projectID === projectID)
      .map(({ port, pid, program, call }) => ({ port, pid, program, call }))
      .slice(0, maxListed);
  }

  #owned(sockets: readonly Socket[]): Owned[] {
    const table = processTable();
    const trees = this.#trees();
    const pids =
      sockets.length === 0 ? new Map<string, number>() : holdersOf(new Set(sockets.map(({ inode }) => inode)), table);
    const ports = new Map<number, Owned>();
    for (const { port, inode, uid } of sockets) {
      const pid = pids.get(inode);
      const tree = pid === undefined ? undefined : treeOf(pid, trees, table);
      const projectID = tree?.projectID ?? this.#projectOf(uid);
      if (projectID === undefined || ports.has(port)) continue;
      const program = pid === undefined ? "" : programOf(pid);
      ports.set(port, { projectID, port, pid: pid ?? null, program, call: tree?.call ?? null });
    }
    return [...ports.values()].sort((a, b) => a.port - b.port);
  }
}

function listening(): Socket[] {
  return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => {
    let text: string;
    try {
      text = readFileSync(file, "latin1");
    } catch {
      return [];
    }
    return text
      .split("\n")
      .slice(1)
      .flatMap((line): Socket[] => {
        const [, local = "", , state, , , , uid, , inode] = line.trim().split(/\s+/);
        const port = Number.parseInt(local.slice(local.indexOf(":") + 1), 16);
        // 0A is LISTEN.
        return state === "0A" && inode !== undefined ? [{ port, inode, uid: Number(uid) }] : [];
      });
  });
}

/** The process that holds each socket. */
function holdersOf(inodes: ReadonlySet<string>, table: ReadonlyMap<number, unknown>): Map<string, number> {
  const holders = new Map<string, number>();
  for (const pid of table.keys()) {
    if (pid === process.pid) continue;
    let descriptors: string[];
    try {
      descriptors = readdirSync(`/proc/${pid}/fd`);
    } catch {
      continue;
    }
    for (const descriptor of descriptors) {
      const inode = socketOf(`/proc/${pid}/fd/${descriptor}`);
      if (inode !== undefined && inodes.has(inode) && !holders.has(inode)) holders.set(inode, pid);
    }
  }
  return holders;
}

function socketOf(path: string): string | undefined {
  try {
    return /^socket:\[(\d+)\]$/.exec(readlinkSync(path))?.[1];
  } catch {
    return undefined;
  }
}
