import { connect, createServer } from "node:net";
import { proxyPort } from "./environment.ts";

/** Where a sandbox has no network: commands reach the proxy's Unix socket by a port of this host. */
export function forwardEgress(socketPath: string): Promise<void> {
  const server = createServer((client) => {
    const upstream = connect(socketPath);
    client.pipe(upstream);
    upstream.pipe(client);
    const close = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const side of [client, upstream]) side.on("error", close).on("close", close);
  });
  server.unref();
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(proxyPort, "127.0.0.1", resolve);
  });
}
