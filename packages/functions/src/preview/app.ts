import { reporter, withReporter } from "@slipway/contract/preview-reporter";
import { VisibleError } from "@slipway/contract/error";
import * as File from "@slipway/core/file";
import { create as createID } from "@slipway/core/id";
import * as Log from "@slipway/core/log";
import * as Preview from "@slipway/core/preview";
import { resource } from "@slipway/core/config";
import type { Context, Hono } from "hono";
import { compress } from "../api/compress.ts";
import { createRoutes, type Env } from "../api/context.ts";
import { locate, type Located } from "./locate.ts";
import { markdownPage } from "./markdown.ts";
import { folderPage, messagePage } from "./pages.ts";
import { typeOf } from "./type.ts";

/**
 * A project as a site: `GET /css/site.css` is the file of that path. A folder is its `index.html` or a list, Markdown is
 * rendered, and every page gets a script that tells the frame around it what happens. Nothing here is trusted, so nothing
 * here carries the app's cookies, and names that begin with a dot (`.env`, `.git…`) are not served.
 */

/** Larger files are read from S3: Lambda's replies end at 6 MB. */
const largestReply = 4 * 1024 * 1024;

export const app: Hono<Env> = createRoutes();
app.use((_, next) => Log.scope({ requestID: createID("request") }, next));
app.use(compress);
app.onError((error, context) => {
  Log.error("preview-failed", error);
  return page(context, 500, messagePage("Preview failed", "Something went wrong. Reload the preview."));
});

app.on(["GET", "HEAD"], "*", async (context) => {
  const located = locate(context.req.raw, resource("Previews").origin);
  const preview = located && (await Preview.open(located.label));
  if (!located || !preview)
    return page(context, 404, messagePage("No preview here", "Open the preview from its project again."));
  Log.note({ userID: preview.actor.userID, projectID: preview.projectID });
  for (const [name, value] of Object.entries(policy(located))) context.header(name, value);
  if (located.path === ".slipway/preview.js")
    return context.body(reporter(resource("Settings").url, located.base), 200, {
      "content-type": "text/javascript; charset=utf-8",
    });
  if (isHidden(located.path)) return missing(context, located);
  try {
    return (await respond(context, located, preview)) ?? (await folder(context, located, preview));
  } catch (error) {
    if (!(error instanceof VisibleError)) throw error;
    if (error.code === "not_found" && isNavigation(context)) return folder(context, located, preview);
    return missing(context, located);
  }
});
app.all("*", (context) => context.text("Previews are read only.", 405));

/** Undefined for a folder. */
async function respond(
  context: Context<Env>,
  located: Located,
  { actor, projectID }: Preview.Preview,
): Promise<Response | undefined> {
  if (located.path === "" || located.path.endsWith("/")) return undefined;
  const file = await File.serve(actor, projectID, located.path);
  if (file === undefined) return undefined;
  // A name is found by its looks, so it may not be the one that was asked for.
  if (isHidden(file.path)) return missing(context, located);
  const type = typeOf(file.path, file.kind);
  const asPage = isNavigation(context);
  const isMarkdown = asPage && /\.(?:md|markdown)$/i.test(file.path) && file.size <= 256 * 1024;
  const isDocument = asPage && type.startsWith("text/html");
  const tag = `"${file.hash}${isMarkdown ? "-page" : isDocument ? "-document" : ""}"`;
  context.header("etag", tag);
  if (context.req.header("if-none-match") === tag) return context.body(null, 304);
  if (file.size > largestReply) return context.redirect(await file.url(type), 302);
  const bytes = await file.bytes();
  if (isMarkdown) return page(context, 200, markdownPage(file.path, text(bytes)), located);
  const body = isDocument ? new TextEncoder().encode(withReporter(text(bytes), located.base)) : bytes;
  return context.body(new Uint8Array(body), 200, { "content-type": type });
}

/** A folder's `index.html`, or what can be opened in it. Only the list reads every file's row. */
async function folder(context: Context<Env>, located: Located, preview: Preview.Preview): Promise<Response> {
  const { base, path } = located;
  const prefix = path === "" || path.endsWith("/") ? path : `${path}/`;
  if (prefix === path) {
    const index = await respond(context, { ...located, path: `${prefix}index.html` }, preview).catch(ignoreMissing);
    if (index) return index;
  }
  const { files } = await File.list(preview.actor, preview.projectID);
  const inside = files.filter((file) => file.kind !== "folder" && file.path.startsWith(prefix) && !isHidden(file.path));
  if (inside.length === 0 && prefix !== "") return missing(context, located);
  // Relative addresses of its pages need the slash.
  if (prefix !== path) return context.redirect(`${base}/${prefix.split("/").map(encodeURIComponent).join("/")}`, 302);
  const names = inside.map((file) => file.path);
  return page(context, 200, folderPage(prefix, names), located);
}

function ignoreMissing(error: unknown): undefined {
  if (!(error instanceof VisibleError && error.code === "not_found")) throw error;
}

function missing(context: Context<Env>, { path }: Located): Response {
  return isNavigation(context)
    ? page(context, 404, messagePage("Not found", `The project has no file “${path}”.`))
    : context.text(`The project has no file "${path}".`, 404);
}

/** Slipway's own page: it runs no script but the reporter. */
function page(context: Context<Env>, status: 200 | 404 | 500, html: string, located?: Located): Response {
  const policy = [
    "default-src 'none'",
    "img-src * data:",
    "media-src *",
    "style-src 'unsafe-inline'",
    ...(located ? ["script-src 'self'"] : []),
    `frame-ancestors ${resource("Settings").url}`,
  ];
  context.header("content-security-policy", policy.join("; "));
  return context.html(located ? withReporter(html, located.base) : html, status);
}

/** A page in a frame or tab, and not a part of one. */
function isNavigation(context: Context<Env>): boolean {
  return ["document", "iframe", "frame", undefined].includes(context.req.header("sec-fetch-dest"));
}

function isHidden(path: string): boolean {
  return path.split("/").some((name) => name.startsWith(".") && name !== ".well-known");
}

function text(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function policy({ base }: Located): Record<string, string> {
  const isShared = base !== "";
  return {
    // On a shared origin each page is confined to an opaque one: it reads no storage and no other preview.
    "content-security-policy": [
      `frame-ancestors ${resource("Settings").url}`,
      ...(isShared ? ["sandbox allow-scripts allow-forms allow-modals allow-popups allow-downloads"] : []),
    ].join("; "),
    ...(isShared ? { "access-control-allow-origin": "*" } : { "cross-origin-resource-policy": "same-origin" }),
    "cache-control": "private, no-cache",
    // The address is the permission: it goes to no other site.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  };
}
