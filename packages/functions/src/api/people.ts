import * as routes from "@slipway/contract/routes";
import { list as listModels } from "@slipway/agent/model";
import { resource } from "@slipway/core/config";
import * as Ticket from "@slipway/core/ticket";
import * as Usage from "@slipway/core/usage";
import { createRoutes } from "./context.ts";

export const people = createRoutes()
  .openapi(routes.me, (context) => context.json(context.get("user"), 200))
  .openapi(routes.usage, async (context) => context.json(await Usage.current(context.get("actor").userID), 200))
  .openapi(routes.models, (context) => context.json({ models: listModels() }, 200))
  .openapi(routes.socketTicket, async (context) =>
    context.json({ ticket: await Ticket.issue(context.get("actor")), url: resource("Socket").url }, 200),
  );
