import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { previews as spec } from "@slipway/manifest";
import { closeServer } from "../endpoint.ts";
import { FunctionError } from "../lambda/runtime.ts";
import { bug } from "../log.ts";
import type { Service } from "../service.ts";
import { fromReply, sendError, sendReply, toEvent } from "./http-event.ts";

/**
 * Previews: a port of their own, where each is a host below `localhost`, which browsers resolve by themselves. For a browser
 * each is a site apart from the app.
 */
export const previews: Service = {
  async start({ options, origin, invoke }) {
    async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const host = request.headers.host ?? "";
      if (!host.endsWith(`.localhost:${port}`))
        return sendError(response, 421, "not_allowed", "Open a preview from its project.");
      if (request.method !== "GET" && request.method !== "HEAD")
        return sendError(response, 405, "not_allowed", "Previews are read only.");
      try {
        const event = toEvent(request, Buffer.alloc(0), new URL(`http://${host}`));
        sendReply(response, fromReply(await invoke(spec.function, event)));
      } catch (error) {
        if (!(error instanceof FunctionError)) bug("previews", error);
        sendError(response, 502, "unavailable", "The preview could not be served. Reload it.");
      }
    }
    const server = createServer((request, response) => void answer(request, response));
    const port = await listen(server, options);
    return {
      links: { Previews: { origin: `${origin.protocol}//*.localhost:${port}` } },
      close: () => closeServer(server),
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
