import { z } from "zod";
import { FilePath } from "../file.ts";
import {
  Choice,
  ExportRequest,
  GitHubConnection,
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
  responses: { 200: reply(GitHubConnection, "The deployment's GitHub, and whom the person is there.") },
});

export const connectGitHub = route({
  method: "post",
  path: "/api/github/connection",
  request: {
    body: body(z.object({ returnTo: z.string().max(2000).default("/"), workflow: z.boolean().default(false) })),
  },
  responses: {
    200: reply(z.object({ url: z.string() }), "Where to go: GitHub asks there, and comes back to `returnTo`."),
  },
});

export const disconnectGitHub = route({
  method: "delete",
  path: "/api/github/connection",
  responses: {
    200: reply(z.object({ revoked: z.boolean() }), "Forgotten here; `revoked` says whether GitHub forgot it too."),
  },
});

const begun = z.object({ projectId: ProjectID, transferId: TransferID });

export const importRepository = route({
  method: "post",
  path: "/api/github/import",
  request: { body: body(z.object({ url: SourceURL })) },
  responses: { 200: reply(begun, "A new project, which fills; `transferId` says how far it is.") },
});

export const exportProject = route({
  method: "post",
  path: "/api/github/export",
  request: { body: body(ExportRequest) },
  responses: { 200: reply(begun, "Begun: a branch with a pull request, or a new repository.") },
});

const ofProject = body(z.object({ projectId: ProjectID }));

export const cancelExport = route({
  method: "post",
  path: "/api/github/export/cancel",
  request: { body: ofProject },
  responses: { 200: reply(ok, "Whatever was going on with GitHub has stopped; nothing is no error.") },
});

export const resetExport = route({
  method: "post",
  path: "/api/github/export/reset",
  request: { body: ofProject },
  responses: { 200: reply(ok, "What has ended is put aside.") },
});

export const pullSource = route({
  method: "post",
  path: "/api/github/pull",
  request: { body: ofProject },
  responses: { 200: reply(begun, "Begun: what is new in the repository comes into the project.") },
});

export const getTransfer = route({
  method: "get",
  path: "/api/transfers/{id}",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "As it is now.") },
});

export const cancelTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/cancel",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "Stopped. A cancelled import takes its project with it.") },
});

export const retryTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/retry",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(begun, "The same again, as a transfer of its own; what was done is not done twice.") },
});

export const answerTransfer = route({
  method: "post",
  path: "/api/transfers/{id}/answer",
  request: {
    params: z.object({ id: TransferID }),
    body: body(z.object({ choices: z.record(z.string(), Choice) })),
  },
  responses: { 200: reply(Transfer, "It goes on.") },
});

export const getConflict = route({
  method: "get",
  path: "/api/transfers/{id}/conflict",
  request: { params: z.object({ id: TransferID }), query: z.object({ path: FilePath }) },
  responses: {
    200: reply(
      z.object({ base: z.string().optional(), mine: z.string().optional(), theirs: z.string().optional() }),
      "The texts of the three sides; absent for nothing, or for bytes.",
    ),
  },
});

export const getSource = route({
  method: "get",
  path: "/api/projects/{id}/source",
  request: { params: inProject },
  responses: { 200: reply(SourceState, "Where the project comes from, and what has changed since.") },
});

export const getSourceFile = route({
  method: "get",
  path: "/api/projects/{id}/source/file",
  request: { params: inProject, query: z.object({ path: FilePath }) },
  responses: {
    200: reply(
      z.object({ base: z.string().optional(), content: z.string().optional() }),
      "The text as it was in step with the repository, and as it is now.",
    ),
  },
});

export const getSkipped = route({
  method: "get",
  path: "/api/projects/{id}/source/skipped",
  request: { params: inProject },
  responses: { 200: reply(z.object({ skipped: z.array(Skipped) }), "What of the repository is not in the project.") },
});

export const draftPullRequest = route({
  method: "get",
  path: "/api/projects/{id}/source/draft",
  request: { params: inProject },
  responses: { 200: reply(PullRequestDraft, "A title and text from what the agent was asked and said.") },
});
