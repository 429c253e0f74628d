import { spawn, type ChildProcess } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import { connect } from "../../packages/sandbox/src/client.ts";
import type { CommandFrame } from "../../packages/sandbox/src/protocol.ts";
import type { SandboxControl } from "../../packages/sandbox/src/session.ts";
import {
  createSigningKey,
  parseSigningKey,
  publicKeyText,
  signToken,
  type Claims,
} from "../../packages/sandbox/src/token.ts";

/** For tests: a runner as a process of this machine, in a folder of its own, without an edge in between. */

export const sandbox = "sbx_01KAYE0000000000000000000A";
export const projectID = "prj_01KAYE0000000000000000000B";
export const otherProjectID = "prj_01KAYE0000000000000000000C";
export const key = parseSigningKey(createSigningKey("k1"));

export interface TestRunner {
  url: string;
  port: number;
  folder: string;
  workspace: string;
  process: ChildProcess;
  /** Lines that it logged. */
  logged: string[];
  exited: Promise<number | null>;
  control: SandboxControl;
  token(claims?: Partial<Claims>): string;
  stop(): Promise<void>;
}

const Ready = z.object({ event: z.literal("ready"), port: z.int(), ms: z.number() });

export async function startRunner(
  env: Record<string, string> = {},
  {
    entry = join(import.meta.dirname, "../../packages/sandbox/runner/main.ts"),
    /** Puts the command that starts it into another one. */
    wrap = (argv: string[], _folder: string): string[] => argv,
  } = {},
): Promise<TestRunner> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-runner-"));
  // As in an image: users of workspaces pass through.
  chmodSync(folder, 0o755);
  const [program = "", ...args] = wrap([process.execPath, entry], folder);
  const child = spawn(program, args, {
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      SLIPWAY_PUBLIC_KEYS: publicKeyText(key),
      SLIPWAY_SANDBOX_ID: sandbox,
      SLIPWAY_EPOCH: "1",
      SLIPWAY_PORT: "0",
      SLIPWAY_WORKSPACES: join(folder, "workspaces"),
      SLIPWAY_STATE: join(folder, "state"),
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const logged: string[] = [];
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const port = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).on("line", (line) => {
      logged.push(line);
      const ready = line.startsWith("{") ? Ready.safeParse(JSON.parse(line)).data : undefined;
      if (ready) resolve(ready.port);
    });
    createInterface(child.stderr).on("line", (line) => logged.push(line));
    void exited.then((code) => reject(new Error(`The runner exited with ${code}: ${logged.join("\n")}`)));
  });
  const url = `http://127.0.0.1:${port}`;
  const token = (claims: Partial<Claims> = {}) =>
    signToken(key, {
      sandbox,
      epoch: 1,
      scope: "control",
      project: projectID,
      exp: Math.ceil(Date.now() / 1000) + 300,
      ...(claims.scope === "sync" ? {} : { origin: `127.0.0.1:${port}` }),
      ...claims,
    });
  return {
    url,
    port,
    folder,
    workspace: join(folder, "workspaces", projectID),
    process: child,
    logged,
    exited,
    control: connect({ url, token: (scope, project) => token({ scope, project }) }),
    token,
    async stop() {
      // Politely: it ends what it started.
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Everything that a stream carries. */
export async function collect(
  frames: AsyncIterable<CommandFrame>,
): Promise<{ text: string; frames: CommandFrame[]; last: CommandFrame | undefined }> {
  const all: CommandFrame[] = [];
  const parts: Buffer[] = [];
  for await (const frame of frames) {
    all.push(frame);
    if (frame.type === "output") parts.push(Buffer.from(frame.data, "base64"));
  }
  return { text: Buffer.concat(parts).toString(), frames: all, last: all.at(-1) };
}

/** Whether a process runs. One that nobody has waited for is over. */
export function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
