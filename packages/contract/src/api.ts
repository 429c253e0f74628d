import type { OpenAPIHono } from "@hono/zod-openapi";
import * as routes from "./routes.ts";

/**
 * The type that `hc<Api>()` of `hono/client` turns into a client. The function below exists for its type alone and is
 * never called, so a client bundles neither routes nor schemas.
 */
export type Api = ReturnType<typeof describe>;

declare const app: OpenAPIHono;
declare const answer: never;

function describe() {
  return app
    .openapi(routes.health, answer)
    .openapi(routes.me, answer)
    .openapi(routes.updateMe, answer)
    .openapi(routes.signOutEverywhere, answer)
    .openapi(routes.usageHistory, answer)
    .openapi(routes.askForPro, answer)
    .openapi(routes.usage, answer)
    .openapi(routes.models, answer)
    .openapi(routes.socketTicket, answer)
    .openapi(routes.listPeople, answer)
    .openapi(routes.changePerson, answer)
    .openapi(routes.getLimits, answer)
    .openapi(routes.putLimits, answer)
    .openapi(routes.listAudit, answer)
    .openapi(routes.createWithPrompt, answer)
    .openapi(routes.listProjects, answer)
    .openapi(routes.createProject, answer)
    .openapi(routes.getProject, answer)
    .openapi(routes.updateProject, answer)
    .openapi(routes.removeProject, answer)
    .openapi(routes.listFiles, answer)
    .openapi(routes.getFile, answer)
    .openapi(routes.putFile, answer)
    .openapi(routes.patchFile, answer)
    .openapi(routes.deleteFile, answer)
    .openapi(routes.commitFiles, answer)
    .openapi(routes.changesSince, answer)
    .openapi(routes.undoChanges, answer)
    .openapi(routes.searchFiles, answer)
    .openapi(routes.replaceInFiles, answer)
    .openapi(routes.createArchive, answer)
    .openapi(routes.getArchive, answer)
    .openapi(routes.listCheckpoints, answer)
    .openapi(routes.createCheckpoint, answer)
    .openapi(routes.restoreCheckpoint, answer)
    .openapi(routes.createUpload, answer)
    .openapi(routes.listConversations, answer)
    .openapi(routes.createConversation, answer)
    .openapi(routes.getConversation, answer)
    .openapi(routes.renameConversation, answer)
    .openapi(routes.removeConversation, answer)
    .openapi(routes.listMessages, answer)
    .openapi(routes.sendMessage, answer)
    .openapi(routes.cancelMessages, answer)
    .openapi(routes.getRun, answer)
    .openapi(routes.runEvents, answer)
    .openapi(routes.runChanges, answer)
    .openapi(routes.runChange, answer)
    .openapi(routes.acceptChange, answer)
    .openapi(routes.rejectChange, answer)
    .openapi(routes.revertRun, answer)
    .openapi(routes.restoreRun, answer)
    .openapi(routes.listApprovals, answer)
    .openapi(routes.answerApproval, answer)
    .openapi(routes.listGrants, answer)
    .openapi(routes.revokeGrant, answer)
    .openapi(routes.complete, answer)
    .openapi(routes.quickEdit, answer);
}
