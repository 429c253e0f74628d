import { randomBytes } from "node:crypto";
import { getToken } from "@auth/core/jwt";
import { Project } from "@slipway/contract/project";
import { createMiddleware } from "@solidjs/start/middleware";
import { appURL, authSecret } from "./config.ts";
import type { PageState } from "./api/page-state.ts";

/**
 * What every page is rendered with: who is signed in, by the cookie; for a project's page whether it exists for them;
 * and the headers that keep strangers' content from running here.
 */
export default createMiddleware({
  async onRequest(event) {
    const locals = event.locals as { nonce?: string; page?: PageState };
    locals.nonce = randomBytes(16).toString("base64");
    const url = appURL();
    const token = await getToken({ req: event.request, secret: authSecret(), secureCookie: url.startsWith("https:") });
    const page: PageState = token?.sub
      ? {
          user: {
            id: token.sub,
            name: String(token.name ?? ""),
            plan: token.plan === "pro" ? "pro" : "free",
            role: token.role === "admin" ? "admin" : "member",
          },
        }
      : {};
    const projectID = /^\/projects\/([^/]+)\/?$/.exec(new URL(event.request.url).pathname)?.[1];
    if (page.user && projectID !== undefined) page.project = await findProject(url, projectID, event.request);
    if (page.project === "signed-out") {
      delete page.user;
      delete page.project;
    }
    locals.page = page;
    const headers: Record<string, string> = {
      "content-security-policy": [
        "default-src 'self'",
        `script-src 'self' 'nonce-${locals.nonce}'`,
        // CodeMirror and the virtual list set styles of their own.
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob: http://127.0.0.1:* https://*.amazonaws.com",
        "media-src 'self' http://127.0.0.1:* https://*.amazonaws.com",
        "connect-src 'self' wss://*.amazonaws.com http://127.0.0.1:* https://*.amazonaws.com",
        "frame-src http://127.0.0.1:* https://*.amazonaws.com",
        "font-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
      ].join("; "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cache-control": "private, no-store",
    };
    for (const [name, value] of Object.entries(headers)) event.response.headers.set(name, value);
  },
});

async function findProject(url: string, projectID: string, request: Request): Promise<PageState["project"]> {
  const reply = await fetch(`${url}/api/projects/${encodeURIComponent(projectID)}`, {
    headers: { cookie: request.headers.get("cookie") ?? "" },
    signal: AbortSignal.timeout(10_000),
  }).catch(() => undefined);
  if (reply?.status === 401) return "signed-out";
  if (reply?.status === 404 || reply?.status === 422) return "missing";
  if (reply?.ok !== true) return undefined;
  return Project.parse(await reply.json());
}
