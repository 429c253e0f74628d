import { z } from "zod";
import { ProjectID, Revision, Time } from "./id.ts";
import { RunStatus } from "./run-status.ts";

const Command = z.string().trim().max(500);

/** The project's answer to risky tool calls that no rule covers. */
export const ApprovalPolicy = z.enum(["ask", "allow", "deny"]);
export type ApprovalPolicy = z.infer<typeof ApprovalPolicy>;

export const ProjectSettings = z
  .object({
    installCommand: Command,
    devCommand: Command,
    testCommand: Command,
    model: z
      .string()
      .max(300)
      .meta({ description: "A model of `GET /api/agent/models`; empty for the team's default." }),
    approvalPolicy: ApprovalPolicy,
    sandboxPrestart: z.boolean(),
    costLimit: z
      .number()
      .min(0)
      .max(10_000)
      .meta({ description: "US dollars at which a run asks before it goes on; 0 for no limit." }),
  })
  .meta({ id: "ProjectSettings" });
export type ProjectSettings = z.infer<typeof ProjectSettings>;

export const defaultSettings: ProjectSettings = {
  installCommand: "",
  devCommand: "",
  testCommand: "",
  model: "",
  approvalPolicy: "ask",
  sandboxPrestart: false,
  costLimit: 5,
};

/** A project name: one line, no control characters. */
export const ProjectName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  // eslint-disable-next-line no-control-regex -- rejects control characters
  .regex(/^[^\u0000-\u001f\u007f]*$/u, "must be one line of text");

export const Project = z
  .object({
    id: ProjectID,
    name: z.string(),
    description: z
      .string()
      .meta({ description: "What it was asked for, or the repository it came from; may be empty." }),
    origin: z.enum(["blank", "prompt", "github"]),
    kind: z.enum(["project", "session"]),
    state: z.enum(["ready", "importing", "failed"]),
    role: z.enum(["owner", "editor", "viewer"]).meta({ description: "The role of the signed-in person." }),
    settings: ProjectSettings,
    rev: Revision,
    createdAt: Time,
    activeAt: Time.meta({ description: "Last activity of anyone, agents included, to the minute." }),
    lastRun: z
      .object({ status: RunStatus, at: Time })
      .optional()
      .meta({ description: "The newest run, in lists alone: its status, and when it began or ended." }),
  })
  .meta({ id: "Project" });
export type Project = z.infer<typeof Project>;
