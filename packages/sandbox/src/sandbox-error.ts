import type { RunnerErrorCode } from "./protocol.ts";

/**
 * A sandbox that did not do what was asked. `unreachable`: it may be gone, or slow; `invalid_reply`: it does not speak the
 * protocol, or exceeds its bounds. All other codes are the runner's own.
 */
export class SandboxError extends Error {
  override readonly name = "SandboxError";
  readonly code: RunnerErrorCode | "unreachable" | "invalid_reply";

  constructor(code: SandboxError["code"], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
  }
}
