import { z } from "zod";
import {
  Changed,
  ChangesSince,
  FileChange,
  FileContent,
  FileList,
  FilePath,
  FileVersion,
  maxChanges,
  PutFile,
  UndoRange,
} from "../file.ts";
import { ProjectID, Revision, Time, UploadID } from "../id.ts";
import { Started } from "../operation.ts";
import { body, counter, inProject, reply, route } from "../route.ts";

const ifMatch = z.object({
  "if-match": z
    .string()
    .regex(/^(?:W\/)?"?\d{1,15}"?$/, "must be a revision")
    .optional()
    .meta({ description: "The file revision that this change is based on. Without it the path must not exist." }),
});

export const listFiles = route({
  method: "get",
  path: "/api/projects/{id}/files",
  request: { params: inProject },
  responses: { 200: reply(FileList, "All files and empty folders.") },
});

/** `{path}` holds slashes, plain or encoded, and any line end of Unicode: Hono's router reads the expression, `/api/openapi.json` omits it. */
const filePath = "/api/projects/{id}/files/{path{[^]+}}";
const inFile = z.object({ id: ProjectID, path: FilePath });

export const getFile = route({
  method: "get",
  path: filePath,
  request: { params: inFile },
  responses: { 200: reply(FileContent, "The file; `ETag` is its revision.") },
});

export const putFile = route({
  method: "put",
  path: filePath,
  request: { params: inFile, headers: ifMatch, body: body(PutFile) },
  responses: { 200: reply(FileContent, "The updated entry; `content` if the server merged it.") },
});

export const patchFile = route({
  method: "patch",
  path: filePath,
  request: { params: inFile, headers: ifMatch, body: body(z.object({ path: FilePath })) },
  responses: {
    200: reply(Changed, "Moved, with everything in it."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});

export const deleteFile = route({
  method: "delete",
  path: filePath,
  request: { params: inFile, headers: ifMatch },
  responses: {
    200: reply(Changed, "Deleted, with everything in it."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});

export const commitFiles = route({
  method: "post",
  path: "/api/projects/{id}/changes",
  request: { params: inProject, body: body(z.object({ changes: z.array(FileChange).min(1).max(maxChanges) })) },
  responses: { 200: reply(z.object({ rev: Revision }), "All of the changes, or none.") },
});

export const changesSince = route({
  method: "get",
  path: "/api/projects/{id}/changes",
  request: {
    params: inProject,
    query: z.object({
      since: counter,
      gen: counter.optional(),
    }),
  },
  responses: { 200: reply(ChangesSince, "Every commit after that revision.") },
});

export const undoChanges = route({
  method: "post",
  path: "/api/projects/{id}/undo",
  request: {
    params: inProject,
    body: body(UndoRange.refine(({ from, to }) => from < to, { path: ["to"], message: "must be after from" })),
  },
  responses: {
    200: reply(Changed, "Undone, path by path. Undo is itself a commit, so it can be undone."),
    202: reply(Started, "Too large for one commit: it continues in the background."),
  },
});

const older = z.object({ before: Revision, path: z.string() });
export const listVersions = route({
  method: "get",
  path: "/api/projects/{id}/history",
  request: { params: inProject, query: z.object({ path: FilePath, before: counter.optional() }) },
  responses: {
    200: reply(
      z.object({
        versions: z.array(FileVersion),
        next: older.optional().meta({ description: "The query for older versions." }),
      }),
      "The versions of a text file, newest first, under the names that it had.",
    ),
  },
});

export const getVersion = route({
  method: "get",
  path: "/api/projects/{id}/history/{rev}",
  request: { params: inProject.extend({ rev: counter }), query: z.object({ path: FilePath }) },
  responses: { 200: reply(z.object({ content: z.string() }), "A file as a commit left it.") },
});

export const createUpload = route({
  method: "post",
  path: "/api/uploads",
  request: {
    body: body(
      z.object({
        projectId: ProjectID,
        size: z
          .int()
          .nonnegative()
          .max(100 * 1024 * 1024),
        type: z.string().max(200).optional(),
      }),
    ),
  },
  responses: {
    201: reply(
      z.object({ id: UploadID, url: z.string(), headers: z.record(z.string(), z.string()), expiresAt: Time }),
      "PUT the bytes to `url` with `headers`, then put the file with `{upload: id}`.",
    ),
  },
});
