import type { SyncState } from "@slipway/contract/sandbox";
import { text } from "#text/sandbox.ts";

/** What a person must know of the project's files before using the sandbox. Undefined while they are all there. */
export interface FileStatus {
  tone: "accent" | "warn" | "bad";
  /** For the chip. */
  short: string;
  /** For a line of its own. */
  line: string;
  canRetry: boolean;
}

/** A pull of fewer files passes too quickly to be told. */
const manyFiles = 50;

export function fileStatus(sync: SyncState): FileStatus | undefined {
  const { state, rev, pulled, missing, error } = sync;
  if (state === "offline")
    return { tone: "bad", short: text.syncFailed, line: text.syncFailedLine(error ?? ""), canRetry: true };
  const isFirst = rev === 0 && (state === "pulling" || state === "closed");
  if (isFirst || (state === "pulling" && pulled >= manyFiles))
    return { tone: "accent", short: text.arriving(pulled), line: text.arrivingLine(pulled), canRetry: false };
  const [first] = missing;
  if (first === undefined) return undefined;
  return {
    tone: "warn",
    short: text.missing(missing.length),
    line: text.missingLine(missing.length, first.path, first.reason),
    canRetry: true,
  };
}
