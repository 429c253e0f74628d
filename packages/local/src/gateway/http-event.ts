import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { z } from "zod";

/** API Gateway's HTTP payload, version 2.0, as Lambda function URLs send it. */
export function toEvent(request: IncomingMessage, body: Buffer, origin: URL): Record<string, unknown> {
  const [rawPath = "/", rawQueryString = ""] = (request.url ?? "/").split("?");
  const { cookie, ...rest } = request.headers;
  const headers = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : (value ?? "")]),
  );
  const isText = isUtf8Text(body);
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; ?/) }),
    headers: { ...headers, "x-forwarded-proto": origin.protocol.slice(0, -1), "x-forwarded-host": origin.host },
    ...(rawQueryString === ""
      ? {}
      : { queryStringParameters: Object.fromEntries(new URLSearchParams(rawQueryString)) }),
    requestContext: {
      accountId: "anonymous",
      apiId: "local",
      domainName: origin.host,
      domainPrefix: "local",
      http: {
        method: request.method,
        path: rawPath,
        protocol: "HTTP/1.1",
        sourceIp: request.socket.remoteAddress ?? "127.0.0.1",
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey: "$default",
      stage: "$default",
      time: new Date().toISOString(),
      timeEpoch: Date.now(),
    },
    ...(body.length === 0 ? {} : { body: isText ? body.toString() : body.toString("base64") }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

const Reply = z.object({
  statusCode: z.number().default(200),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().optional(),
  isBase64Encoded: z.boolean().default(false),
});

export interface HttpReply {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

/** A function's reply as HTTP. @throws when it is not one. */
export function fromReply(value: unknown): HttpReply {
  const reply = Reply.parse(value);
  const headers: Record<string, string | string[]> = {};
  for (const [name, of] of Object.entries(reply.headers)) headers[name.toLowerCase()] = String(of);
  if (reply.cookies.length > 0) headers["set-cookie"] = reply.cookies;
  return {
    status: reply.statusCode,
    headers,
    body: Buffer.from(reply.body ?? "", reply.isBase64Encoded ? "base64" : "utf8"),
  };
}

export function sendReply(response: ServerResponse, reply: HttpReply): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(reply.status, { ...reply.headers, "content-length": reply.body.length }).end(reply.body);
}

/** An error in the API's shape, for requests that the gateway itself refuses. */
export function sendError(response: ServerResponse, status: number, code: string, message: string): void {
  const body = Buffer.from(JSON.stringify({ error: { code, message }, requestID: `req_${randomUUID()}` }));
  sendReply(response, { status, headers: { "content-type": "application/json", "cache-control": "no-store" }, body });
}

function isUtf8Text(body: Buffer): boolean {
  return !body.includes(0) && Buffer.compare(Buffer.from(body.toString()), body) === 0;
}
