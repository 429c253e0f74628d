import { VisibleError } from "@slipway/contract/error";
import * as Log from "@slipway/core/log";
import type { Context } from "hono";
import { HTTPException } from "hono/http-exception";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import type { Env } from "./context.ts";

/** Maps every error to HTTP. */
export function toResponse(error: unknown, context: Context<Env>): Response {
  const requestID = context.get("requestID") ?? "";
  const visible = asVisible(error);
  if (visible === undefined) {
    Log.error("request-failed", error, { method: context.req.method, route: context.req.routePath });
    const body = { error: { code: "internal", message: "Something went wrong. Try again." }, requestID };
    return context.json(body, 500);
  }
  const { code, message, details } = visible;
  // Older clients read these at the top level.
  const beside = code === "usage_limit_exceeded" ? { code, ...details } : {};
  return context.json(
    { error: { ...details, code, message }, requestID, ...beside },
    visible.status as ContentfulStatusCode,
  );
}

function asVisible(error: unknown): VisibleError | undefined {
  if (error instanceof VisibleError) return error;
  if (error instanceof HTTPException && error.status < 500) {
    return new VisibleError(
      error.status === 415 ? "unsupported_media_type" : "bad_request",
      error.message || "The request is not valid.",
    );
  }
  return undefined;
}
