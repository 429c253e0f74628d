import { SandboxID } from "@slipway/contract/id";
import { runnerPort } from "@slipway/contract/sandbox";
import { idleTime } from "@slipway/contract/sandbox-state";
import { z } from "zod";
import { parsePublicKeys } from "../src/token.ts";

/** The runner's environment, which is all that it is given. None of it is secret, and none reaches a command. */

/** An empty variable is none. */
function optional<T extends z.ZodType>(schema: T) {
  return z.preprocess((value) => (value === "" ? undefined : value), schema.optional());
}
const count = z.coerce.number().int().nonnegative();
const Environment = z.object({
  /** `kid.key`, separated by commas. */
  SLIPWAY_PUBLIC_KEYS: z.string().min(1),
  /** Both or neither: a task of a pool learns them by its claim. */
  SLIPWAY_SANDBOX_ID: optional(SandboxID),
  SLIPWAY_EPOCH: optional(count),
  /** An inherited listener, in place of the port. */
  SLIPWAY_LISTEN_FD: optional(count),
  SLIPWAY_PORT: count.default(runnerPort),
  SLIPWAY_WORKSPACES: z.string().default("/workspaces"),
  /** What the runner itself keeps: outputs of commands, cursors of sync. */
  SLIPWAY_STATE: z.string().default("/var/lib/slipway"),
  SLIPWAY_IDLE_MS: count.default(idleTime),
  /** Once it is idle it stops by itself when the control plane has asked for nothing for this long. */
  SLIPWAY_UNHEARD_MS: count.default(10 * 60_000),
  /** It stops after this time, whatever happens. */
  SLIPWAY_LIFETIME_MS: count.default(12 * 3_600_000),
  /** A proxy's Unix socket: the only way out of a sandbox without a network. */
  SLIPWAY_EGRESS_SOCKET: optional(z.string()),
  /** Lines of JSON from the sandbox's launcher, for its user. */
  SLIPWAY_NOTICES: optional(z.string()),
  /** What the sandbox uses of its limits, from its launcher. */
  SLIPWAY_USAGE: optional(z.string()),
  /** Each workspace gets a user of its own from here on. For a runner that may change its user (root). */
  SLIPWAY_FIRST_UID: optional(count),
  PATH: z.string().default("/usr/local/bin:/usr/bin:/bin"),
  HOME: z.string().default("/tmp"),
  LANG: z.string().default("C.UTF-8"),
  TZ: z.string().optional(),
  NODE_EXTRA_CA_CERTS: z.string().optional(),
});

export type Config = ReturnType<typeof readConfig>;

/** @throws ZodError */
export function readConfig() {
  const env = Environment.parse(process.env);
  return {
    publicKeys: parsePublicKeys(env.SLIPWAY_PUBLIC_KEYS),
    sandbox: env.SLIPWAY_SANDBOX_ID,
    epoch: env.SLIPWAY_EPOCH,
    listenFD: env.SLIPWAY_LISTEN_FD,
    port: env.SLIPWAY_PORT,
    workspaces: env.SLIPWAY_WORKSPACES,
    state: env.SLIPWAY_STATE,
    idleMs: env.SLIPWAY_IDLE_MS,
    unheardMs: env.SLIPWAY_UNHEARD_MS,
    lifetimeMs: env.SLIPWAY_LIFETIME_MS,
    notices: env.SLIPWAY_NOTICES,
    usage: env.SLIPWAY_USAGE,
    egressSocket: env.SLIPWAY_EGRESS_SOCKET,
    firstUID: process.getuid?.() === 0 ? env.SLIPWAY_FIRST_UID : undefined,
    /** What a command's environment begins with. */
    environment: {
      PATH: env.PATH,
      HOME: env.HOME,
      LANG: env.LANG,
      ...(env.TZ ? { TZ: env.TZ } : {}),
      ...(env.NODE_EXTRA_CA_CERTS ? { NODE_EXTRA_CA_CERTS: env.NODE_EXTRA_CA_CERTS } : {}),
    },
  };
}
