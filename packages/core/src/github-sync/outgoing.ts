import type * as File from "../file/file.ts";
import * as FileStore from "../file/system.ts";
import * as GitHub from "../github/github.ts";
import { attributeRules, clean, dependsOnCommitted, type Attributes, type Cleaned } from "./attributes.ts";
import { changedPaths, gitMode, type Local } from "./compare.ts";
import { IgnoreRules } from "@slipway/contract/ignore-rules";
import type { Side } from "./merge-trees.ts";
import { secretIn } from "./secrets.ts";
import { isFile } from "./synced-tree.ts";

/**
 * What the project has changed, as git would commit it: without what `.gitignore` excludes, with the line ends and Git
 * LFS pointers that `.gitattributes` asks for.
 */

export interface OutgoingFile {
  path: string;
  meta: File.Meta;
  sha: string;
  mode: string;
  attributes: Attributes;
  /** Git gets other bytes than the project has. */
  isCleaned: boolean;
  /** What Git LFS must hold. */
  object?: GitHub.LargeObject;
}

export interface Outgoing {
  /** The files to commit, by path. */
  files: Map<string, OutgoingFile>;
  deleted: string[];
  ignored: string[];
  /** Files that look like secrets, with the reason. */
  secrets: Map<string, string>;
}

/** Texts of the project's files of one name, such as `.gitignore`, by path. */
export async function rulesOf(
  projectID: string,
  metas: Iterable<File.Meta>,
  name: ".gitignore" | ".gitattributes",
): Promise<Map<string, string>> {
  const found = [...metas]
    .filter(
      ({ path, kind, size }) =>
        kind === "text" && size <= maxRuleBytes && path.slice(path.lastIndexOf("/") + 1) === name,
    )
    .slice(0, maxRuleFiles);
  const texts = await Promise.all(found.map((meta) => FileStore.textOf(projectID, meta)));
  return new Map(found.map(({ path }, at) => [path, texts[at] ?? ""]));
}

const maxRuleBytes = 256 * 1024;
const maxRuleFiles = 500;

/** Git's rules for a project: those of its files, and those above the folder that it was imported from. */
export interface Rules {
  ignore(path: string): boolean;
  attributes(path: string): Attributes;
}

/** `above`: texts by path in the repository. `prefix`: the imported folder with a slash, or nothing. */
export async function readRules(
  projectID: string,
  metas: ReadonlyMap<string, File.Meta>,
  { prefix = "", above = new Map<string, string>() }: { prefix?: string; above?: ReadonlyMap<string, string> } = {},
): Promise<Rules> {
  const gather = async (name: ".gitignore" | ".gitattributes") => {
    const own = await rulesOf(projectID, metas.values(), name);
    const outer = [...above].filter(([path]) => path.endsWith(name));
    return new Map([...outer, ...[...own].map(([path, text]) => [prefix + path, text] as const)]);
  };
  const ignore = new IgnoreRules(await gather(".gitignore"));
  const attributes = attributeRules(await gather(".gitattributes"));
  return { ignore: (path) => ignore.isIgnored(prefix + path), attributes: (path) => attributes(prefix + path) };
}

/** Reads what has changed. `isTracked`: whether the repository has a path; what it has is never ignored. */
export async function readOutgoing(
  projectID: string,
  local: Local,
  { rules, isTracked, onFile }: { rules: Rules; isTracked(path: string): boolean; onFile?(): Promise<void> },
): Promise<Outgoing> {
  const outgoing: Outgoing = { files: new Map(), deleted: [], ignored: [], secrets: new Map() };
  const wanted: File.Meta[] = [];
  for (const path of changedPaths(local)) {
    const meta = local.metas.get(path);
    if (!meta) outgoing.deleted.push(path);
    else if (!isTracked(path) && rules.ignore(path)) outgoing.ignored.push(path);
    else wanted.push(meta);
  }
  let next = 0;
  for await (const bytes of FileStore.bytesOfAll(projectID, wanted)) {
    const meta = wanted[next++];
    if (!meta) break;
    const { path } = meta;
    const attributes = rules.attributes(path);
    const cleaned = await cleanFile(projectID, local, { path, attributes, bytes });
    outgoing.files.set(path, {
      path,
      meta,
      sha: GitHub.blobSHA(cleaned.bytes),
      mode: gitMode(meta),
      attributes,
      isCleaned: cleaned.bytes !== bytes,
      ...(cleaned.object ? { object: cleaned.object } : {}),
    });
    const text = meta.kind === "text" ? Buffer.from(bytes).toString() : undefined;
    const reason = await secretOf(projectID, local, path, text);
    if (reason !== undefined) outgoing.secrets.set(path, reason);
    await onFile?.();
  }
  return outgoing;
}

/** The bytes of a file as they are committed. */
export async function bytesToCommit(projectID: string, local: Local, { meta, path, attributes }: OutgoingFile) {
  const bytes = await FileStore.bytesOf(projectID, meta);
  return (await cleanFile(projectID, local, { path, attributes, bytes })).bytes;
}

async function cleanFile(
  projectID: string,
  local: Local,
  { path, attributes, bytes }: { path: string; attributes: Attributes; bytes: Uint8Array },
): Promise<Cleaned> {
  return clean(
    bytes,
    attributes,
    dependsOnCommitted(bytes, attributes) ? await committed(projectID, local, path) : undefined,
  );
}

/** A secret that is already committed is not asked about again. */
async function secretOf(projectID: string, local: Local, path: string, text: string | undefined) {
  if (!local.base.has(path)) return secretIn(path, text);
  if (secretIn(path, text, "") === undefined) return undefined;
  const before = await committed(projectID, local, path);
  return secretIn(path, text, before === undefined ? "" : Buffer.from(before).toString());
}

async function committed(projectID: string, { base }: Local, path: string): Promise<Uint8Array | undefined> {
  const entry = base.get(path);
  if (!entry?.content || !isFile(entry) || entry.content.size > maxCompared) return undefined;
  return FileStore.bytesOf(projectID, { ...entry.content, mode: entry.mode });
}

/** Bytes of a committed file that are looked at: for line ends, and for secrets that are known already. */
const maxCompared = 4 * 1024 * 1024;

/** The project's side of every entry of the base: with its changes, without files that the export leaves out. */
export function incomingOf({ base }: Local, { files, deleted }: Outgoing): Map<string, NonNullable<Side>> {
  const sides = new Map([...base].map(([path, { sha, mode }]) => [path, { sha, mode }]));
  for (const path of deleted) sides.delete(path);
  for (const [path, { sha, mode }] of files) sides.set(path, { sha, mode });
  return sides;
}
