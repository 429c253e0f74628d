import { VisibleError } from "@slipway/contract/error";
import * as routes from "@slipway/contract/routes/github";
import { resource } from "@slipway/core/config";
import * as GitHub from "@slipway/core/github";
import * as Log from "@slipway/core/log";
import * as GitHubSync from "@slipway/core/github-sync";
import type { Context } from "hono";
import { signedInBy } from "../auth/auth.ts";
import { createRoutes, type Env } from "./context.ts";

export const github = createRoutes()
  .openapi(routes.getConnection, async (context) => context.json(await GitHub.status(context.get("actor")), 200))
  .openapi(routes.connectGitHub, async (context) =>
    context.json({ url: await GitHub.begin(context.get("actor"), context.req.valid("json")) }, 200),
  )
  .openapi(routes.disconnectGitHub, async (context) => context.json(await GitHub.disconnect(context.get("actor")), 200))
  .openapi(routes.importRepository, async (context) =>
    context.json(await GitHubSync.importRepository(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.exportProject, async (context) =>
    context.json(await GitHubSync.exportProject(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.cancelExport, async (context) => {
    await GitHubSync.cancelProject(context.get("actor"), context.req.valid("json").projectId);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.resetExport, async (context) => {
    await GitHubSync.reset(context.get("actor"), context.req.valid("json").projectId);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.pullSource, async (context) =>
    context.json(await GitHubSync.pull(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.listRepositories, async (context) =>
    context.json(await GitHubSync.repositories(context.get("actor")), 200),
  )
  .openapi(routes.listBranches, async (context) =>
    context.json(await GitHubSync.branches(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.refreshSource, async (context) =>
    context.json(await GitHubSync.refresh(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.discardChanges, async (context) => {
    const { paths } = context.req.valid("json");
    return context.json(
      { undo: await GitHubSync.discard(context.get("actor"), context.req.valid("param").id, paths) },
      200,
    );
  })
  .openapi(routes.getTransfer, async (context) =>
    context.json(await GitHubSync.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.cancelTransfer, async (context) =>
    context.json(await GitHubSync.cancel(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.retryTransfer, async (context) =>
    context.json(await GitHubSync.retry(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.answerTransfer, async (context) => {
    const { choices } = context.req.valid("json");
    return context.json(await GitHubSync.answer(context.get("actor"), context.req.valid("param").id, choices), 200);
  })
  .openapi(routes.getConflict, async (context) => {
    const { path } = context.req.valid("query");
    return context.json(await GitHubSync.conflict(context.get("actor"), context.req.valid("param").id, path), 200);
  })
  .openapi(routes.getSource, async (context) =>
    context.json(await GitHubSync.state(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.listIncoming, async (context) => {
    const { folder } = context.req.valid("query");
    return context.json(
      await GitHubSync.listIncoming(context.get("actor"), context.req.valid("param").id, folder),
      200,
    );
  })
  .openapi(routes.getSourceFile, async (context) => {
    const { path } = context.req.valid("query");
    return context.json(await GitHubSync.sourceFile(context.get("actor"), context.req.valid("param").id, path), 200);
  })
  .openapi(routes.getSkipped, async (context) =>
    context.json({ skipped: await GitHubSync.skipped(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.draftPullRequest, async (context) =>
    context.json(await GitHubSync.draft(context.get("actor"), context.req.valid("param").id), 200),
  );

/** GitHub redirects the browser here, so every reply redirects to a page. */
export async function finishConnection(context: Context<Env>): Promise<Response> {
  const { state = "", code, error } = context.req.query();
  const at = (path: string) => context.redirect(resource("Settings").url + path, 302);
  const found = await signedInBy(context.req.raw);
  if (!found) return at("/?github=signed-out");
  try {
    const query = { state, ...(code === undefined ? {} : { code }), ...(error === undefined ? {} : { error }) };
    return at(await GitHub.finish({ userID: found.user.id }, query));
  } catch (cause) {
    if (!(cause instanceof VisibleError)) Log.error("github-connect-failed", cause, { userID: found.user.id });
    return at("/?github=failed");
  }
}
