import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { startCloud } from "./cloud.ts";
import { readConfig } from "./config.ts";
import { freePort, watchFunctions } from "./development.ts";
import { say } from "./log.ts";

/** `npm start`: the whole product on one machine, until Ctrl+C. */

const root = process.cwd();

async function main(): Promise<void> {
  const config = readConfig();
  let vite: ChildProcess | undefined;
  let webURL: URL | undefined;
  if (config.development) {
    const port = await freePort();
    webURL = new URL(`http://127.0.0.1:${port}`);
    vite = spawn(
      process.execPath,
      [join(root, "node_modules/vite/bin/vite.js"), "--port", String(port), "--host", "127.0.0.1", "--strictPort"],
      {
        cwd: join(root, "web"),
        stdio: "inherit",
      },
    );
  }
  const cloud = await startCloud({ ...config, root, ...(webURL ? { webURL } : {}) });
  const unwatch = config.development ? await watchFunctions(root, (name) => cloud.recycle([name])) : undefined;

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    // Whatever hangs must not keep the terminal.
    setTimeout(() => process.exit(0), 2000).unref();
    vite?.kill();
    await unwatch?.();
    await cloud.close();
    process.exit(0);
  }
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());

  // The first request pays for loading the API; better now than for the person.
  await fetch(`${cloud.url}/api/health`).catch(() => undefined);
  say(`Slipway is ready at ${cloud.url}`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
