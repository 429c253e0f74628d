import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";
import { startPeers } from "./sandboxes.ts";
import { root, storageForCore } from "./storage.ts";

/**
 * The API's Lambda handler in this process, on local storage: an event goes in, a reply comes out. Workflows start into
 * a peer that accepts them and runs nothing; sandboxes are peers too, and GitHub is a peer that knows no repository.
 */
export interface Api {
  call(request: ApiRequest): Promise<ApiReply>;
  /** Signs in through the local provider. */
  signIn(name: string, role?: "member" | "admin"): Promise<string[]>;
  /** Requests to DynamoDB that write, so far. */
  writes(): Promise<number>;
  /** Every row of the table but contents, which are stored before the commit that names them. */
  rows(): Promise<string>;
  close(): Promise<void>;
}

export interface ApiRequest {
  method: string;
  path: string;
  query?: string;
  headers?: Record<string, string>;
  cookies?: readonly string[];
  body?: string | Buffer;
}
export interface ApiReply {
  status: number;
  headers: Record<string, string>;
  cookies: string[];
  text: string;
}

const origin = "http://localhost:3000";
const Reply = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()).default({}),
  cookies: z.array(z.string()).default([]),
  body: z.string().default(""),
  isBase64Encoded: z.boolean().default(false),
});

export async function startApi(settings: Record<string, unknown> = {}): Promise<Api> {
  const storage = await storageForCore();
  const sandboxes = await startPeers();
  const peer = await startPeer();
  const peerURL = `http://127.0.0.1:${(peer.address() as AddressInfo).port}`;
  const link = (name: string, value: unknown) => (process.env[`SST_RESOURCE_${name}`] = JSON.stringify(value));
  const machine = (name: string) => ({ arn: `arn:aws:states:us-east-1:000000000000:stateMachine:${name}` });
  link("FileOperation", machine("file-operation"));
  link("MakeArchive", machine("make-archive"));
  link("GithubSync", machine("github-sync"));
  link("AuthProviders", {
    value: JSON.stringify([{ type: "github", clientId: "id", clientSecret: "secret", baseUrl: peerURL }]),
  });
  link("Settings", { ...JSON.parse(process.env.SST_RESOURCE_Settings ?? "{}"), ...settings });
  process.env.AWS_ENDPOINT_URL_SFN = peerURL;
  const { handler } = await import("@slipway/local/api-entry");
  const { DynamoDBClient, ScanCommand } = await import("@aws-sdk/client-dynamodb");
  const table = new DynamoDBClient({
    endpoint: storage.dynamodbURL,
    region: "us-east-1",
    credentials: { accessKeyId: root.accessKeyID, secretAccessKey: root.secretAccessKey },
  });

  async function call({ method, path, query = "", headers = {}, cookies, body }: ApiRequest): Promise<ApiReply> {
    const isText = typeof body === "string";
    const event = {
      version: "2.0",
      routeKey: "$default",
      rawPath: path,
      rawQueryString: query,
      ...(cookies ? { cookies: [...cookies] } : {}),
      headers: { host: "localhost:3000", origin, "sec-fetch-site": "same-origin", ...headers },
      requestContext: { domainName: "localhost:3000", http: { method, path }, requestId: "request" },
      ...(body === undefined ? {} : { body: isText ? body : body.toString("base64") }),
      isBase64Encoded: body !== undefined && !isText,
    };
    const reply = Reply.parse(await handler(event as unknown as Parameters<typeof handler>[0]));
    return {
      status: reply.statusCode,
      headers: reply.headers,
      cookies: reply.cookies,
      text: reply.isBase64Encoded ? Buffer.from(reply.body, "base64").toString() : reply.body,
    };
  }

  return {
    call,
    async signIn(name, role = "member") {
      const jar = new Map<string, string>();
      const keep = (set: readonly string[]) => {
        for (const cookie of set) {
          const [pair = ""] = cookie.split(";");
          jar.set(pair.slice(0, pair.indexOf("=")), pair);
        }
      };
      const csrf = await call({ method: "GET", path: "/api/auth/csrf" });
      keep(csrf.cookies);
      const { csrfToken } = z.object({ csrfToken: z.string() }).parse(JSON.parse(csrf.text));
      const done = await call({
        method: "POST",
        path: "/api/auth/callback/local",
        headers: { "content-type": "application/x-www-form-urlencoded", "x-auth-return-redirect": "1" },
        cookies: [...jar.values()],
        body: new URLSearchParams({ csrfToken, name, role }).toString(),
      });
      if (done.status !== 200) throw new Error(`sign-in failed: ${done.status} ${done.text}`);
      keep(done.cookies);
      return [...jar.values()];
    },
    async writes() {
      const { dynamodb } = await storage.stats();
      return Object.entries(dynamodb)
        .filter(([operation]) => /Put|Update|Delete|Write/.test(operation))
        .reduce((sum, [, { requests }]) => sum + requests, 0);
    },
    async rows() {
      const found: string[] = [];
      let ExclusiveStartKey: Record<string, never> | undefined;
      do {
        const page = await table.send(new ScanCommand({ TableName: "slipway", ExclusiveStartKey }));
        for (const item of page.Items ?? []) if (item.__edb_e__?.S !== "blob") found.push(JSON.stringify(item));
        ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
      } while (ExclusiveStartKey);
      return found.toSorted().join("\n");
    },
    async close() {
      table.destroy();
      await sandboxes.close();
      peer.closeAllConnections();
      await new Promise((resolve) => peer.close(resolve));
      await storage.remove();
    },
  };
}

/** Step Functions that accepts every execution, and a GitHub where nothing is. */
async function startPeer(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    const isStart = String(request.headers["x-amz-target"]).startsWith("AWSStepFunctions.");
    response.writeHead(isStart ? 200 : 404, { "content-type": "application/json" });
    response.end(JSON.stringify(isStart ? { executionArn: "arn:aws:states:::execution:a:b", startDate: 0 } : {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}
