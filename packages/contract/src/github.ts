import { z } from "zod";
import { FileKind, UndoRange } from "./file.ts";
import { ProjectID, Time, TransferID } from "./id.ts";

/** What a person pastes; `repository-url.ts` reads it. */
export const SourceURL = z.string().trim().min(1).max(2000);

/** The deployment's GitHub, and whom the person is there. */
export const GitHubConnection = z
  .object({
    host: z.string().meta({ description: "Such as github.com." }),
    canConnect: z.boolean().meta({ description: "Whether the deployment was given an app of GitHub." }),
    login: z.string().optional().meta({ description: "The person's name there; absent until connected." }),
    scopes: z.array(z.string()).meta({ description: "What the token may do; empty for a GitHub App, which has none." }),
    kind: z.enum(["oauth", "app"]),
    installURL: z.string().optional().meta({ description: "Where a GitHub App is given further repositories." }),
  })
  .meta({ id: "GitHubConnection" });
export type GitHubConnection = z.infer<typeof GitHubConnection>;

export const RepositoryName = z.string().regex(/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,100}$/, {
  error: "must be 1 to 100 letters, digits, dots, hyphens or underscores",
});

/** Why something of a repository is not among a project's files. It stays in the repository as it is. */
export const SkippedReason = z.enum(["submodule", "symlink", "lfs", "too-large", "name", "missing"]);
export type SkippedReason = z.infer<typeof SkippedReason>;

export const Skipped = z
  .object({ path: z.string(), reason: SkippedReason, message: z.string(), size: z.int().optional() })
  .meta({ id: "Skipped" });
export type Skipped = z.infer<typeof Skipped>;

export const TransferKind = z.enum(["import", "export", "pull"]);
/** A path that both sides have changed: which of them is to stand. `both` keeps both, between conflict markers. */
export const Choice = z.enum(["mine", "theirs", "both"]);
export type Choice = z.infer<typeof Choice>;

export const Transfer = z
  .object({
    id: TransferID,
    projectId: ProjectID,
    kind: TransferKind,
    state: z.enum(["running", "asking", "completed", "failed", "cancelled"]),
    phase: z.string().meta({ description: "What it does now, for people." }),
    files: z.int(),
    filesTotal: z.int(),
    bytes: z.int(),
    bytesTotal: z.int(),
    waitsUntil: Time.optional().meta({ description: "GitHub's limit on requests: it goes on by itself then." }),
    repository: z.string().meta({ description: "owner/repository" }),
    conflicts: z
      .array(z.object({ path: z.string(), canMerge: z.boolean(), mine: z.string(), theirs: z.string() }))
      .optional()
      .meta({ description: "While `asking`: what each side did, in words." }),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    result: z
      .object({
        url: z.string().optional().meta({ description: "Where to look at it, on GitHub." }),
        pullNumber: z.int().optional(),
        branch: z.string().optional(),
        commit: z.string().optional(),
        files: z.int().optional(),
        skipped: z.int().optional(),
        undo: UndoRange.optional(),
        note: z.string().optional(),
      })
      .optional(),
    createdAt: Time,
    endedAt: Time.optional(),
  })
  .meta({ id: "Transfer" });
export type Transfer = z.infer<typeof Transfer>;

export const SourceChange = z
  .object({
    path: z.string(),
    status: z.enum(["added", "modified", "deleted", "renamed"]),
    kind: FileKind,
    from: z.string().optional(),
  })
  .meta({ id: "SourceChange" });
export type SourceChange = z.infer<typeof SourceChange>;

/** Where a project comes from, and what has changed in it since. */
export const Source = z
  .object({
    repository: z.string(),
    url: z.string(),
    isPrivate: z.boolean(),
    branch: z
      .string()
      .optional()
      .meta({ description: "Where pull requests go to; absent when it came from a commit." }),
    ref: z.string().meta({ description: "What was asked for: a branch, tag, pull request or commit." }),
    folder: z.string().meta({ description: "The folder of the repository that this project is; empty for all of it." }),
    commit: z.string().optional().meta({ description: "The commit that both sides were last in step at." }),
    skipped: z.int(),
    pull: z
      .object({ number: z.int(), url: z.string(), branch: z.string() })
      .optional()
      .meta({ description: "The pull request that further exports add to, while it is open." }),
  })
  .meta({ id: "Source" });
export type Source = z.infer<typeof Source>;

export const SourceState = z
  .object({
    source: Source.optional(),
    changes: z.array(SourceChange).meta({ description: "Since the import, the last pull or the last export." }),
    transfer: Transfer.optional().meta({ description: "The newest, unless it was put aside." }),
  })
  .meta({ id: "SourceState" });
export type SourceState = z.infer<typeof SourceState>;

export const PullRequestDraft = z.object({
  title: z.string().trim().min(1).max(256),
  body: z.string().max(60_000),
});
export type PullRequestDraft = z.infer<typeof PullRequestDraft>;

export const ExportRequest = z
  .object({
    projectId: ProjectID,
    pullRequest: PullRequestDraft.optional(),
    repository: z
      .object({
        name: RepositoryName,
        isPrivate: z.boolean().default(true),
        description: z.string().trim().max(350).default(""),
      })
      .optional(),
  })
  .refine(({ pullRequest, repository }) => (pullRequest === undefined) !== (repository === undefined), {
    error: "Say either pullRequest or repository.",
  })
  .meta({ id: "ExportRequest" });
export type ExportRequest = z.infer<typeof ExportRequest>;
