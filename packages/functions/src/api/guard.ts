import { VisibleError } from "@slipway/contract/error";
import { resource } from "@slipway/core/config";
import { create as createID } from "@slipway/core/id";
import * as Log from "@slipway/core/log";
import type { Context, MiddlewareHandler } from "hono";
import { signedInBy } from "../auth/auth.ts";
import type { Env } from "./context.ts";

/** Middleware that every request passes before its handler. */

const bodyLimit = 6 * 1024 * 1024;
const changing = new Set(["POST", "PUT", "PATCH", "DELETE"]);

/** Gives the request an id, and logs its status and duration. */
export const identify: MiddlewareHandler<Env> = (context, next) => {
  const requestID = createID("request");
  context.set("requestID", requestID);
  return Log.scope({ requestID }, async () => {
    const began = performance.now();
    await next();
    finish(context);
    const { method, routePath: route } = context.req;
    const { status } = context.res;
    const took = Math.round((performance.now() - began) * 10) / 10;
    Log.measure("request", { ApiLatency: took, ApiErrors: status >= 500 ? 1 : 0 }, { method, route, status });
  });
};

function finish(context: Context<Env>): void {
  context.header("x-request-id", context.get("requestID"));
  context.header("x-content-type-options", "nosniff");
  if (!context.res.headers.has("cache-control")) context.header("cache-control", "private, no-store");
}

/** CSRF: a page of another site cannot make changes with the visitor's cookie. */
export const sameOrigin: MiddlewareHandler<Env> = async (context, next) => {
  if (changing.has(context.req.method)) {
    const site = context.req.header("sec-fetch-site");
    const origin = context.req.header("origin");
    const isOurs =
      site === undefined
        ? origin === undefined || origin === resource("Settings").url
        : site === "same-origin" || site === "none";
    if (!isOurs || (origin !== undefined && origin !== resource("Settings").url)) {
      throw new VisibleError(
        "cross_site",
        `Requests from other addresses are refused. Open ${resource("Settings").url}`,
      );
    }
  }
  await next();
};

export const signedIn: MiddlewareHandler<Env> = async (context, next) => {
  const found = await signedInBy(context.req.raw);
  if (!found) throw new VisibleError("not_signed_in", "Sign in first.");
  const { id, name, email, image, role, plan } = found.user;
  context.set("actor", { userID: id });
  context.set("login", found.login);
  Log.note({ userID: id });
  context.set("user", { id, name, role, plan, ...(email ? { email } : {}), ...(image ? { image } : {}) });
  await next();
};

/** A body, if present, must be JSON in UTF-8 within the size limit. */
export const jsonBody: MiddlewareHandler<Env> = async (context, next) => {
  if (changing.has(context.req.method)) await checkBody(context);
  await next();
};

async function checkBody(context: Context<Env>): Promise<void> {
  const declared = Number(context.req.header("content-length") ?? 0);
  if (declared > bodyLimit) throw tooLarge();
  const bytes = new Uint8Array(await context.req.raw.clone().arrayBuffer());
  if (bytes.length > bodyLimit) throw tooLarge();
  const type = context.req.header("content-type") ?? "";
  if (bytes.length === 0) {
    if (type !== "" && !isJson(type)) throw notJson();
    return;
  }
  if (!isJson(type)) throw notJson();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new VisibleError("invalid_json", "The body is not valid UTF-8.", {}, error);
  }
  try {
    JSON.parse(text);
  } catch (error) {
    throw new VisibleError("invalid_json", "The body is not valid JSON.", {}, error);
  }
}

function isJson(type: string): boolean {
  return /^application\/json\s*(?:;|$)/i.test(type);
}

function notJson(): VisibleError {
  return new VisibleError("unsupported_media_type", "Send JSON, with content-type: application/json.");
}

function tooLarge(): VisibleError {
  return new VisibleError("payload_too_large", "This is more than 6 MB. Upload large files instead of sending them.");
}
