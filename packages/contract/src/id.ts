import { z } from "zod";

/** Ids carry a prefix that says what they name, then a ULID: they sort by time and cannot be mistaken for another kind. */
export const prefixes = {
  user: "usr",
  login: "lgn",
  project: "prj",
  conversation: "cnv",
  message: "msg",
  run: "run",
  file: "fil",
  approval: "apr",
  rule: "rul",
  upload: "upl",
  request: "req",
  ticket: "tkt",
  audit: "aud",
  archive: "arc",
  assist: "ast",
  transfer: "trf",
  operation: "opr",
  sandbox: "sbx",
} as const;

export type IdKind = keyof typeof prefixes;

function id(kind: IdKind) {
  return z.string().regex(new RegExp(`^${prefixes[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`), `not a ${kind} id`);
}

export const UserID = id("user");
export const ProjectID = id("project");
export const ConversationID = id("conversation");
export const MessageID = id("message");
export const RunID = id("run");
export const ApprovalID = id("approval");
export const RuleID = id("rule");
export const UploadID = id("upload");
export const AuditID = id("audit");
export const ArchiveID = id("archive");
export const TransferID = id("transfer");
export const OperationID = id("operation");
export const SandboxID = id("sandbox");

/** Largest number that sorts as text in a key of the table: 15 digits. */
export const maxOrdered = 999_999_999_999_999;

/** Milliseconds since 1970. */
export const Time = z.int().nonnegative().max(maxOrdered);
/** A revision of a project's files: grows by one with every commit. */
export const Revision = z.int().nonnegative().max(maxOrdered);
