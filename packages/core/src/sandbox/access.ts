import { connect } from "@slipway/sandbox/client";
import type { SandboxControl } from "@slipway/sandbox/session";
import {
  parseSigningKey,
  publicKeyText,
  parsePublicKeys,
  signToken,
  verifyToken,
  type Claims,
} from "@slipway/sandbox/token";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import type { SandboxRecord } from "./record.ts";

/** Tokens for sandboxes, and the client that uses them. Only this module knows the key. */

/** Lives of tokens, in seconds. */
export const lives = { control: 300, claim: 300, watch: 300, terminal: 300, preview: 3600, sync: 3600 } as const;

let key: ReturnType<typeof parseSigningKey> | undefined;
function signingKey(): ReturnType<typeof parseSigningKey> {
  return (key ??= parseSigningKey(resource("SandboxKey").value));
}

/** For the environment of the runner, which trusts nothing else. */
export function publicKeys(): string {
  return publicKeyText(signingKey());
}

export interface Grant {
  scope: Claims["scope"];
  projectID?: string | undefined;
  /** Of a preview. */
  port?: number | undefined;
  /** The only host on which the edge accepts it. */
  host?: string | undefined;
}

export function tokenFor(
  { sandboxID, epoch, origin }: Pick<SandboxRecord, "sandboxID" | "epoch" | "origin">,
  { scope, projectID, port, host }: Grant,
): { token: string; expires: number } {
  const expires = Math.floor(now() / 1000) + lives[scope];
  const token = signToken(signingKey(), {
    sandbox: sandboxID,
    epoch,
    scope,
    exp: expires,
    ...(scope === "sync" ? {} : { origin }),
    ...(projectID === undefined ? {} : { project: projectID }),
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  });
  return { token, expires };
}

/** The claims of a token that this deployment has signed and that holds. */
export function verify(token: string): Claims | undefined {
  return verifyToken(token, parsePublicKeys(publicKeys()), now());
}

/** A running sandbox, through the edge. */
export function reach(record: Pick<SandboxRecord, "sandboxID" | "epoch" | "origin">): SandboxControl {
  return connect({
    url: resource("SandboxEdge").control,
    token: (scope, projectID) => tokenFor(record, { scope, projectID }).token,
  });
}

/** The host of a preview, where each has one of its own; undefined where all share one. */
export function previewHost(sandboxID: string, projectID: string, port: number): string | undefined {
  const { previews } = resource("SandboxEdge");
  if (!previews.includes("*")) return undefined;
  const suffix = (id: string) => id.slice(id.indexOf("_") + 1).toLowerCase();
  return new URL(previews.replace("*", `p${port}-${suffix(projectID)}-${suffix(sandboxID)}`)).host;
}
