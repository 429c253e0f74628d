import * as approvalRoutes from "@slipway/contract/routes/approval";
import * as commandRoutes from "@slipway/contract/routes/command";
import * as reviewRoutes from "@slipway/contract/routes/review";
import * as runRoutes from "@slipway/contract/routes/run";
import * as Review from "@slipway/core/review";
import * as Run from "@slipway/core/run";
import { answer, createRoutes } from "./context.ts";

export const runs = createRoutes()
  .openapi(runRoutes.getRun, async (context) =>
    context.json(await Run.fromID(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(runRoutes.runEvents, async (context) =>
    context.json(
      await Run.events(context.get("actor"), context.req.valid("param").id, context.req.valid("query").after),
      200,
    ),
  )
  .openapi(reviewRoutes.runChanges, async (context) =>
    context.json({ files: await Review.changes(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(reviewRoutes.runChange, async (context) => {
    const { id, path } = context.req.valid("param");
    return context.json(await Review.change(context.get("actor"), id, path), 200);
  })
  .openapi(reviewRoutes.acceptChange, async (context) => {
    const { path, base } = context.req.valid("json");
    await Review.accept(context.get("actor"), context.req.valid("param").id, path, base);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(reviewRoutes.rejectChange, async (context) => {
    const { rev } = await Review.reject(context.get("actor"), context.req.valid("param").id, context.req.valid("json"));
    return context.json({ rev, undo: { from: rev - 1, to: rev } }, 200);
  })
  .openapi(reviewRoutes.revertRun, async (context) => {
    const { paths } = context.req.valid("json");
    return answer(context, await Review.revert(context.get("actor"), context.req.valid("param").id, paths));
  })
  .openapi(reviewRoutes.restoreRun, async (context) =>
    answer(context, await Review.restore(context.get("actor"), context.req.valid("param").id)),
  )
  .openapi(commandRoutes.stopCommand, async (context) => {
    const { id, callId } = context.req.valid("param");
    await Run.stopCommand(context.get("actor"), id, callId);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(commandRoutes.readCommandOutput, async (context) => {
    const { id, callId } = context.req.valid("param");
    const { start } = context.req.valid("query");
    return context.json(await Run.commandOutput(context.get("actor"), id, callId, start), 200);
  })
  .openapi(approvalRoutes.listApprovals, async (context) =>
    context.json({ approvals: await Run.inbox(context.get("actor")) }, 200),
  )
  .openapi(approvalRoutes.answerApproval, async (context) => {
    const { id, approvalId } = context.req.valid("param");
    return context.json(await Run.answerApproval(context.get("actor"), id, approvalId, context.req.valid("json")), 200);
  })
  .openapi(approvalRoutes.listRules, async (context) =>
    context.json({ rules: await Run.listRules(context.get("actor"), context.req.valid("param").id) }, 200),
  )
  .openapi(approvalRoutes.revokeRule, async (context) => {
    const { id, ruleId } = context.req.valid("param");
    await Run.revokeRule(context.get("actor"), id, ruleId);
    return context.json({ ok: true as const }, 200);
  });
