/** A refusal before the stream starts: HTTP status, the service's error type, and Retry-After if any. */
export class ModelRefusal extends Error {
  readonly status: number;
  readonly errorType: string;
  readonly retryAfter: string | undefined;
  constructor(status: number, errorType: string, message: string, retryAfter?: string) {
    super(message);
    this.status = status;
    this.errorType = errorType;
    this.retryAfter = retryAfter;
  }
}

/** As Bedrock refuses what it checks itself. */
export function refuse(message: string): never {
  throw new ModelRefusal(400, "ValidationException", message);
}

/** As it passes on what the model behind it refuses. */
export function modelRefuses(message: string): never {
  refuse(`The model returned the following errors: ${message}`);
}

/** A field outside of what the API's schema allows. Lists count from 1 in `at`, with `member` after each. */
export function violates(at: string, value: unknown, constraint: string): never {
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  refuse(`1 validation error detected: Value '${shown}' at '${at}' failed to satisfy constraint: ${constraint}`);
}
