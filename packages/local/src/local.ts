import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { startCloud } from "./cloud.ts";
import { childEnvironment, readConfig } from "./config.ts";
import { isWildcard, networkAddresses } from "./gateway/network.ts";
import { freePort, watchFunctions } from "./development.ts";
import { say } from "./log.ts";

/** `npm start`: the whole product on one machine, until Ctrl+C. */

const root = process.cwd();

async function main(): Promise<void> {
  const config = readConfig();
  const vitePort = config.development ? await freePort() : undefined;
  const webURL = vitePort === undefined ? undefined : new URL(`http://127.0.0.1:${vitePort}`);
  const cloud = await startCloud({ ...config, root, ...(webURL ? { webURL } : {}) });
  const vite = vitePort === undefined ? undefined : startVite(vitePort, cloud.webEnvironment);
  const unwatch = config.development ? await watchFunctions(root, (name) => cloud.recycle([name])) : undefined;

  let stopping = false;
  async function stop(): Promise<void> {
    if (stopping) return;
    stopping = true;
    // A hanging close must not keep the terminal.
    setTimeout(() => process.exit(0), 2000).unref();
    vite?.kill();
    await unwatch?.();
    await cloud.close();
    process.exit(0);
  }
  process.on("SIGINT", () => void stop());
  process.on("SIGTERM", () => void stop());

  // The first request loads the API, so make it before anybody waits for it.
  await fetch(`${cloud.url}/api/health`).catch(() => undefined);
  if (webURL) await reachable(webURL);
  say(`Slipway is ready at ${cloud.url}`);
  // Anyone who can open it can sign in under any name.
  if (isWildcard(config.host))
    for (const address of networkAddresses()) say(`On your network: http://${address}:${new URL(cloud.url).port}`);
}

/** The web's development server. It reads its port from the environment. */
function startVite(port: number, environment: Readonly<Record<string, string>>): ChildProcess {
  const vite = join(root, "node_modules/vite/bin/vite.js");
  return spawn(process.execPath, [vite, "--host", "127.0.0.1", "--strictPort", "--port", String(port)], {
    cwd: join(root, "web"),
    stdio: ["ignore", "ignore", "inherit"],
    env: childEnvironment({ ...environment, NODE_ENV: "development", PORT: String(port) }),
  });
}

async function reachable(url: URL): Promise<void> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const reply = await fetch(url, { redirect: "manual" }).catch(() => undefined);
    if (reply) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
