import { z } from "zod";
import { FilePath, UndoRange } from "../file.ts";
import {
  BranchName,
  Choice,
  ExportRequest,
  GitHubConnection,
  IncomingFolder,
  maxDiscarded,
  OwnRepository,
  PullRequestDraft,
  Skipped,
  SourceState,
  SourceURL,
  Transfer,
} from "../github.ts";
import { ProjectID, TransferID } from "../id.ts";
import { body, inProject, ok, reply, route } from "../route.ts";

export const getConnection = route({
  method: "get",
  path: "/api/github/connection",
  responses: { 200: reply(GitHubConnection, "The deployment's GitHub, and the person's account there.") },
});

export const connectGitHub = route({
  method: "post",
  path: "/api/github/connection",
  request: {
    body: body(z.object({ returnTo: z.string().max(2000).default("/"), workflow: z.boolean().default(false) })),
  },
  responses: {
    200: reply(z.object({ url: z.string() }), "Where to redirect. GitHub asks for consent and returns to `returnTo`."),
  },
});

export const disconnectGitHub = route({
  method: "delete",
  path: "/api/github/connection",
  responses: {
    200: reply(z.object({ revoked: z.boolean() }), "The token is deleted. `revoked`: GitHub has revoked it too."),
  },
});

const begun = z.object({ projectId: ProjectID, transferId: TransferID });

export const importRepository = route({
  method: "post",
  path: "/api/github/import",
  request: { body: body(z.object({ url: SourceURL })) },
  responses: { 200: reply(begun, "A new project; `transferId` shows the progress of the import.") },
});

export const exportProject = route({
  method: "post",
  path: "/api/github/export",
  request: { body: body(ExportRequest) },
  responses: { 200: reply(begun, "Started: a branch with a pull request, or a new repository.") },
});

export const listRepositories = route({
  method: "get",
  path: "/api/github/repositories",
  responses: {
    200: reply(
      z.object({ repositories: z.array(OwnRepository), isComplete: z.boolean() }),
      "What the person may see on GitHub, latest push first; not complete past 300. Empty until connected.",
    ),
  },
});

const ofProject = body(z.object({ projectId: ProjectID }));

export const cancelExport = route({
  method: "post",
  path: "/api/github/export/cancel",
  request: { body: ofProject },
  responses: { 200: reply(ok, "Cancels what is running. Idempotent.") },
});

export const resetExport = route({
  method: "post",
  path: "/api/github/export/reset",
  request: { body: ofProject },
  responses: { 200: reply(ok, "The ended transfer is dismissed.") },
});

export const pullSource = route({
  method: "post",
  path: "/api/github/pull",
  request: { body: body(z.object({ projectId: ProjectID, branch: BranchName.optional() })) },
  responses: {
    200: reply(begun, "Started: merges the branch into the project. Another branch becomes the project's branch."),
  },
});

export const getTransfer = route({
  method: "get",
  path: "/api/transfers/{id}",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "The transfer.") },
});

export const cancelTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/cancel",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "Cancelled. A cancelled import deletes its project.") },
});

export const retryTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/retry",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(begun, "A new transfer that repeats the failed one. Completed work is not repeated.") },
});

export const answerTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/answer",
  request: {
    params: z.object({ id: TransferID }),
    body: body(z.object({ choices: z.record(z.string(), Choice) })),
  },
  responses: { 200: reply(Transfer, "The transfer resumes.") },
});

export const getConflict = route({
  method: "get",
  path: "/api/transfers/{id}/conflict",
  request: { params: z.object({ id: TransferID }), query: z.object({ path: FilePath }) },
  responses: {
    200: reply(
      z.object({ base: z.string().optional(), mine: z.string().optional(), theirs: z.string().optional() }),
      "The texts of the three sides. Absent if there is no file, or it is binary.",
    ),
  },
});

export const getSource = route({
  method: "get",
  path: "/api/projects/{id}/source",
  request: { params: inProject },
  responses: { 200: reply(SourceState, "The project's origin, and what has changed since.") },
});

export const listIncoming = route({
  method: "get",
  path: "/api/projects/{id}/source/incoming",
  request: { params: inProject, query: z.object({ folder: z.union([z.literal(""), FilePath]).default("") }) },
  responses: {
    200: reply(
      IncomingFolder,
      "A folder of the repository while it is imported, empty afterwards; not complete past 500 entries.",
    ),
  },
});

export const refreshSource = route({
  method: "post",
  path: "/api/projects/{id}/source/refresh",
  request: { params: inProject },
  responses: { 200: reply(SourceState, "As `getSource`, after a look at the pull request on GitHub.") },
});

export const listBranches = route({
  method: "get",
  path: "/api/projects/{id}/source/branches",
  request: { params: inProject },
  responses: {
    200: reply(
      z.object({ branches: z.array(z.string()), isComplete: z.boolean() }),
      "Branches of the source repository; not complete past 300.",
    ),
  },
});

export const discardChanges = route({
  method: "post",
  path: "/api/projects/{id}/source/discard",
  request: { params: inProject, body: body(z.object({ paths: z.array(FilePath).min(1).max(maxDiscarded) })) },
  responses: { 200: reply(z.object({ undo: UndoRange }), "The files are as they were at the last sync.") },
});

export const getSourceFile = route({
  method: "get",
  path: "/api/projects/{id}/source/file",
  request: { params: inProject, query: z.object({ path: FilePath }) },
  responses: {
    200: reply(
      z.object({ base: z.string().optional(), content: z.string().optional() }),
      "The text of the last common commit, and the current one.",
    ),
  },
});

export const getSkipped = route({
  method: "get",
  path: "/api/projects/{id}/source/skipped",
  request: { params: inProject },
  responses: {
    200: reply(z.object({ skipped: z.array(Skipped) }), "Entries of the repository that are not in the project."),
  },
});

export const draftPullRequest = route({
  method: "get",
  path: "/api/projects/{id}/source/draft",
  request: { params: inProject },
  responses: { 200: reply(PullRequestDraft, "A title and description drafted from the conversations.") },
});
