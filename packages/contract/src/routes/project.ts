import { z } from "zod";
import { ConversationID, MessageID, ProjectID, RunID } from "../id.ts";
import { Effort } from "../model.ts";
import { Project, ProjectName, ProjectSettings } from "../project.ts";
import { Prompt } from "../prompt.ts";
import { body, cursor, inProject, ok, reply, route } from "../route.ts";

export const createWithPrompt = route({
  method: "post",
  path: "/api/projects/create-with-prompt",
  request: {
    body: body(
      z.object({
        prompt: Prompt,
        model: z.string().max(300).optional().meta({ description: "For this run, and for the project." }),
        effort: Effort.optional(),
      }),
    ),
  },
  responses: {
    200: reply(
      z.object({ projectId: ProjectID, conversationId: ConversationID, messageId: MessageID, runId: RunID }),
      "The new project, and the run that builds it.",
    ),
  },
});

export const listProjects = route({
  method: "get",
  path: "/api/projects",
  request: { query: z.object({ cursor, limit: z.coerce.number().int().min(1).max(100).optional() }) },
  responses: {
    200: reply(z.object({ projects: z.array(Project), cursor: z.string().optional() }), "By last activity."),
  },
});

export const createProject = route({
  method: "post",
  path: "/api/projects",
  request: { body: body(z.object({ name: ProjectName.optional() })) },
  responses: { 201: reply(Project, "An empty project.") },
});

export const getProject = route({
  method: "get",
  path: "/api/projects/{id}",
  request: { params: inProject },
  responses: { 200: reply(Project, "The project.") },
});

export const updateProject = route({
  method: "patch",
  path: "/api/projects/{id}",
  request: {
    params: inProject,
    body: body(z.object({ name: ProjectName.optional(), settings: ProjectSettings.partial().optional() })),
  },
  responses: { 200: reply(Project, "The updated project.") },
});

export const removeProject = route({
  method: "delete",
  path: "/api/projects/{id}",
  request: { params: inProject },
  responses: { 200: reply(ok, "Deleted; its contents are purged in the background.") },
});
