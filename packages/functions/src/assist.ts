import * as routes from "@slipway/contract/routes/assist";
import { complete, quickEdit } from "@slipway/agent/assist";
import { handle } from "hono/aws-lambda";
import { compress } from "./api/compress.ts";
import { createRoutes } from "./api/context.ts";
import { toResponse } from "./api/errors.ts";
import { identify, jsonBody, sameOrigin, signedIn } from "./api/guard.ts";

/** Completions and quick edits. Separate from the API because it bundles the model SDK and waits for models. */
const app = createRoutes();
app.onError(toResponse);
app.use(compress, identify, sameOrigin);
app.use("/api/*", signedIn, jsonBody);
app.openapi(routes.complete, async (context) =>
  context.json(await complete(context.get("actor"), context.req.valid("json")), 200),
);
app.openapi(routes.quickEdit, async (context) =>
  context.json(await quickEdit(context.get("actor"), context.req.valid("json")), 200),
);

export const handler = handle(app);
