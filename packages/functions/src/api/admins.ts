import * as routes from "@slipway/contract/routes/admin";
import * as Admin from "@slipway/core/admin";
import { createRoutes } from "./context.ts";

export const admins = createRoutes()
  .openapi(routes.listPeople, async (context) =>
    context.json(await Admin.people(context.get("actor"), context.req.valid("query").cursor), 200),
  )
  .openapi(routes.changePerson, async (context) =>
    context.json(
      await Admin.change(context.get("actor"), context.req.valid("param").id, context.req.valid("json")),
      200,
    ),
  )
  .openapi(routes.listRequests, async (context) =>
    context.json({ requests: await Admin.requests(context.get("actor")) }, 200),
  )
  .openapi(routes.getLimits, async (context) => context.json(await Admin.limits(context.get("actor")), 200))
  .openapi(routes.changeLimits, async (context) =>
    context.json(await Admin.setLimits(context.get("actor"), context.req.valid("json")), 200),
  )
  .openapi(routes.listAudit, async (context) =>
    context.json(await Admin.audit(context.get("actor"), context.req.valid("query").cursor), 200),
  );
