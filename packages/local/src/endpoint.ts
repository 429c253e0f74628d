import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isAllowed, type Principal } from "./principal.ts";
import { noteBody, verifySignature, type VerifyOptions } from "./sigv4.ts";

/** Shared by the AWS-like HTTP endpoints: reading bodies, signatures, grants, listening. */

export class AwsError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/**
 * Bytes beyond the limit that are read and discarded. A client that is refused while it still sends sees a broken
 * connection instead of the reply.
 */
const maxDiscarded = 64 * 1024 * 1024;

/** Reads a body into memory. @throws AwsError 413 past `limit` bytes. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= limit) chunks.push(chunk);
    else if (size > limit + maxDiscarded) throw tooLarge(limit);
  }
  if (size > limit) throw tooLarge(limit);
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): AwsError {
  return new AwsError(413, "RequestTooLarge", `The body is larger than ${limit} bytes.`);
}

/** The principal that signed a request. A request with an Origin comes from a page and is refused. @throws AwsError 403 */
export function authenticate(request: IncomingMessage, body: Buffer, options: VerifyOptions): Principal {
  if (request.headers.origin !== undefined) throw new AwsError(403, "AccessDeniedException", "Not for web pages.");
  noteBody(request, body);
  const verified = verifySignature(request, options);
  if (verified.ok) return verified.principal;
  const codes = {
    MissingAuthentication: "MissingAuthenticationTokenException",
    UnknownKey: "UnrecognizedClientException",
    Mismatch: "InvalidSignatureException",
    Expired: "InvalidSignatureException",
  } as const;
  throw new AwsError(verified.code === "Mismatch" ? 403 : 400, codes[verified.code], verified.message);
}

/** @throws AwsError 400 AccessDeniedException, worded as AWS words it. */
export function requireGrant(principal: Principal, action: string, resource: Parameters<typeof isAllowed>[2]): void {
  if (isAllowed(principal, action, resource)) return;
  throw new AwsError(
    400,
    "AccessDeniedException",
    `User: ${principal.name} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
  );
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body ?? {});
  response
    .writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "x-amzn-requestid": randomUUID(),
      "content-length": Buffer.byteLength(text),
    })
    .end(text);
}

/** Listens on a free loopback port. `HOST` affects only the app, so this is never exposed. */
export async function listenOnLoopback(server: Server): Promise<string> {
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

export async function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

/**
 * A server of the AWS JSON protocol: `X-Amz-Target: <service>.<Operation>` and a JSON body. An `AwsError` from `handle`
 * becomes the error body that the SDK turns into a typed exception.
 */
export function createJsonEndpoint(options: {
  principals: readonly Principal[];
  bodyLimit: number;
  handle(operation: string, input: Record<string, unknown>, principal: Principal): unknown;
  errorBody?(error: unknown): { status: number; body: Record<string, unknown> } | undefined;
  /** Called for unexpected errors. */
  onBug(error: unknown): void;
}): Server {
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const body = await readBody(request, options.bodyLimit);
      const principal = authenticate(request, body, { principals: options.principals });
      const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
      sendJson(response, 200, await options.handle(operation, parseObject(body), principal));
    } catch (error) {
      if (response.headersSent || response.destroyed) return;
      if (error instanceof AwsError) {
        return sendJson(response, error.status, { __type: error.code, message: error.message });
      }
      const known = options.errorBody?.(error);
      if (known) return sendJson(response, known.status, known.body);
      options.onBug(error);
      sendJson(response, 500, { __type: "InternalServerError", message: "Internal error" });
    }
  }
  return createServer((request, response) => void answer(request, response));
}

function parseObject(body: Buffer): Record<string, unknown> {
  let input: unknown;
  try {
    input = JSON.parse(body.toString());
  } catch (cause) {
    throw Object.assign(new AwsError(400, "SerializationException", "The body is not JSON."), { cause });
  }
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new AwsError(400, "SerializationException", "The body is not a JSON object.");
  }
  return Object.fromEntries(Object.entries(input));
}
