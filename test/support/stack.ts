import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { patience } from "./patience.ts";

/** The whole product as `npm start` runs it, in its own process so that a test can kill it. */
export interface Stack {
  readonly url: string;
  /** Milliseconds from spawn to ready. */
  readonly startedIn: number;
  readonly pid: number;
  output(): string;
  /** Sends SIGKILL. */
  kill(): Promise<void>;
  /** Ctrl+C; resolves to the exit code. */
  stop(): Promise<number>;
}

export interface StackOptions {
  /** Data folder; `temporaryFolder()` for a new one. */
  data: string;
  port?: number;
  /** Extra environment, such as `SLIPWAY_FREE_RUNS`. The demo model is instant by default. */
  env?: Record<string, string>;
}

const root = join(import.meta.dirname, "../..");

export async function startStack(options: StackOptions): Promise<Stack> {
  const port = options.port ?? (await freePort());
  const began = performance.now();
  const child = spawn(process.execPath, [join(root, ".build/local/local.js")], {
    cwd: root,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: process.env.HOME ?? "",
      PORT: String(port),
      SLIPWAY_DATA: options.data,
      SLIPWAY_DEMO_PACE: "0",
      ...options.env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stderr.on("data", (chunk) => (output += String(chunk)));
  const exited = new Promise<number>((resolve) => child.on("exit", (code) => resolve(code ?? -1)));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (chunk) => {
      output += String(chunk);
      const found = /Slipway is ready at (\S+)/.exec(output);
      if (found?.[1]) resolve(found[1]);
    });
    void exited.then((code) => reject(new Error(`exited with ${code} before it was ready:\n${output}`)));
    setTimeout(() => reject(new Error(`not ready within ${patience} ms:\n${output}`)), patience).unref();
  });
  const url = await ready;
  return {
    url,
    startedIn: performance.now() - began,
    pid: child.pid ?? 0,
    output: () => output,
    async kill() {
      child.kill("SIGKILL");
      await exited;
    },
    stop() {
      child.kill("SIGINT");
      return exited;
    },
  };
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "slipway-"));
  // Users that sandboxes run as pass through, so what sandboxes leave is in it.
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" && address ? address.port : 0));
    });
  });
}
