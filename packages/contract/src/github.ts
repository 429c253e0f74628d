import { z } from "zod";
import { FileKind, UndoRange } from "./file.ts";
import { ProjectID, Time, TransferID } from "./id.ts";
import { isRefName } from "./ref-name.ts";

/** An address as pasted; `repository-url.ts` parses it. */
export const SourceURL = z.string().trim().min(1).max(2000);

/** The deployment's GitHub, and the person's account there. */
export const GitHubConnection = z
  .object({
    host: z.string().meta({ description: "Such as github.com." }),
    canConnect: z.boolean().meta({ description: "Whether the deployment has a GitHub app." }),
    login: z.string().optional().meta({ description: "The person's login; absent until connected." }),
    scopes: z.array(z.string()).meta({ description: "OAuth scopes of the token; empty for a GitHub App." }),
    kind: z.enum(["oauth", "app"]),
    installURL: z.string().optional().meta({ description: "Where to give a GitHub App more repositories." }),
  })
  .meta({ id: "GitHubConnection" });
export type GitHubConnection = z.infer<typeof GitHubConnection>;

export const RepositoryName = z.string().regex(/^(?!\.{1,2}$)(?!.*\.git$)[A-Za-z0-9._-]{1,100}$/i, {
  error: "must be 1 to 100 letters, digits, dots, hyphens or underscores, and not end in .git",
});

/** Why an entry of a repository is not in the project. It stays unchanged in the repository. */
export const SkippedReason = z.enum(["submodule", "symlink", "lfs", "too-large", "name", "missing"]);
export type SkippedReason = z.infer<typeof SkippedReason>;

export const Skipped = z
  .object({ path: z.string(), reason: SkippedReason, message: z.string(), size: z.int().optional() })
  .meta({ id: "Skipped" });
export type Skipped = z.infer<typeof Skipped>;

export const TransferKind = z.enum(["import", "export", "pull"]);
/** Which side of a conflicting path to keep. `both` keeps both, between conflict markers. */
export const Choice = z.enum(["mine", "theirs", "both"]);
export type Choice = z.infer<typeof Choice>;

/**
 * Why a person has to choose: both sides changed the content; a file on one side is a folder on the other; the repository
 * has an entry there that was not imported; the file looks like a secret (`mine` sends it, `theirs` leaves it out).
 */
export const ConflictKind = z.enum(["content", "clash", "kept", "secret"]);
export type ConflictKind = z.infer<typeof ConflictKind>;

export const Transfer = z
  .object({
    id: TransferID,
    projectId: ProjectID,
    kind: TransferKind,
    state: z.enum(["running", "asking", "completed", "failed", "cancelled"]),
    phase: z.string().meta({ description: "The current step, for people." }),
    files: z.int(),
    filesTotal: z.int(),
    bytes: z.int(),
    bytesTotal: z.int(),
    waitsUntil: Time.optional().meta({ description: "Rate-limited by GitHub until this time; then it resumes." }),
    repository: z.string().meta({ description: "owner/repository" }),
    conflicts: z
      .array(
        z.object({
          path: z.string(),
          kind: ConflictKind.optional(),
          canMerge: z.boolean(),
          mine: z.string(),
          theirs: z.string(),
        }),
      )
      .optional()
      .meta({ description: "While `asking`: what each side changed, for people." }),
    error: z.object({ code: z.string(), message: z.string() }).optional(),
    result: z
      .object({
        url: z.string().optional().meta({ description: "The result on GitHub." }),
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

/** The origin of a project on GitHub. */
export const Source = z
  .object({
    repository: z.string(),
    url: z.string(),
    isPrivate: z.boolean(),
    branch: z.string().optional().meta({ description: "The base of pull requests; absent if imported from a commit." }),
    ref: z.string().meta({ description: "The imported branch, tag, pull request or commit." }),
    folder: z.string().meta({ description: "The imported folder; empty for the whole repository." }),
    commit: z.string().optional().meta({ description: "The last commit that both sides had in common." }),
    skipped: z.int(),
    pull: z
      .object({
        number: z.int(),
        url: z.string(),
        branch: z.string(),
        isMerged: z.boolean().optional().meta({ description: "Merged upstream: a pull completes the sync." }),
      })
      .optional()
      .meta({ description: "The open pull request that further exports add to." }),
  })
  .meta({ id: "Source" });
export type Source = z.infer<typeof Source>;

export const SourceState = z
  .object({
    source: Source.optional(),
    changes: z.array(SourceChange).meta({ description: "Since the last import, pull or export." }),
    transfer: Transfer.optional().meta({ description: "The newest, unless dismissed." }),
  })
  .meta({ id: "SourceState" });
export type SourceState = z.infer<typeof SourceState>;

/** What is directly in a folder of a repository that is being imported: folders with their number of files, then files. */
export const IncomingFolder = z
  .object({
    entries: z.array(
      z.object({
        name: z.string(),
        files: z.int().optional().meta({ description: "Of a folder: how many files it holds at any depth." }),
      }),
    ),
    isComplete: z.boolean(),
  })
  .meta({ id: "IncomingFolder" });
export type IncomingFolder = z.infer<typeof IncomingFolder>;

/** Most paths of one discard. */
export const maxDiscarded = 2000;

export const OwnRepository = z
  .object({
    repository: z.string().meta({ description: "owner/repository" }),
    isPrivate: z.boolean(),
    description: z.string(),
    pushedAt: Time,
  })
  .meta({ id: "OwnRepository" });
export type OwnRepository = z.infer<typeof OwnRepository>;

export const PullRequestDraft = z.object({
  title: z.string().trim().min(1).max(256),
  body: z.string().max(60_000),
});
export type PullRequestDraft = z.infer<typeof PullRequestDraft>;

export const BranchName = z.string().refine(isRefName, { error: "is not a name for a branch" });

export const ExportRequest = z
  .object({
    projectId: ProjectID,
    pullRequest: PullRequestDraft.extend({
      message: z.string().max(60_000).optional().meta({ description: "Of the commit; title and body without it." }),
      branch: BranchName.optional().meta({ description: "A new branch for it; named after the title without it." }),
      base: BranchName.optional().meta({ description: "The branch to change; the imported one without it." }),
    }).optional(),
    repository: z
      .object({
        name: RepositoryName,
        isPrivate: z.boolean().default(true),
        description: z.string().trim().max(350).default(""),
      })
      .optional(),
  })
  .refine(({ pullRequest, repository }) => (pullRequest === undefined) !== (repository === undefined), {
    error: "Pass either pullRequest or repository.",
  })
  .meta({ id: "ExportRequest" });
export type ExportRequest = z.infer<typeof ExportRequest>;
