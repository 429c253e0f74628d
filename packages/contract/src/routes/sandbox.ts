import { z } from "zod";
import { ProjectID } from "../id.ts";
import { body, inProject, reply, route } from "../route.ts";
import { SyncState } from "../sandbox.ts";
import { Sandbox, SandboxAccess } from "../sandbox-state.ts";

/** The person's own sandbox. */
export const getSandbox = route({
  method: "get",
  path: "/api/sandbox",
  responses: { 200: reply(Sandbox, "Its state. While it is created, asking also moves the launch on.") },
});

export const launchSandbox = route({
  method: "post",
  path: "/api/sandbox/launch",
  request: { body: body(z.object({ projectId: ProjectID.optional() })) },
  responses: {
    200: reply(Sandbox, "Active, and the project open: nothing had to be done, or it was done at once."),
    202: reply(Sandbox, "Being created. Poll `GET /api/sandbox` each second, or listen for the socket's `sandbox`."),
  },
});

export const stopSandbox = route({
  method: "post",
  path: "/api/sandbox/stop",
  responses: {
    200: reply(Sandbox, "Stopped."),
    202: reply(Sandbox, "Stopping: what sync ignores is being kept for the next launch."),
  },
});

export const destroySandbox = route({
  method: "delete",
  path: "/api/sandbox",
  responses: { 200: reply(Sandbox, "Stopped, and nothing of it is kept. Synced files are in their projects.") },
});

export const sandboxHeartbeat = route({
  method: "post",
  path: "/api/sandbox/heartbeat",
  request: { body: body(z.object({ projectId: ProjectID.optional() })) },
  responses: {
    200: reply(
      Sandbox,
      "Send it each minute while a tab is open. It keeps the sandbox, and its access to the project.",
    ),
  },
});

/** Brings the project into the running sandbox, or renews its access to the files. */
export const openInSandbox = route({
  method: "post",
  path: "/api/projects/{id}/sandbox",
  request: { params: inProject },
  responses: { 200: reply(SyncState, "How far its files are. Ask again until it is `synced`.") },
});

export const createSandboxToken = route({
  method: "post",
  path: "/api/projects/{id}/sandbox/tokens",
  request: {
    params: inProject,
    body: body(
      z.discriminatedUnion("scope", [
        z.object({ scope: z.enum(["watch", "terminal"]) }),
        z.object({
          scope: z.literal("preview"),
          port: z.int().min(1).max(65_535),
          path: z.string().max(2000).default("/").meta({ description: "What to show first." }),
        }),
      ]),
    ),
  },
  responses: { 201: reply(SandboxAccess, "Valid for 5 minutes; a preview's for an hour. Renew it before.") },
});
