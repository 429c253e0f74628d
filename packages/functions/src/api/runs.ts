import * as routes from "@slipway/contract/routes";
import * as Review from "@slipway/core/review";
import * as Run from "@slipway/core/run";
import { createRoutes, forPeople } from "./context.ts";

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
  .openapi(routes.runChanges, async (context) =>
    context.json({ files: await Review.changes(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(routes.runChange, async (context) => {
    const { id, path } = context.req.valid("param");
    return context.json(await Review.change(context.get("actor"), id, path), 200);
  })
  .openapi(routes.acceptChange, async (context) => {
    const { path, base } = context.req.valid("json");
    await Review.accept(context.get("actor"), context.req.valid("param").id, path, base);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.rejectChange, async (context) => {
    const { rev } = await Review.reject(context.get("actor"), context.req.valid("param").id, context.req.valid("json"));
    return context.json({ rev, undo: { from: rev - 1, to: rev } }, 200);
  })
  .openapi(routes.revertRun, async (context) => {
    const { paths } = context.req.valid("json");
    return context.json(
      forPeople(await Review.revert(context.get("actor"), context.req.valid("param").id, paths)),
      200,
    );
  })
  .openapi(routes.restoreRun, async (context) =>
    context.json(forPeople(await Review.restore(context.get("actor"), context.req.valid("param").id)), 200),
  )
  .openapi(routes.listApprovals, async (context) =>
    context.json({ approvals: await Run.inbox(context.get("actor")) }, 200),
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
