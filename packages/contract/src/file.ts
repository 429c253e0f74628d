import { z } from "zod";
import { Revision, Time, UploadID } from "./id.ts";

/** Longest path in UTF-8 bytes (a sort key holds 1,024 with its prefix), and longest name, as in file systems. */
export const maxPathBytes = 900;
export const maxNameBytes = 255;
/** Largest text in a JSON body. Larger ones are uploaded to S3. */
export const maxInlineBytes = 4 * 1024 * 1024;
/** Most changes of one commit. DynamoDB takes 100 items in a transaction; head, log, tool call and guards are the others. */
export const maxChanges = 95;

export const FileKind = z.enum(["text", "binary", "folder"]);
export type FileKind = z.infer<typeof FileKind>;

/** A path as sent. This only bounds it; `core/file` normalises and validates it. */
export const FilePath = z.string().min(1).max(4096);

export const FileEntry = z
  .object({
    path: z.string(),
    kind: FileKind,
    size: z.int().nonnegative().meta({ description: "Bytes." }),
    rev: Revision.meta({ description: "The project revision of the last change: the file's ETag." }),
  })
  .meta({ id: "FileEntry" });
export type FileEntry = z.infer<typeof FileEntry>;

export const FileList = z
  .object({
    rev: Revision,
    gen: z.int().meta({ description: "Generation. Drop a cursor of another generation and list again." }),
    files: z.array(FileEntry),
  })
  .meta({ id: "FileList" });
export type FileList = z.infer<typeof FileList>;

export const FileContent = FileEntry.extend({
  content: z.string().optional().meta({ description: "The text of a text file." }),
  url: z.string().optional().meta({ description: "Where a binary or very large file is read: presigned, 5 minutes." }),
}).meta({ id: "FileContent" });
export type FileContent = z.infer<typeof FileContent>;

export const PutFile = z
  .union([
    z.object({
      content: z.string(),
      merge: z.boolean().optional().meta({
        description: "Merge with what others wrote since `If-Match`, where the lines do not overlap.",
      }),
    }),
    z.object({ upload: UploadID.meta({ description: "A finished upload of `POST /api/uploads`." }) }),
    z.object({ kind: z.literal("folder") }),
  ])
  .meta({ id: "PutFile" });

/**
 * One change of a batch. `rev` is the file revision that the writer read. A `put` without it creates, and fails if the path
 * exists. A `delete` or `move` without it is unconditional. Folders are moved, deleted and copied with their contents.
 */
export const FileChange = z
  .discriminatedUnion("op", [
    z.object({ op: z.literal("put"), path: FilePath, content: z.string(), rev: Revision.optional() }),
    z.object({ op: z.literal("delete"), path: FilePath, rev: Revision.optional() }),
    z.object({ op: z.literal("move"), path: FilePath, to: FilePath, rev: Revision.optional() }),
    z.object({ op: z.literal("copy"), path: FilePath, to: FilePath }),
    z.object({ op: z.literal("folder"), path: FilePath }),
  ])
  .meta({ id: "FileChange" });
export type FileChange = z.infer<typeof FileChange>;

/** One line of the log: what a commit did to a path. */
export const LoggedChange = z
  .object({
    path: z.string(),
    op: z.enum(["put", "delete"]),
    kind: FileKind.optional(),
    size: z.int().optional(),
    from: z.string().optional().meta({ description: "The old path of a moved file. Its delete is a separate change." }),
  })
  .meta({ id: "LoggedChange" });
export type LoggedChange = z.infer<typeof LoggedChange>;

/** Who changed files: a person, an agent's run, a sandbox's sync, or an exchange with GitHub. */
export const Writer = z
  .object({ kind: z.enum(["person", "run", "sync", "transfer"]), id: z.string() })
  .meta({ id: "Writer" });
export type Writer = z.infer<typeof Writer>;

export const Commit = z
  .object({
    rev: Revision,
    at: Time,
    writer: Writer,
    changes: z.array(LoggedChange),
  })
  .meta({ id: "Commit" });
export type Commit = z.infer<typeof Commit>;

export const ChangesSince = z
  .object({
    rev: Revision,
    gen: z.int(),
    commits: z.array(Commit),
    reload: z.boolean().meta({ description: "The cursor is of an earlier generation: list again." }),
  })
  .meta({ id: "ChangesSince" });
export type ChangesSince = z.infer<typeof ChangesSince>;

/** A version of a file in the project's log. */
export const FileVersion = z
  .object({
    rev: Revision,
    at: Time,
    writer: Writer,
    path: z.string().meta({ description: "The path that it had then." }),
    size: z.int().nonnegative(),
  })
  .meta({ id: "FileVersion" });
export type FileVersion = z.infer<typeof FileVersion>;

export const Checkpoint = z
  .object({ rev: Revision, label: z.string(), at: Time, files: z.int() })
  .meta({ id: "Checkpoint" });
export type Checkpoint = z.infer<typeof Checkpoint>;

/** Which commits to undo: those above `from`, up to `to`. */
export const UndoRange = z
  .object({
    from: Revision,
    to: Revision,
    writer: Writer.optional().meta({ description: "Only the commits of this writer." }),
    paths: z.array(FilePath).max(5000).optional().meta({ description: "Only these paths, and everything below them." }),
  })
  .meta({ id: "UndoRange" });
export type UndoRange = z.infer<typeof UndoRange>;

/** The result of a change of files. */
export const Changed = z
  .object({
    rev: Revision,
    undo: UndoRange.meta({ description: "Undoes this change." }),
    kept: z.array(z.string()).meta({ description: "Unchanged, because someone has edited them since." }),
  })
  .meta({ id: "Changed" });
export type Changed = z.infer<typeof Changed>;

const flag = z.stringbool().or(z.boolean()).default(false);
/** A search. Expressions are RE2's: linear time. */
export const SearchQuery = z.object({
  query: z.string().min(1).max(1000),
  isRegex: flag,
  caseSensitive: flag,
  wholeWord: flag,
  include: z.string().max(500).optional().meta({ description: "Globs, by commas: `*.ts, docs`." }),
  exclude: z.string().max(500).optional(),
});
export type SearchQuery = z.infer<typeof SearchQuery>;

export const FoundLine = z.object({
  line: z.int().positive(),
  column: z.int().meta({ description: "Of the match, from 0, in UTF-16 units." }),
  length: z.int().positive(),
  text: z.string().meta({ description: "The line, or what is around the match in a long one." }),
  at: z.int().meta({ description: "Where the match is in `text`." }),
  replacement: z.string().optional().meta({ description: "The replacement of the match." }),
});
export type FoundLine = z.infer<typeof FoundLine>;

export const FoundFile = z
  .object({ path: z.string(), rev: Revision, lines: z.array(FoundLine) })
  .meta({ id: "FoundFile" });
export type FoundFile = z.infer<typeof FoundFile>;

/** A file that was not searched to its end, and the limit it hit. */
export const IncompleteFile = z
  .object({
    path: z.string(),
    reason: z.enum(["too_large", "long_line", "out_of_time", "too_many_matches"]),
  })
  .meta({ id: "IncompleteFile" });
export type IncompleteFile = z.infer<typeof IncompleteFile>;
