import { request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { AwsError, readBody } from "../endpoint.ts";
import { payloadLimit } from "../lambda/runtime.ts";
import { createAssets } from "./assets.ts";
import type { WebSource } from "./front.ts";
import { fromReply, sendReply, toEvent } from "./http-event.ts";

/** The built web: its files, and its server in the Lambda runtime. */
export function builtWeb(output: string, origin: URL, invoke: (event: unknown) => Promise<unknown>): WebSource {
  const assets = createAssets(join(output, "public"));
  return {
    async answer(request, response, translate) {
      if (await assets.serve(request, response)) return;
      try {
        const body = await readBody(request, payloadLimit - 64 * 1024);
        sendReply(response, translate(fromReply(await invoke(toEvent(request, body, origin)))));
      } catch (error) {
        const status = error instanceof AwsError ? error.status : 502;
        const text = "<!doctype html><title>Slipway</title><p>This page could not be made. Reload in a moment.</p>";
        sendReply(response, {
          status,
          headers: { "content-type": "text/html; charset=utf-8" },
          body: Buffer.from(text),
        });
      }
    },
  };
}

/** A development server on loopback, hot reload included. */
export function developmentWeb(url: URL): WebSource {
  return {
    answer(request: IncomingMessage, response: ServerResponse) {
      return new Promise((resolve) => {
        const upstream = httpRequest(
          { host: url.hostname, port: url.port, method: request.method, path: request.url, headers: request.headers },
          (reply) => {
            response.writeHead(reply.statusCode ?? 502, reply.headers);
            reply.pipe(response).on("close", resolve);
          },
        );
        upstream.on("error", () => {
          response.writeHead(502).end("The development server of the web is not ready. Reload in a moment.");
          resolve();
        });
        request.pipe(upstream);
      });
    },
    upgrade(request, socket, head) {
      const upstream = connect(Number(url.port), url.hostname, () => {
        const headers = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
        upstream.write(`${[`GET ${request.url} HTTP/1.1`, ...headers].join("\r\n")}\r\n\r\n`);
        upstream.write(head);
        upstream.pipe(socket).pipe(upstream);
      });
      upstream.on("error", () => socket.destroy());
      socket.on("error", () => upstream.destroy());
    },
  };
}
