import type { Provider } from "@auth/core/providers";
import { ErrorBody, VisibleError } from "@slipway/contract/error";
import * as assistRoutes from "@slipway/contract/routes/assist";
import * as serviceRoutes from "@slipway/contract/routes/service";
import { resource } from "@slipway/core/config";
import { z, type OpenAPIHono } from "@hono/zod-openapi";
import { answerAuth } from "../auth/auth.ts";
import { admins } from "./admins.ts";
import { createRoutes, type Env } from "./context.ts";
import { compress } from "./compress.ts";
import { conversations } from "./conversations.ts";
import { toResponse } from "./errors.ts";
import { files } from "./files.ts";
import { finishConnection, github } from "./github.ts";
import { identify, jsonBody, sameOrigin, signedIn } from "./guard.ts";
import { instructions } from "./instructions.ts";
import { people } from "./people.ts";
import { projects } from "./projects.ts";
import { providers } from "./providers.ts";
import { runs } from "./runs.ts";
import { sandbox } from "./sandbox.ts";
import { sandboxSync } from "./sandbox-sync.ts";

/** The API. `extraProviders` are login providers besides those that the deployment configures. */
export function createApp(options: { extraProviders?: readonly Provider[] } = {}): OpenAPIHono<Env> {
  const app = createRoutes();
  app.onError(toResponse);
  app.notFound((context) => toResponse(new VisibleError("not_found", "There is no such route."), context));
  app.use(compress);
  app.use(identify);
  app.use(sameOrigin);
  app.openapi(serviceRoutes.health, (context) => context.json({ ok: true as const }, 200));
  app.on(["GET", "POST"], "/api/auth/*", (context) => answerAuth(context.req.raw, options.extraProviders ?? []));
  app.get("/api/github/callback", finishConnection);
  app.get("/api/openapi.json", (context) => context.json(describeApi(app)));
  // By a token of its own, not by a person's cookie.
  app.route("/", sandboxSync);
  app.use("/api/*", signedIn, jsonBody);
  for (const part of [people, admins, providers, instructions, projects, files, conversations, runs, github, sandbox])
    app.route("/", part);
  return app;
}

/** OpenAPI of all routes, each with the common error schema. */
function describeApi(app: OpenAPIHono<Env>): unknown {
  const known = new Set(app.openAPIRegistry.definitions.map((each) => ("route" in each ? each.route.path : "")));
  // Served by another function at the same origin.
  for (const route of [assistRoutes.complete, assistRoutes.quickEdit])
    if (!known.has(route.path)) app.openAPIRegistry.registerPath(route);
  const document = app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: { title: "Slipway", version: "1", description: "The API of one deployment. Sign in at /api/auth first." },
    servers: [{ url: resource("Settings").url }],
  });
  // No route lists the error as a reply, so the generator omits it.
  const { $schema: _, ...schema } = z.toJSONSchema(ErrorBody);
  const schemas = { ...document.components?.schemas, Error: schema };
  const error = {
    description: "The error: `code` is stable, `message` is for people.",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
  };
  for (const path of Object.values(document.paths ?? {})) {
    for (const operation of Object.values(path as Record<string, { responses?: Record<string, unknown> }>)) {
      if (operation.responses) operation.responses.default = error;
    }
  }
  const paths = Object.fromEntries(
    Object.entries(document.paths ?? {}).map(([path, of]) => [path.replace("{path{[^]+}}", "{path}"), of]),
  );
  return { ...document, paths, components: { ...document.components, schemas } };
}
