import * as routes from "@slipway/contract/routes/project";
import { getPreview } from "@slipway/contract/routes/preview";
import * as Preview from "@slipway/core/preview";
import * as Project from "@slipway/core/project";
import * as Run from "@slipway/core/run";
import { createRoutes } from "./context.ts";

export const projects = createRoutes()
  .openapi(routes.createWithPrompt, async (context) => {
    const accepted = await Run.createWithPrompt(context.get("actor"), context.req.valid("json"));
    const { projectID, conversationID, messageID, runID } = accepted;
    return context.json(
      { projectId: projectID, conversationId: conversationID, messageId: messageID, runId: runID },
      200,
    );
  })
  .openapi(routes.listProjects, async (context) =>
    context.json(await Project.list(context.get("actor"), context.req.valid("query")), 200),
  )
  .openapi(routes.createProject, async (context) =>
    context.json(await Project.create(context.get("actor"), context.req.valid("json")), 201),
  )
  .openapi(routes.getProject, async (context) =>
    context.json(await Project.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(getPreview, async (context) =>
    context.json({ url: await Preview.addressOf(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.updateProject, async (context) =>
    context.json(
      await Project.update(context.get("actor"), context.req.valid("param").id, context.req.valid("json")),
      200,
    ),
  )
  .openapi(routes.removeProject, async (context) => {
    const { id } = context.req.valid("param");
    await Run.cancelProject(context.get("actor"), id);
    const GitHubSync = await import("@slipway/core/github-sync");
    await GitHubSync.stop(context.get("actor"), id);
    await Project.remove(context.get("actor"), id);
    return context.json({ ok: true as const }, 200);
  });
