import { VisibleError } from "@slipway/contract/error";
import * as routes from "@slipway/contract/routes/github";
import { resource } from "@slipway/core/config";
import * as GitHub from "@slipway/core/github";
import * as Log from "@slipway/core/log";

import type { Context } from "hono";
import { signedInBy } from "../auth/auth.ts";
import { createRoutes, type Env } from "./context.ts";

/** Loaded on first use, so that other requests do not wait for it. */
const sync = () => import("@slipway/core/github-sync");

export const github = createRoutes()
  .openapi(routes.getConnection, async (context) => context.json(await GitHub.status(context.get("actor")), 200))
  .openapi(routes.connectGitHub, async (context) =>
    context.json({ url: await GitHub.begin(context.get("actor"), context.req.valid("json")) }, 200),
  )
  .openapi(routes.disconnectGitHub, async (context) => context.json(await GitHub.disconnect(context.get("actor")), 200))
  .openapi(routes.importRepository, async (context) =>
    context.json(await (await sync()).importRepository(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.exportProject, async (context) =>
    context.json(await (await sync()).exportProject(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.cancelExport, async (context) => {
    await (await sync()).cancelProject(context.get("actor"), context.req.valid("json").projectId);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.resetExport, async (context) => {
    await (await sync()).reset(context.get("actor"), context.req.valid("json").projectId);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.pullSource, async (context) =>
    context.json(await (await sync()).pull(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.listRepositories, async (context) =>
    context.json(await (await sync()).repositories(context.get("actor")), 200),
  )
  .openapi(routes.listBranches, async (context) =>
    context.json(await (await sync()).branches(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.refreshSource, async (context) =>
    context.json(await (await sync()).refresh(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.discardChanges, async (context) => {
    const { paths } = context.req.valid("json");
    return context.json(
      { undo: await (await sync()).discard(context.get("actor"), context.req.valid("param").id, paths) },
      200,
    );
  })
  .openapi(routes.getTransfer, async (context) =>
    context.json(await (await sync()).fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.cancelTransfer, async (context) =>
    context.json(await (await sync()).cancel(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.retryTransfer, async (context) =>
    context.json(await (await sync()).retry(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.answerTransfer, async (context) => {
    const { choices } = context.req.valid("json");
    return context.json(await (await sync()).answer(context.get("actor"), context.req.valid("param").id, choices), 200);
  })
  .openapi(routes.getConflict, async (context) => {
    const { path } = context.req.valid("query");
    return context.json(await (await sync()).conflict(context.get("actor"), context.req.valid("param").id, path), 200);
  })
  .openapi(routes.getSource, async (context) =>
    context.json(await (await sync()).state(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.listIncoming, async (context) => {
    const { folder } = context.req.valid("query");
    return context.json(
      await (await sync()).listIncoming(context.get("actor"), context.req.valid("param").id, folder),
      200,
    );
  })
  .openapi(routes.getSourceFile, async (context) => {
    const { path } = context.req.valid("query");
    return context.json(
      await (await sync()).sourceFile(context.get("actor"), context.req.valid("param").id, path),
      200,
    );
  })
  .openapi(routes.getSkipped, async (context) =>
    context.json({ skipped: await (await sync()).skipped(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.draftPullRequest, async (context) =>
    context.json(await (await sync()).draft(context.get("actor"), context.req.valid("param").id), 200),
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
