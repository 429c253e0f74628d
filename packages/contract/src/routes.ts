import { createRoute, z } from "@hono/zod-openapi";
import { Archive } from "./archive.ts";
import { Completion, CompletionRequest, QuickEdit, QuickEditRequest } from "./assist.ts";
import { Conversation, maxAttachments, Message, Prompt, SendMode } from "./conversation.ts";
import {
  ChangesSince,
  Checkpoint,
  FileChange,
  FileContent,
  FileEntry,
  FileList,
  FilePath,
  FoundFile,
  maxChanges,
  PutFile,
  SearchQuery,
  Undone,
  UndoRange,
} from "./file.ts";
import {
  ApprovalID,
  ArchiveID,
  ConversationID,
  GrantID,
  MessageID,
  ProjectID,
  Revision,
  RunID,
  Time,
  TransferID,
  UploadID,
  UserID,
} from "./id.ts";
import {
  Choice,
  ExportRequest,
  GitHubConnection,
  PullRequestDraft,
  Skipped,
  SourceState,
  SourceURL,
  Transfer,
} from "./github.ts";
import { Model } from "./model.ts";
import { Project, ProjectName, ProjectSettings } from "./project.ts";
import { ReviewedFile, RunChange } from "./review.ts";
import { Approval, ApprovalScope, PendingApproval, Run, RunEvents } from "./run.ts";
import { AuditEntry, Person, PersonChange, PlanLimits, Usage, UsageHistory, User, UserName } from "./user.ts";

/**
 * Every route of the API: method, path, inputs and successful replies. `functions` answers them, `web` calls them
 * through their types, and `/api/openapi.json` prints them. Errors are `ErrorBody` on every route.
 */

function reply<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

const ok = z.object({ ok: z.literal(true) });
const inProject = z.object({ id: ProjectID });
const inConversation = z.object({ id: ConversationID });
const inRun = z.object({ id: RunID });
const cursor = z.string().max(2000).optional();
const ifMatch = z.object({
  "if-match": z
    .string()
    .regex(/^(?:W\/)?"?\d{1,15}"?$/, "must be a revision")
    .optional()
    .meta({ description: "The revision of the file that this change is based on. Without it nothing may be there." }),
});

/* People and plan */

export const health = createRoute({
  method: "get",
  path: "/api/health",
  responses: { 200: reply(ok, "Ready.") },
});

export const me = createRoute({
  method: "get",
  path: "/api/me",
  responses: { 200: reply(User, "Who is signed in.") },
});

export const updateMe = createRoute({
  method: "patch",
  path: "/api/me",
  request: { body: body(z.object({ name: UserName })) },
  responses: { 200: reply(User, "As it is now.") },
});

export const signOutEverywhere = createRoute({
  method: "post",
  path: "/api/me/sign-out-everywhere",
  responses: { 200: reply(ok, "No login of the person is good any more, this one included.") },
});

export const usageHistory = createRoute({
  method: "get",
  path: "/api/me/usage",
  responses: { 200: reply(UsageHistory, "Month by month.") },
});

export const askForPro = createRoute({
  method: "post",
  path: "/api/me/plan-request",
  responses: { 200: reply(UsageHistory, "The admins see it; asking again changes nothing.") },
});

export const usage = createRoute({
  method: "get",
  path: "/api/agent/usage",
  responses: { 200: reply(Usage, "Runs of this month.") },
});

export const models = createRoute({
  method: "get",
  path: "/api/agent/models",
  responses: { 200: reply(z.object({ models: z.array(Model) }), "The models that a project can choose.") },
});

export const socketTicket = createRoute({
  method: "post",
  path: "/api/socket-tickets",
  responses: {
    200: reply(z.object({ ticket: z.string(), url: z.string() }), "Good once, for 30 s, as `?ticket=` of the URL."),
  },
});

/* Admins */

export const listPeople = createRoute({
  method: "get",
  path: "/api/admin/people",
  request: { query: z.object({ cursor }) },
  responses: {
    200: reply(z.object({ people: z.array(Person), cursor: z.string().optional() }), "Everyone, newest first."),
  },
});

export const changePerson = createRoute({
  method: "patch",
  path: "/api/admin/people/{id}",
  request: { params: z.object({ id: UserID }), body: body(PersonChange) },
  responses: { 200: reply(Person, "As it is now; the audit has a line of it.") },
});

export const getLimits = createRoute({
  method: "get",
  path: "/api/admin/limits",
  responses: { 200: reply(PlanLimits, "Runs a month of each plan.") },
});

export const putLimits = createRoute({
  method: "put",
  path: "/api/admin/limits",
  request: { body: body(PlanLimits) },
  responses: { 200: reply(PlanLimits, "As it is now; the audit has a line of it.") },
});

export const listAudit = createRoute({
  method: "get",
  path: "/api/admin/audit",
  request: { query: z.object({ cursor }) },
  responses: {
    200: reply(z.object({ entries: z.array(AuditEntry), cursor: z.string().optional() }), "Newest first."),
  },
});

/* Projects */

export const createWithPrompt = createRoute({
  method: "post",
  path: "/api/projects/create-with-prompt",
  request: { body: body(z.object({ prompt: Prompt, model: z.string().max(200).optional() })) },
  responses: {
    200: reply(
      z.object({ projectId: ProjectID, conversationId: ConversationID, messageId: MessageID, runId: RunID }),
      "The project and the run that fills it.",
    ),
  },
});

export const listProjects = createRoute({
  method: "get",
  path: "/api/projects",
  request: { query: z.object({ cursor, limit: z.coerce.number().int().min(1).max(100).optional() }) },
  responses: {
    200: reply(z.object({ projects: z.array(Project), cursor: z.string().optional() }), "By last activity."),
  },
});

export const createProject = createRoute({
  method: "post",
  path: "/api/projects",
  request: { body: body(z.object({ name: ProjectName.optional() })) },
  responses: { 201: reply(Project, "An empty project.") },
});

export const getProject = createRoute({
  method: "get",
  path: "/api/projects/{id}",
  request: { params: inProject },
  responses: { 200: reply(Project, "The project.") },
});

export const updateProject = createRoute({
  method: "patch",
  path: "/api/projects/{id}",
  request: {
    params: inProject,
    body: body(z.object({ name: ProjectName.optional(), settings: ProjectSettings.partial().optional() })),
  },
  responses: { 200: reply(Project, "As it is now.") },
});

export const removeProject = createRoute({
  method: "delete",
  path: "/api/projects/{id}",
  request: { params: inProject },
  responses: { 200: reply(ok, "Gone; its files and blobs are purged in the background.") },
});

/* Files */

export const listFiles = createRoute({
  method: "get",
  path: "/api/projects/{id}/files",
  request: { params: inProject },
  responses: { 200: reply(FileList, "All files and empty folders.") },
});

/** `{path}` holds slashes, plain or encoded: Hono's router reads the expression, `/api/openapi.json` leaves it out. */
const filePath = "/api/projects/{id}/files/{path{.+}}";
const inFile = z.object({ id: ProjectID, path: FilePath });

export const getFile = createRoute({
  method: "get",
  path: filePath,
  request: { params: inFile },
  responses: { 200: reply(FileContent, "The file; `ETag` is its revision.") },
});

export const putFile = createRoute({
  method: "put",
  path: filePath,
  request: { params: inFile, headers: ifMatch, body: body(PutFile) },
  responses: { 200: reply(FileEntry, "As it is now.") },
});

export const patchFile = createRoute({
  method: "patch",
  path: filePath,
  request: { params: inFile, headers: ifMatch, body: body(z.object({ path: FilePath })) },
  responses: {
    200: reply(
      z.object({ rev: Revision, path: z.string(), undo: UndoRange }),
      "Renamed or moved, with all it holds; `undo` takes it back.",
    ),
  },
});

export const deleteFile = createRoute({
  method: "delete",
  path: filePath,
  request: { params: inFile, headers: ifMatch },
  responses: {
    200: reply(z.object({ rev: Revision, undo: UndoRange }), "Deleted, with all it held; `undo` takes it back."),
  },
});

export const commitFiles = createRoute({
  method: "post",
  path: "/api/projects/{id}/changes",
  request: { params: inProject, body: body(z.object({ changes: z.array(FileChange).min(1).max(maxChanges) })) },
  responses: { 200: reply(z.object({ rev: Revision }), "All of them, or none.") },
});

export const changesSince = createRoute({
  method: "get",
  path: "/api/projects/{id}/changes",
  request: {
    params: inProject,
    query: z.object({
      since: z.coerce.number().int().nonnegative(),
      gen: z.coerce.number().int().nonnegative().optional(),
    }),
  },
  responses: { 200: reply(ChangesSince, "Every commit after that revision.") },
});

export const undoChanges = createRoute({
  method: "post",
  path: "/api/projects/{id}/undo",
  request: { params: inProject, body: body(UndoRange) },
  responses: { 200: reply(Undone, "Taken back, path by path, by commits like any others.") },
});

export const searchFiles = createRoute({
  method: "get",
  path: "/api/projects/{id}/search",
  request: {
    params: inProject,
    query: SearchQuery.extend({ replacement: z.string().max(10_000).optional(), cursor }),
  },
  responses: {
    200: reply(
      z.object({ files: z.array(FoundFile), searched: z.int(), cursor: z.string().optional() }),
      "A page of the files that match, by path; `cursor` leads on. With `replacement`, what would stand there.",
    ),
  },
});

export const replaceInFiles = createRoute({
  method: "post",
  path: "/api/projects/{id}/replace",
  request: {
    params: inProject,
    body: body(
      SearchQuery.extend({
        replacement: z.string().max(10_000),
        files: z
          .array(z.object({ path: FilePath, rev: Revision }))
          .min(1)
          .max(maxChanges - 1),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({ replaced: z.int(), files: z.array(z.string()), stale: z.array(z.string()), undo: UndoRange }),
      "Every match in these files, in one commit; those that have changed since are `stale` and left alone.",
    ),
  },
});

export const createArchive = createRoute({
  method: "post",
  path: "/api/projects/{id}/archives",
  request: { params: inProject },
  responses: { 201: reply(Archive, "Begun; ask for it until it is ready.") },
});

export const getArchive = createRoute({
  method: "get",
  path: "/api/archives/{id}",
  request: { params: z.object({ id: ArchiveID }) },
  responses: { 200: reply(Archive, "How far it is, and where it is read.") },
});

export const listCheckpoints = createRoute({
  method: "get",
  path: "/api/projects/{id}/checkpoints",
  request: { params: inProject },
  responses: { 200: reply(z.object({ checkpoints: z.array(Checkpoint) }), "Newest first.") },
});

export const createCheckpoint = createRoute({
  method: "post",
  path: "/api/projects/{id}/checkpoints",
  request: { params: inProject, body: body(z.object({ label: z.string().trim().min(1).max(200) })) },
  responses: { 201: reply(Checkpoint, "All files as they are now.") },
});

export const restoreCheckpoint = createRoute({
  method: "post",
  path: "/api/projects/{id}/restore",
  request: { params: inProject, body: body(z.object({ rev: Revision })) },
  responses: {
    200: reply(
      z.object({ rev: Revision, undo: Revision.meta({ description: "Checkpoint of how it was before." }) }),
      "All files as they were then.",
    ),
  },
});

export const createUpload = createRoute({
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

/* Conversations and runs */

export const listConversations = createRoute({
  method: "get",
  path: "/api/projects/{id}/conversations",
  request: { params: inProject },
  responses: { 200: reply(z.object({ conversations: z.array(Conversation) }), "Newest activity first.") },
});

export const createConversation = createRoute({
  method: "post",
  path: "/api/projects/{id}/conversations",
  request: { params: inProject },
  responses: { 201: reply(Conversation, "An empty conversation.") },
});

export const getConversation = createRoute({
  method: "get",
  path: "/api/conversations/{id}",
  request: { params: inConversation },
  responses: { 200: reply(Conversation, "The conversation.") },
});

export const renameConversation = createRoute({
  method: "patch",
  path: "/api/conversations/{id}",
  request: { params: inConversation, body: body(z.object({ title: z.string().trim().min(1).max(200) })) },
  responses: { 200: reply(Conversation, "As it is now.") },
});

export const removeConversation = createRoute({
  method: "delete",
  path: "/api/conversations/{id}",
  request: { params: inConversation },
  responses: { 200: reply(ok, "Gone.") },
});

export const listMessages = createRoute({
  method: "get",
  path: "/api/conversations/{id}/messages",
  request: {
    params: inConversation,
    query: z.object({ cursor, limit: z.coerce.number().int().min(1).max(200).optional() }),
  },
  responses: {
    200: reply(
      z.object({ messages: z.array(Message), cursor: z.string().optional() }),
      "Oldest first within the page; the first page holds the newest, `cursor` leads to older ones.",
    ),
  },
});

export const sendMessage = createRoute({
  method: "post",
  path: "/api/messages",
  request: {
    body: body(
      z.object({
        conversationId: ConversationID,
        message: Prompt,
        mode: SendMode.default("replace"),
        attachments: z
          .array(z.object({ upload: UploadID, name: z.string().trim().min(1).max(255) }))
          .max(maxAttachments)
          .optional()
          .meta({ description: "Finished uploads of `POST /api/uploads`: images and text, for the model alone." }),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({
        userMessageId: MessageID,
        messageId: MessageID.meta({ description: "The assistant's; with `steer`, that of the run that was joined." }),
        runId: RunID,
      }),
      "Accepted.",
    ),
  },
});

export const cancelMessages = createRoute({
  method: "post",
  path: "/api/messages/cancel",
  request: { body: body(z.object({ projectId: ProjectID })) },
  responses: { 200: reply(z.object({ cancelled: z.array(MessageID) }), "What was stopped; none is no error.") },
});

export const getRun = createRoute({
  method: "get",
  path: "/api/runs/{id}",
  request: { params: inRun },
  responses: { 200: reply(Run, "The run.") },
});

export const runEvents = createRoute({
  method: "get",
  path: "/api/runs/{id}/events",
  request: {
    params: inRun,
    query: z.object({ after: z.coerce.number().int().nonnegative().default(0) }),
  },
  responses: { 200: reply(RunEvents, "Durable events after that number.") },
});

export const runChanges = createRoute({
  method: "get",
  path: "/api/runs/{id}/changes",
  request: { params: inRun },
  responses: { 200: reply(z.object({ files: z.array(RunChange) }), "What the run changed, path by path.") },
});

export const runChange = createRoute({
  method: "get",
  path: "/api/runs/{id}/changes/{path{.+}}",
  request: { params: z.object({ id: RunID, path: FilePath }) },
  responses: { 200: reply(ReviewedFile, "The two sides of one change.") },
});

export const acceptChange = createRoute({
  method: "post",
  path: "/api/runs/{id}/accept",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        base: z.string().optional().meta({ description: "What it was, with the accepted part; without: all of it." }),
      }),
    ),
  },
  responses: { 200: reply(ok, "From now on compared with that.") },
});

export const rejectChange = createRoute({
  method: "post",
  path: "/api/runs/{id}/reject",
  request: {
    params: inRun,
    body: body(
      z.object({
        path: FilePath,
        content: z.string().meta({ description: "The file without the part." }),
        rev: Revision,
        diff: z.string().max(20_000).meta({ description: "The part, for the model." }),
      }),
    ),
  },
  responses: {
    200: reply(z.object({ rev: Revision, undo: UndoRange }), "Taken back; the model hears of it on its next turn."),
  },
});

export const revertRun = createRoute({
  method: "post",
  path: "/api/runs/{id}/revert",
  request: { params: inRun, body: body(z.object({ paths: z.array(FilePath).min(1).max(1000).optional() })) },
  responses: { 200: reply(Undone, "All that the run did, or these files of it, is taken back.") },
});

export const restoreRun = createRoute({
  method: "post",
  path: "/api/runs/{id}/restore",
  request: { params: inRun },
  responses: { 200: reply(Undone, "The whole project is as it was before the run, whoever changed it since.") },
});

export const listApprovals = createRoute({
  method: "get",
  path: "/api/approvals",
  responses: {
    200: reply(z.object({ approvals: z.array(PendingApproval) }), "Every question that waits for the person."),
  },
});

export const answerApproval = createRoute({
  method: "post",
  path: "/api/runs/{id}/approvals/{approvalId}",
  request: {
    params: z.object({ id: RunID, approvalId: ApprovalID }),
    body: body(z.object({ answer: z.enum(["allow", "deny"]), scope: ApprovalScope.default("once") })),
  },
  responses: { 200: reply(Approval, "Answered; the run goes on.") },
});

const Grant = z
  .object({
    id: GrantID,
    tool: z.string(),
    answer: z.enum(["allow", "deny"]),
    conversationId: ConversationID.optional(),
    createdAt: Time,
  })
  .meta({ id: "Grant", description: "A lasting answer for a tool: in one conversation, or in the whole project." });

export const listGrants = createRoute({
  method: "get",
  path: "/api/projects/{id}/grants",
  request: { params: inProject },
  responses: { 200: reply(z.object({ grants: z.array(Grant) }), "Every lasting answer.") },
});

export const revokeGrant = createRoute({
  method: "delete",
  path: "/api/projects/{id}/grants/{grantId}",
  request: { params: z.object({ id: ProjectID, grantId: GrantID }) },
  responses: { 200: reply(ok, "Asked again from now on.") },
});

/* GitHub */

export const getConnection = createRoute({
  method: "get",
  path: "/api/github/connection",
  responses: { 200: reply(GitHubConnection, "The deployment's GitHub, and whom the person is there.") },
});

export const connectGitHub = createRoute({
  method: "post",
  path: "/api/github/connection",
  request: {
    body: body(z.object({ returnTo: z.string().max(2000).default("/"), workflow: z.boolean().default(false) })),
  },
  responses: {
    200: reply(z.object({ url: z.string() }), "Where to go: GitHub asks there, and comes back to `returnTo`."),
  },
});

export const disconnectGitHub = createRoute({
  method: "delete",
  path: "/api/github/connection",
  responses: {
    200: reply(z.object({ revoked: z.boolean() }), "Forgotten here; `revoked` says whether GitHub forgot it too."),
  },
});

const begun = z.object({ projectId: ProjectID, transferId: TransferID });

export const importRepository = createRoute({
  method: "post",
  path: "/api/github/import",
  request: { body: body(z.object({ url: SourceURL })) },
  responses: { 200: reply(begun, "A new project, which fills; `transferId` says how far it is.") },
});

export const exportProject = createRoute({
  method: "post",
  path: "/api/github/export",
  request: { body: body(ExportRequest) },
  responses: { 200: reply(begun, "Begun: a branch with a pull request, or a new repository.") },
});

const ofProject = body(z.object({ projectId: ProjectID }));

export const cancelExport = createRoute({
  method: "post",
  path: "/api/github/export/cancel",
  request: { body: ofProject },
  responses: { 200: reply(ok, "Whatever was going on with GitHub has stopped; nothing is no error.") },
});

export const resetExport = createRoute({
  method: "post",
  path: "/api/github/export/reset",
  request: { body: ofProject },
  responses: { 200: reply(ok, "What has ended is put aside.") },
});

export const pullSource = createRoute({
  method: "post",
  path: "/api/github/pull",
  request: { body: ofProject },
  responses: { 200: reply(begun, "Begun: what is new in the repository comes into the project.") },
});

export const getTransfer = createRoute({
  method: "get",
  path: "/api/transfers/{id}",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "As it is now.") },
});

export const cancelTransfer = createRoute({
  method: "post",
  path: "/api/transfers/{id}/cancel",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(Transfer, "Stopped. A cancelled import takes its project with it.") },
});

export const retryTransfer = createRoute({
  method: "post",
  path: "/api/transfers/{id}/retry",
  request: { params: z.object({ id: TransferID }) },
  responses: { 200: reply(begun, "The same again, as a transfer of its own; what was done is not done twice.") },
});

export const answerTransfer = createRoute({
  method: "post",
  path: "/api/transfers/{id}/answer",
  request: {
    params: z.object({ id: TransferID }),
    body: body(z.object({ choices: z.record(z.string(), Choice) })),
  },
  responses: { 200: reply(Transfer, "It goes on.") },
});

export const getConflict = createRoute({
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

export const getSource = createRoute({
  method: "get",
  path: "/api/projects/{id}/source",
  request: { params: inProject },
  responses: { 200: reply(SourceState, "Where the project comes from, and what has changed since.") },
});

export const getSourceFile = createRoute({
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

export const getSkipped = createRoute({
  method: "get",
  path: "/api/projects/{id}/source/skipped",
  request: { params: inProject },
  responses: { 200: reply(z.object({ skipped: z.array(Skipped) }), "What of the repository is not in the project.") },
});

export const draftPullRequest = createRoute({
  method: "get",
  path: "/api/projects/{id}/source/draft",
  request: { params: inProject },
  responses: { 200: reply(PullRequestDraft, "A title and text from what the agent was asked and said.") },
});

/* Help in the editor: a function of its own, metered apart from runs */

export const complete = createRoute({
  method: "post",
  path: "/api/assist/complete",
  request: { body: body(CompletionRequest) },
  responses: { 200: reply(Completion, "What might stand at the cursor; empty for nothing.") },
});

export const quickEdit = createRoute({
  method: "post",
  path: "/api/assist/edit",
  request: { body: body(QuickEditRequest) },
  responses: { 200: reply(QuickEdit, "What the selection would become.") },
});
