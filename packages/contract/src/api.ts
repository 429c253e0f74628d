import type { OpenAPIHono } from "@hono/zod-openapi";
import * as admin from "./routes/admin.ts";
import * as approval from "./routes/approval.ts";
import * as archive from "./routes/archive.ts";
import * as assist from "./routes/assist.ts";
import * as checkpoint from "./routes/checkpoint.ts";
import * as conversation from "./routes/conversation.ts";
import * as file from "./routes/file.ts";
import * as github from "./routes/github.ts";
import * as operation from "./routes/operation.ts";
import * as project from "./routes/project.ts";
import * as review from "./routes/review.ts";
import * as run from "./routes/run.ts";
import * as search from "./routes/search.ts";
import * as service from "./routes/service.ts";
import * as user from "./routes/user.ts";

/**
 * The type that `hc<Api>()` of `hono/client` turns into a client. The function below exists for its type alone and is
 * never called, so a client bundles neither routes nor schemas.
 */
export type Api = ReturnType<typeof describe>;

declare const app: OpenAPIHono;
declare const answer: never;

function describe() {
  return app
    .openapi(service.health, answer)
    .openapi(user.me, answer)
    .openapi(user.updateMe, answer)
    .openapi(user.signOutEverywhere, answer)
    .openapi(user.usageHistory, answer)
    .openapi(user.askForPro, answer)
    .openapi(user.usage, answer)
    .openapi(service.models, answer)
    .openapi(service.socketTicket, answer)
    .openapi(admin.listPeople, answer)
    .openapi(admin.changePerson, answer)
    .openapi(admin.getLimits, answer)
    .openapi(admin.putLimits, answer)
    .openapi(admin.listAudit, answer)
    .openapi(project.createWithPrompt, answer)
    .openapi(project.listProjects, answer)
    .openapi(project.createProject, answer)
    .openapi(project.getProject, answer)
    .openapi(project.updateProject, answer)
    .openapi(project.removeProject, answer)
    .openapi(file.listFiles, answer)
    .openapi(file.getFile, answer)
    .openapi(file.putFile, answer)
    .openapi(file.patchFile, answer)
    .openapi(file.deleteFile, answer)
    .openapi(file.commitFiles, answer)
    .openapi(file.changesSince, answer)
    .openapi(file.undoChanges, answer)
    .openapi(search.searchFiles, answer)
    .openapi(search.replaceInFiles, answer)
    .openapi(archive.createArchive, answer)
    .openapi(archive.getArchive, answer)
    .openapi(checkpoint.listCheckpoints, answer)
    .openapi(checkpoint.createCheckpoint, answer)
    .openapi(checkpoint.restoreCheckpoint, answer)
    .openapi(file.createUpload, answer)
    .openapi(operation.getOperation, answer)
    .openapi(operation.cancelOperation, answer)
    .openapi(conversation.listConversations, answer)
    .openapi(conversation.createConversation, answer)
    .openapi(conversation.getConversation, answer)
    .openapi(conversation.renameConversation, answer)
    .openapi(conversation.removeConversation, answer)
    .openapi(conversation.listMessages, answer)
    .openapi(conversation.sendMessage, answer)
    .openapi(conversation.cancelMessages, answer)
    .openapi(run.getRun, answer)
    .openapi(run.runEvents, answer)
    .openapi(review.runChanges, answer)
    .openapi(review.runChange, answer)
    .openapi(review.acceptChange, answer)
    .openapi(review.rejectChange, answer)
    .openapi(review.revertRun, answer)
    .openapi(review.restoreRun, answer)
    .openapi(approval.listApprovals, answer)
    .openapi(approval.answerApproval, answer)
    .openapi(approval.listGrants, answer)
    .openapi(approval.revokeGrant, answer)
    .openapi(github.getConnection, answer)
    .openapi(github.connectGitHub, answer)
    .openapi(github.disconnectGitHub, answer)
    .openapi(github.importRepository, answer)
    .openapi(github.exportProject, answer)
    .openapi(github.cancelExport, answer)
    .openapi(github.resetExport, answer)
    .openapi(github.pullSource, answer)
    .openapi(github.getTransfer, answer)
    .openapi(github.cancelTransfer, answer)
    .openapi(github.retryTransfer, answer)
    .openapi(github.answerTransfer, answer)
    .openapi(github.getConflict, answer)
    .openapi(github.getSource, answer)
    .openapi(github.getSourceFile, answer)
    .openapi(github.getSkipped, answer)
    .openapi(github.draftPullRequest, answer)
    .openapi(assist.complete, answer)
    .openapi(assist.quickEdit, answer);
}
