import { randomBytes } from "node:crypto";
import { getToken } from "@auth/core/jwt";
import { Project } from "@slipway/contract/project";
import { createMiddleware } from "@solidjs/start/middleware";
import { appURL, authSecret, blobsOrigin, previewsOrigin, sandboxOrigins, socketOrigin } from "./config.ts";
import { pageHeaders } from "./page-headers.ts";
import type { PageState } from "./api/page-state.ts";

/** Prepares each page: the signed-in person by the cookie, the project of the path, and the headers. */
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
    const origins = {
      app: url,
      blobs: blobsOrigin(),
      previews: previewsOrigin(),
      socket: socketOrigin(),
      ...sandboxOrigins(),
    };
    for (const [name, value] of Object.entries(pageHeaders(locals.nonce, origins)))
      event.response.headers.set(name, value);
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
