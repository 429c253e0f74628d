import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bug } from "../log.ts";
import type { Identity } from "./identity.ts";

/**
 * The folders of sandboxes on this machine. A runner removes its state of a project once it has pushed and packed all of it.
 * State that is left means that runner or server were killed before: then the folder stays, and the next sandbox of the same
 * person begins with it, so its sync finds what was not pushed.
 */
export interface Folders {
  /** A folder for a sandbox: what its person's last one has left, or an empty one. */
  open(id: string, owner: string | undefined, next: () => Identity): { folder: string; identity: Identity };
  /** No process is in it any more. Removes it unless something in it is kept nowhere else. */
  close(folder: string): void;
  /** Users that own what is here. */
  isTaken(uid: number): boolean;
}

/** What nobody has come back for is removed after as long as snapshots are. */
const keptMs = 30 * 24 * 3_600_000;
/** Copies of programs that a sandbox's user could not read. Not a sandbox's folder. */
export const programs = "programs";

/** Only what belongs to one sandbox is handed on. A warm task has its owner later, by its own word alone. */
export function isPerson(owner = ""): boolean {
  return /^sbx_[0-9A-Z]+$/.test(owner);
}

/** What the sandbox may write. Paths in it are never followed from outside: its programs may have made links. */
export const ownFolders = {
  workspaces: "/workspaces",
  skills: "/skills",
  home: "/home/sandbox",
  state: "/var/slipway",
};

export function foldersIn(place: string, isOurs: (uid: number) => boolean, now: () => number = Date.now): Folders {
  const inUse = new Set<string>();
  const all = () =>
    readdirSync(place, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== programs)
      .map(({ name }) => join(place, name));
  const uidOf = (folder: string) => lstatSync(join(folder, "workspaces"), { throwIfNoEntry: false })?.uid ?? -1;

  function isLeft(folder: string): boolean {
    if (!isPerson(ownerOf(folder)) || !isOurs(uidOf(folder))) return false;
    dropOld(folder);
    return existsSync(join(folder, "state")) && readdirSync(join(folder, "state")).length > 0;
  }

  /** Projects that were not opened for long. */
  function dropOld(folder: string): void {
    for (const project of readdirSync(join(folder, "state"))) {
      const { mtimeMs = 0 } = lstatSync(join(folder, "state", project), { throwIfNoEntry: false }) ?? {};
      if (now() - mtimeMs < keptMs) continue;
      for (const part of ["state", "workspaces"])
        rmSync(join(folder, part, project), { recursive: true, force: true, maxRetries: 3 });
    }
  }

  /** In two steps: half a folder is never taken for one that was left. */
  function remove(folder: string): void {
    const gone = isGone(folder) ? folder : `${folder}${goneSuffix}`;
    try {
      if (gone !== folder) renameSync(folder, gone);
      rmSync(gone, { recursive: true, force: true, maxRetries: 5 });
    } catch (error) {
      // The next start tries again.
      bug("sandbox", error);
    }
  }

  function leftBy(owner: string): string | undefined {
    return all()
      .filter((folder) => !inUse.has(folder) && !isGone(folder) && ownerOf(folder) === owner && isLeft(folder))
      .toSorted((a, b) => lstatSync(join(b, "owner")).mtimeMs - lstatSync(join(a, "owner")).mtimeMs)[0];
  }

  function close(folder: string): void {
    inUse.delete(folder);
    if (!isLeft(folder)) remove(folder);
  }

  for (const folder of all()) close(folder);
  return {
    open(id, owner = "", next) {
      const folder = join(place, id);
      const left = isPerson(owner) ? leftBy(owner) : undefined;
      const identity = left === undefined || process.getuid?.() !== 0 ? next() : { uid: uidOf(left) };
      if (left === undefined) mkdirSync(folder, { recursive: true, mode: 0o711 });
      else renameSync(left, folder);
      inUse.add(folder);
      writeFileSync(join(folder, "owner"), owner, { mode: 0o600 });
      for (const name of ["etc", "egress", "notices"]) {
        rmSync(join(folder, name), { recursive: true, force: true });
        mkdirSync(join(folder, name), { mode: 0o755 });
      }
      for (const name of Object.keys(ownFolders)) makeOwn(join(folder, name), identity);
      return { folder, identity };
    },
    close,
    isTaken: (uid) => all().some((folder) => uidOf(folder) === uid),
  };
}

const goneSuffix = ".gone";
const isGone = (folder: string) => folder.endsWith(goneSuffix);

function ownerOf(folder: string): string {
  try {
    return readFileSync(join(folder, "owner"), "utf8");
  } catch {
    return "";
  }
}

function makeOwn(path: string, { uid }: Identity): void {
  if (existsSync(path)) return;
  mkdirSync(path, { mode: 0o700 });
  if (uid !== undefined) chownSync(path, uid, uid);
}
