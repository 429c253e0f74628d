import * as routes from "@slipway/contract/routes";
import * as Run from "@slipway/core/run";
import { createRoutes } from "./context.ts";

export const runs = createRoutes()
  .openapi(routes.getRun, async (context) =>
    context.json(await Run.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.runEvents, async (context) =>
    context.json(
      await Run.events(context.get("actor"), context.req.valid("param").id, context.req.valid("query").after),
      200,
    ),
  )
  .openapi(routes.answerApproval, async (context) => {
    const { id, approvalId } = context.req.valid("param");
    return context.json(await Run.answerApproval(context.get("actor"), id, approvalId, context.req.valid("json")), 200);
  })
  .openapi(routes.listGrants, async (context) =>
    context.json({ grants: await Run.listGrants(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.revokeGrant, async (context) => {
    const { id, grantId } = context.req.valid("param");
    await Run.revokeGrant(context.get("actor"), id, grantId);
    return context.json({ ok: true as const }, 200);
  });
