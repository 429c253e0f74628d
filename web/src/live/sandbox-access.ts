import { createSandboxToken } from "@slipway/contract/routes/sandbox";
import type { SandboxAccess } from "@slipway/contract/sandbox-state";
import { call } from "../api/call.ts";

/** Milliseconds before a token expires at which another one is asked for. */
const renewBefore = 60_000;

/** A token for the project's sockets in the sandbox. One serves them all until it nearly expires. */
export interface Access {
  /** @throws ApiError conflict if the sandbox is not running */
  get(): Promise<SandboxAccess>;
  /** The sandbox may be another one now. */
  forget(): void;
}

export function createAccess(projectID: string, ask = askServer): Access {
  let current: Promise<SandboxAccess> | undefined;
  let expiresAt = 0;
  return {
    get() {
      if (current && Date.now() < expiresAt - renewBefore) return current;
      // Until it is there, all callers share the request.
      expiresAt = Number.POSITIVE_INFINITY;
      const asked = ask(projectID).then(
        (access) => {
          if (current === asked) expiresAt = access.expiresAt;
          return access;
        },
        (error: unknown) => {
          if (current === asked) current = undefined;
          throw error;
        },
      );
      return (current = asked);
    },
    forget() {
      current = undefined;
    },
  };
}

function askServer(id: string): Promise<SandboxAccess> {
  // A terminal's token also watches.
  return call(createSandboxToken, { params: { id }, body: { scope: "terminal" } });
}
