import * as routes from "@slipway/contract/routes/provider";
import { createRoutes } from "./context.ts";

/** Loaded on first use, so that other requests do not wait for it. */
const verbs = () => import("@slipway/core/provider");

export const providers = createRoutes()
  .openapi(routes.listOwnKeys, async (context) =>
    context.json({ keys: await (await verbs()).list(context.get("actor"), "own") }, 200),
  )
  .openapi(routes.setOwnKey, async (context) => {
    const { provider } = context.req.valid("param");
    const key = context.req.valid("json");
    return context.json(await (await verbs()).set(context.get("actor"), { provider, owner: "own" }, key), 200);
  })
  .openapi(routes.checkOwnKey, async (context) => {
    const { provider } = context.req.valid("param");
    return context.json(await (await verbs()).check(context.get("actor"), { provider, owner: "own" }), 200);
  })
  .openapi(routes.removeOwnKey, async (context) => {
    const { provider } = context.req.valid("param");
    await (await verbs()).remove(context.get("actor"), { provider, owner: "own" });
    return context.json({ ok: true as const }, 200);
  })
  .openapi(routes.listTeamKeys, async (context) =>
    context.json({ keys: await (await verbs()).list(context.get("actor"), "team") }, 200),
  )
  .openapi(routes.setTeamKey, async (context) => {
    const { provider } = context.req.valid("param");
    const key = context.req.valid("json");
    return context.json(await (await verbs()).set(context.get("actor"), { provider, owner: "team" }, key), 200);
  })
  .openapi(routes.checkTeamKey, async (context) => {
    const { provider } = context.req.valid("param");
    return context.json(await (await verbs()).check(context.get("actor"), { provider, owner: "team" }), 200);
  })
  .openapi(routes.removeTeamKey, async (context) => {
    const { provider } = context.req.valid("param");
    await (await verbs()).remove(context.get("actor"), { provider, owner: "team" });
    return context.json({ ok: true as const }, 200);
  });
