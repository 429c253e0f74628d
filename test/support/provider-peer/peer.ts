import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { anthropic } from "./anthropic.ts";
import { chat } from "./chat.ts";
import { google } from "./google.ts";
import { openai } from "./openai.ts";
import { Refused, type Protocol, type Question, type Said } from "./protocol.ts";

/** Providers of models on loopback: each speaks its own protocol, and refuses what the real one refuses. */

const protocols = { anthropic, openai, google, chat } satisfies Record<string, Protocol>;
export type ProtocolName = keyof typeof protocols;

export interface Asked extends Question {
  protocol: ProtocolName;
  body: unknown;
  headers: IncomingMessage["headers"];
  /** A step of a run is; what is asked beside it, as for a title, is not. */
  isStreamed: boolean;
}

export interface Raw {
  status: number;
  body: string;
  headers?: Record<string, string>;
}

export interface ProviderPeer {
  origin: string;
  base(protocol: ProtocolName): string;
  asked: Asked[];
  /** Answers that were closed by the client before they ended. */
  closed: number;
  close(): Promise<void>;
}

/** `"endless"` streams text until the client closes. */
export async function startProviderPeer(options: {
  key: string;
  models: readonly string[];
  answer(asked: Asked): Said | Raw | "endless";
  /** Replaces a list of models. */
  list?: () => Raw | undefined;
}): Promise<ProviderPeer> {
  const asked: Asked[] = [];
  const peer = { closed: 0 };
  const server = createServer((request, response) => void serve(request, response));

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://peer");
    const [, name = ""] = url.pathname.split("/");
    const protocol = isProtocol(name) ? protocols[name] : undefined;
    if (!isProtocol(name) || protocol === undefined) return void response.writeHead(404).end("<h1>Not found</h1>");
    const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
      void response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
    if (protocol.keyOf(request.headers) !== options.key)
      return json(401, protocol.refusal(401, `invalid key ${protocol.keyOf(request.headers)}`));
    const path = url.pathname.slice(protocol.base.length);
    if (request.method === "GET" && path === "/key") return json(200, { data: { label: "a key" } });
    if (request.method === "GET" && path === "/models") {
      const raw = options.list?.();
      if (raw) return void response.writeHead(raw.status, raw.headers).end(raw.body);
      return json(200, protocol.list(options.models));
    }
    let text = "";
    for await (const chunk of request) text += String(chunk);
    const body: unknown = JSON.parse(text);
    try {
      const parsed = protocol.parse(path, body);
      if (parsed === undefined) return json(404, protocol.refusal(404, "no such path"));
      const question = {
        ...parsed,
        protocol: name,
        body,
        headers: request.headers,
        isStreamed: isStreamed(path, body),
      };
      asked.push(question);
      const said = options.answer(question);
      if (said !== "endless" && "status" in said)
        return void response.writeHead(said.status, said.headers).end(said.body);
      if (said !== "endless" && !question.isStreamed) return json(200, protocol.whole(said));
      response.on("close", () => void (response.writableEnded || peer.closed++));
      response.writeHead(200, { "content-type": "text/event-stream" });
      if (said === "endless") return await endless(protocol, response);
      for (const { event, data } of protocol.events(said)) write(response, event, data);
      response.end();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      json(400, protocol.refusal(400, error.message));
    }
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    base: (protocol) => origin + protocols[protocol].base,
    asked,
    get closed() {
      return peer.closed;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Google says it in the path, the others in the body. */
function isStreamed(path: string, body: unknown): boolean {
  if (path.includes(":")) return path.includes(":stream");
  return typeof body === "object" && body !== null && "stream" in body && body.stream === true;
}

function isProtocol(name: string): name is ProtocolName {
  return Object.hasOwn(protocols, name);
}

function write(response: ServerResponse, event: string | undefined, data: unknown): void {
  const json = typeof data === "string" ? data : JSON.stringify(data);
  response.write(`${event === undefined ? "" : `event: ${event}\n`}data: ${json}\n\n`);
}

/** The events of a long answer without its end, over and over its middle. */
async function endless(protocol: Protocol, response: ServerResponse): Promise<void> {
  const all = [...protocol.events({ text: "and ".repeat(3) })];
  const middle = all.findIndex(({ data }) => JSON.stringify(data).includes("and "));
  for (const { event, data } of all.slice(0, middle)) write(response, event, data);
  const again = all[middle];
  while (!response.destroyed && again) {
    write(response, again.event, again.data);
    await sleep(5);
  }
}
