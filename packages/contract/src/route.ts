import type { RouteConfig } from "@hono/zod-openapi";
import { z } from "zod";
import { maxOrdered, ProjectID } from "./id.ts";

/**
 * What routes share. Each file of `routes/` declares the routes of one noun: method, path, inputs and successful replies.
 * `functions` implements them, `web` calls them, and `/api/openapi.json` lists them. Every route fails with `ErrorBody`.
 */

/** A route as plain, typed data. It imports no HTTP framework, since the browser loads it too. */
export function route<const Path extends string, Route extends Omit<RouteConfig, "path"> & { path: Path }>(
  definition: Route,
): Route {
  return definition;
}

export function reply<S extends z.ZodType>(schema: S, description: string) {
  return { description, content: { "application/json": { schema } } };
}

export function body<S extends z.ZodType>(schema: S) {
  return { required: true, content: { "application/json": { schema } } };
}

/** The reply of a change with nothing to return. */
export const ok = z.object({ ok: z.literal(true) });

export const inProject = z.object({ id: ProjectID });

export const cursor = z.string().max(2000).optional();

/** A revision or sequence number in a query. */
export const counter = z.coerce.number().int().nonnegative().max(maxOrdered);
