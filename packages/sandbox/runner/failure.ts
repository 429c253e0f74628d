import type { RunnerErrorCode } from "../src/protocol.ts";

/** What a request may be answered with in place of a result. Any other exception is a bug and becomes `internal`. */
export class Failure extends Error {
  override readonly name = "Failure";
  readonly code: RunnerErrorCode;

  constructor(code: RunnerErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }

  get status(): number {
    return statusByCode[this.code];
  }
}

const statusByCode: Record<RunnerErrorCode, number> = {
  bad_request: 400,
  unauthorized: 401,
  refused: 403,
  not_found: 404,
  unclaimed: 409,
  already_claimed: 409,
  not_open: 409,
  too_large: 413,
  busy: 429,
  internal: 500,
  sync_failed: 502,
  disk_full: 507,
};

export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (isDiskFull(error))
    return new Failure("disk_full", "The sandbox's disk is full. Delete files to continue.", error);
  return new Failure("internal", error instanceof Error ? error.message.slice(0, 500) : "unknown", error);
}

/** A quota answers as a full disk does, and so does a limit on files that is set once too much is written. */
export function isDiskFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].some((code) => hasCode(error, code));
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
