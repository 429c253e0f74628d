import { z } from "zod";
import { FilePath } from "../file.ts";
import { Revision } from "../id.ts";
import { body, counter, inProject, reply, route } from "../route.ts";

/**
 * How the runner in a sandbox exchanges files with the store. Both routes take a bearer token of scope `sync`, which names
 * the project. The runner is untrusted: the server validates every path and content, and the store decides.
 */

/** Larger files stay where they are. */
export const maxSyncedBytes = 25 * 1024 * 1024;
/** Contents up to this size are in the line itself; larger ones are read at a presigned address. */
export const maxInlineSyncBytes = 256 * 1024;
/** Bounds of one push. */
export const maxPushedChanges = 250;
export const maxPushedBytes = 4 * 1024 * 1024;

/** As the store names contents: the first 32 characters of the base64url SHA-256 of the bytes. */
const ContentHash = z.string().regex(/^[\w-]{32}$/, "not a content hash");
export const SyncMode = z.enum(["100644", "100755"]);

/** Exactly one of `text`, `data` (base64) and `url` (presigned GET). */
const content = {
  text: z.string().max(maxSyncedBytes).optional(),
  data: z
    .base64()
    .max(Math.ceil(maxSyncedBytes / 3) * 4)
    .optional(),
  url: z.url().max(8192).optional(),
};

const StoreFile = z.object({
  type: z.literal("file"),
  path: FilePath,
  rev: Revision,
  hash: ContentHash,
  size: z.int().nonnegative(),
  mode: SyncMode,
  ...content,
});
export type StoreFile = z.infer<typeof StoreFile>;

/** A path as the store holds it now. */
export const StoreEntry = z.discriminatedUnion("type", [
  StoreFile,
  z.object({ type: z.literal("folder"), path: FilePath }),
  z.object({ type: z.literal("gone"), path: FilePath }),
]);
export type StoreEntry = z.infer<typeof StoreEntry>;

/**
 * The lines of a pull (NDJSON). It begins with `head`, and is complete only with `end`. A server that may not send
 * everything at once ends with `next`. `isWhole` says that the listing is of the whole project: what it does not name is
 * gone. It is so for `since=0`, and when the cursor is of another generation or older than the log.
 */
export const PullLine = z.discriminatedUnion("type", [
  z.object({ type: z.literal("head"), rev: Revision, gen: z.int().nonnegative(), isWhole: z.boolean() }),
  ...StoreEntry.options,
  z.object({ type: z.literal("end"), next: z.string().max(2000).optional() }),
]);
export type PullLine = z.infer<typeof PullLine>;

export const pullChanges = route({
  method: "get",
  path: "/api/sandbox-sync/{id}/changes",
  request: {
    params: inProject,
    query: z.object({
      since: counter.default(0),
      gen: counter.default(0),
      cursor: z.string().max(2000).optional().meta({ description: "`next` of the page before." }),
    }),
  },
  responses: {
    200: {
      description: "What has changed since, one line per path; may be compressed. Lines are `PullLine`.",
      content: { "application/x-ndjson": { schema: z.string() } },
    },
  },
});

/**
 * One change of the workspace. `base` is the hash that the store held when the workspace was last equal to it, null for
 * "nothing": the change is applied only if that still is so. A `put` without content names bytes that the project has
 * already (a renamed file), or that were uploaded before to the address of an `unknown` result.
 */
export const PushedChange = z.discriminatedUnion("op", [
  z.object({
    op: z.literal("put"),
    path: FilePath,
    base: ContentHash.nullable(),
    hash: ContentHash,
    size: z.int().nonnegative().max(maxSyncedBytes),
    mode: SyncMode,
    text: z.string().max(maxPushedBytes).optional(),
    data: z
      .base64()
      .max(maxPushedBytes * 2)
      .optional(),
  }),
  z.object({ op: z.literal("delete"), path: FilePath, base: ContentHash }),
  z.object({ op: z.literal("folder"), path: FilePath }),
  z.object({ op: z.literal("rmdir"), path: FilePath }),
]);
export type PushedChange = z.infer<typeof PushedChange>;

/**
 * What became of each change, in their order. `stale` carries what the store holds at the path (its content where it fits
 * inline). `unknown` asks for the content: the store does not have these bytes. `refused` will never work: the path or
 * the file stays in the sandbox, with the reason shown.
 */
export const PushResult = z.discriminatedUnion("status", [
  z.object({ status: z.literal("applied"), rev: Revision }),
  z.object({ status: z.literal("stale"), current: StoreEntry }),
  z.object({ status: z.literal("unknown"), upload: z.url().max(8192).optional() }),
  z.object({ status: z.literal("refused"), code: z.string().max(100), message: z.string().max(500) }),
]);
export type PushResult = z.infer<typeof PushResult>;

export const pushChanges = route({
  method: "post",
  path: "/api/sandbox-sync/{id}/changes",
  request: {
    params: inProject,
    body: body(
      z.object({
        gen: z.int().nonnegative(),
        changes: z.array(PushedChange).min(1).max(maxPushedChanges),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({ rev: Revision, gen: z.int().nonnegative(), results: z.array(PushResult).max(maxPushedChanges) }),
      "One result per change. Changes of one push are applied together where they fit one commit.",
    ),
    409: { description: "`reload_required`: the generation has changed. Pull first." },
  },
});
