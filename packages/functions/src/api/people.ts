import * as serviceRoutes from "@slipway/contract/routes/service";
import * as userRoutes from "@slipway/contract/routes/user";
import { resource } from "@slipway/core/config";
import * as Login from "@slipway/core/login";
import * as Models from "@slipway/core/model";
import * as Ticket from "@slipway/core/ticket";
import * as Usage from "@slipway/core/usage";
import * as User from "@slipway/core/user";
import { createRoutes } from "./context.ts";

export const people = createRoutes()
  .openapi(userRoutes.me, (context) => context.json(context.get("user"), 200))
  .openapi(userRoutes.updateMe, async (context) => {
    const { name } = context.req.valid("json");
    await User.update(context.get("actor").userID, { name });
    return context.json({ ...context.get("user"), name }, 200);
  })
  .openapi(userRoutes.signOutEverywhere, async (context) => {
    await Login.endAll(context.get("actor").userID);
    return context.json({ ok: true as const }, 200);
  })
  .openapi(userRoutes.usageHistory, async (context) =>
    context.json(await Usage.historyFor(context.get("actor").userID), 200),
  )
  .openapi(userRoutes.askForMore, async (context) => {
    await User.askForMore(context.get("user"));
    return context.json(await Usage.historyFor(context.get("actor").userID), 200);
  })
  .openapi(userRoutes.usage, async (context) => context.json(await Usage.current(context.get("actor").userID), 200))
  .openapi(serviceRoutes.models, async (context) =>
    context.json({ models: await Models.offered(context.get("actor")) }, 200),
  )
  .openapi(serviceRoutes.socketTicket, async (context) =>
    context.json({ ticket: await Ticket.issue(context.get("login")), url: resource("Socket").url }, 200),
  );
