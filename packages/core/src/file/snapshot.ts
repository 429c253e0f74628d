import { gunzipSync, gzipSync } from "node:zlib";
import { VisibleError } from "@slipway/contract/error";
import type { Checkpoint } from "@slipway/contract/file";
import { z } from "zod";
import * as Blob from "../blob/blob.ts";
import { now } from "../clock/clock.ts";
import { CheckpointEntity, MetaEntity } from "./file.entity.ts";
import type { Head } from "./commit.ts";
import type { Meta } from "./plan.ts";

/** A checkpoint is the list of all files with their hashes, in S3: 10,000 files are 460 KB. Contents are not copied. */

const Line = z.tuple([
  z.string(),
  z.string(),
  z.number(),
  z.enum(["text", "binary", "folder"]),
  z.enum(["table", "s3", "none"]),
  z.string(),
]);

export async function createCheckpoint(projectID: string, head: Head, label: string): Promise<Checkpoint> {
  const { data } = await MetaEntity.query.byPath({ projectID, gen: head.gen }).go({ pages: "all", consistent: true });
  const lines = data.map((meta): z.infer<typeof Line> => [
    meta.path,
    meta.hash,
    meta.size,
    meta.kind,
    meta.storage,
    meta.mode,
  ]);
  const manifest = `manifests/${projectID}/${head.rev}`;
  await Blob.put(manifest, gzipSync(JSON.stringify(lines)));
  const checkpoint = { rev: head.rev, label, at: now(), files: data.filter(({ kind }) => kind !== "folder").length };
  await CheckpointEntity.put({ projectID, ...checkpoint, manifest }).go();
  return checkpoint;
}

/** @throws VisibleError not_found */
export async function findCheckpoint(projectID: string, rev: number): Promise<{ label: string; manifest: string }> {
  const { data } = await CheckpointEntity.get({ projectID, rev }).go({ consistent: true });
  if (!data) throw new VisibleError("not_found", "Checkpoint not found.");
  return data;
}

/** @throws VisibleError not_found */
export async function readSnapshot(projectID: string, rev: number): Promise<Omit<Meta, "fileID" | "rev">[]> {
  const data = await findCheckpoint(projectID, rev);
  const lines = z.array(Line).parse(JSON.parse(gunzipSync(await Blob.get(data.manifest)).toString()));
  return lines.map(([path, hash, size, kind, storage, mode]) => ({ path, hash, size, kind, storage, mode }));
}

export async function listCheckpoints(projectID: string): Promise<Checkpoint[]> {
  const { data } = await CheckpointEntity.query.byRev({ projectID }).go({ pages: "all", order: "desc" });
  return data.map(({ rev, label, at, files }) => ({ rev, label, at, files }));
}
