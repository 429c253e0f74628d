import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { previews as spec, sandboxEdge } from "@slipway/manifest";
import { createEdge as createEdgeFunctions } from "@slipway/sandbox/edge";
import { createEdge } from "../edge/edge.ts";
import { closeServer } from "../endpoint.ts";
import { FunctionError } from "../lambda/runtime.ts";
import { bug } from "../log.ts";
import type { Service } from "../service.ts";
import { fromReply, sendError, sendReply, toEvent } from "./http-event.ts";

/**
 * What runs strangers' code: a port of its own, with hosts below `localhost`, which browsers resolve by themselves. For a
 * browser each is a site apart from the app. `p<port>-<project>-<sandbox>` shows a server in a sandbox, `sandbox` is where pages and
 * functions reach its runner, and every other label shows a project's files.
 */
export const previews: Service = {
  async start({ options, origin, secrets, invoke, taskPort }) {
    const [kid = "", , mac = ""] = secrets.sandboxKey.split(".");
    const edge = createEdge({
      functions: createEdgeFunctions(
        new Map([
          [`mac-${kid}`, mac],
          ["origins", sandboxEdge.origins],
        ]),
      ),
      portOf: taskPort,
    });
    const upgraded = new Set<Duplex>();

    /** Functions know no names below `localhost`; they come with a token. */
    function isOfSandbox({ headers }: IncomingMessage): boolean {
      const { host = "" } = headers;
      if (host === `127.0.0.1:${port}`) return headers["x-slipway-token"] !== undefined;
      return new RegExp(`^(?:sandbox|p\\d+-[0-9a-z-]+)\\.localhost:${port}$`).test(host);
    }

    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const host = request.headers.host ?? "";
      try {
        if (isOfSandbox(request)) return await edge.answer(request, response);
        if (!host.endsWith(`.localhost:${port}`))
          return sendError(response, 421, "not_allowed", "Open a preview from its project.");
        if (request.method !== "GET" && request.method !== "HEAD")
          return sendError(response, 405, "not_allowed", "Previews are read only.");
        const event = toEvent(request, Buffer.alloc(0), new URL(`http://${host}`));
        sendReply(response, fromReply(await invoke(spec.function, event)));
      } catch (error) {
        if (!(error instanceof FunctionError)) bug("previews", error);
        sendError(response, 502, "unavailable", "The preview could not be served. Reload it.");
      }
    }

    const server = createServer((request, response) => void answer(request, response));
    // Uploads into a sandbox, and its answers, take as long as they take; the edge has times of its own.
    server.requestTimeout = 0;
    server.on("upgrade", (request, socket, head) => {
      upgraded.add(socket);
      socket.on("close", () => upgraded.delete(socket));
      if (!isOfSandbox(request)) return void socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
      edge.upgrade(request, socket, head).catch((error: unknown) => {
        bug("previews", error);
        socket.destroy();
      });
    });
    const port = await listen(server, options);
    return {
      links: {
        Previews: { origin: `${origin.protocol}//*.localhost:${port}` },
        SandboxEdge: {
          previews: `${origin.protocol}//*.localhost:${port}`,
          sockets: `ws://sandbox.localhost:${port}`,
          control: `http://127.0.0.1:${port}`,
        },
      },
      async close() {
        for (const socket of upgraded) socket.destroy();
        await closeServer(server);
      },
    };
  },
};

/** Takes the port after the app's unless another is set; one that nobody has chosen gives way to a free one. */
async function listen(server: Server, options: { port: number; previewPort?: number; host: string }): Promise<number> {
  const host = options.host === "localhost" ? "127.0.0.1" : options.host;
  const bind = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, host, () => {
        server.off("error", reject);
        const address = server.address();
        if (address === null || typeof address === "string") reject(new Error("no port"));
        else resolve(address.port);
      });
    });
  const wanted = options.previewPort ?? (options.port === 0 ? 0 : options.port + 1);
  try {
    return await bind(wanted);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    if (options.previewPort !== undefined)
      throw new Error(`Port ${wanted} is in use. Choose another for previews: SLIPWAY_PREVIEW_PORT=${wanted + 1}`, {
        cause: error,
      });
    return bind(0);
  }
}
