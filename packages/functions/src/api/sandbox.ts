import * as routes from "@slipway/contract/routes/sandbox";
import * as Sandbox from "@slipway/core/sandbox";
import { createRoutes } from "./context.ts";

export const sandbox = createRoutes()
  .openapi(routes.getSandbox, async (context) => context.json(await Sandbox.current(context.get("actor")), 200))
  .openapi(routes.launchSandbox, async (context) => {
    const launched = await Sandbox.launch(context.get("actor"), context.req.valid("json").projectId);
    return context.json(launched, launched.state === "active" ? 200 : 202);
  })
  .openapi(routes.stopSandbox, async (context) => {
    const stopped = await Sandbox.stop(context.get("actor"));
    return context.json(stopped, stopped.state === "stopped" ? 200 : 202);
  })
  .openapi(routes.destroySandbox, async (context) => context.json(await Sandbox.destroy(context.get("actor")), 200))
  .openapi(routes.sandboxHeartbeat, async (context) =>
    context.json(await Sandbox.heartbeat(context.get("actor"), context.req.valid("json").projectId), 200),
  )
  .openapi(routes.openInSandbox, async (context) =>
    context.json(await Sandbox.open(context.get("actor"), context.req.valid("param").id), 200),
  )
  .openapi(routes.createSandboxToken, async (context) => {
    const { id } = context.req.valid("param");
    return context.json(await Sandbox.access(context.get("actor"), id, context.req.valid("json")), 201);
  });
