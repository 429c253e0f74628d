import { VisibleError } from "@slipway/contract/error";
import * as routes from "@slipway/contract/routes/sandbox-sync";
import type * as SandboxSync from "@slipway/core/sandbox-sync";
import type { Context } from "hono";
import { createRoutes, type Env } from "./context.ts";
import { jsonBody } from "./guard.ts";

/** Loaded on first use: who has no sandbox never syncs. */
const sync = () => import("@slipway/core/sandbox-sync");

/** For runners, which are no people: they carry a token of their sandbox. */
export const sandboxSync = createRoutes();
sandboxSync.use("/api/sandbox-sync/*", jsonBody);

// The library types replies as JSON or text alone; these are lines.
sandboxSync.openAPIRegistry.registerPath(routes.pullChanges);
sandboxSync.get("/api/sandbox-sync/:id/changes", async (context) => {
  const { params, query } = routes.pullChanges.request;
  const id = params.safeParse(context.req.param());
  const since = query.safeParse(context.req.query());
  if (!id.success || !since.success) throw new VisibleError("invalid_input", "The project or the cursor is not valid.");
  const access = await accessOf(context, id.data.id);
  const lines = await (await sync()).pull(access, since.data);
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  return context.body(text, 200, { "content-type": "application/x-ndjson" });
});

sandboxSync.openapi(routes.pushChanges, async (context) => {
  const access = await accessOf(context, context.req.valid("param").id);
  return context.json(await (await sync()).push(access, context.req.valid("json")), 200);
});

async function accessOf(context: Context<Env>, projectID: string): Promise<SandboxSync.Access> {
  const [, token] = /^Bearer ([\w.-]{1,4096})$/.exec(context.req.header("authorization") ?? "") ?? [];
  return (await sync()).open(token, projectID);
}
