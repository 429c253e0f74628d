import { z } from "zod";

/** Every error code, with its HTTP status. */
export const statusByCode = {
  bad_request: 400,
  invalid_json: 400,
  not_signed_in: 401,
  invalid_ticket: 401,
  usage_limit_exceeded: 402,
  not_allowed: 403,
  github_not_connected: 403,
  github_scope_missing: 403,
  cross_site: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  stale_revision: 409,
  name_taken: 409,
  lookalike_name: 409,
  run_ended: 409,
  approval_answered: 409,
  reload_required: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_input: 422,
  invalid_path: 422,
  too_many_changes: 422,
  repository_too_large: 422,
  archive_refused: 422,
  nothing_to_export: 422,
  not_text: 422,
  no_match: 422,
  rate_limited: 429,
  busy: 429,
  internal: 500,
  model_failed: 502,
  github_failed: 502,
  unavailable: 503,
} as const;

export type ErrorCode = keyof typeof statusByCode;

/**
 * An error that the user can understand and act on. One place maps it to HTTP, one to the socket and one to the text for
 * the model. Any other exception is a bug and becomes `internal`.
 */
export class VisibleError extends Error {
  override readonly name = "VisibleError";
  readonly code: ErrorCode;
  /** Additional fields of the error's body, such as the current state after a lost race. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(code: ErrorCode, message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  get status(): number {
    return statusByCode[this.code];
  }
}

export const ErrorBody = z
  .object({
    error: z.looseObject({ code: z.string(), message: z.string() }),
    requestID: z.string(),
  })
  .meta({ description: "Every error of the API. `code` is stable; `message` is for people." });
export type ErrorBody = z.infer<typeof ErrorBody>;
