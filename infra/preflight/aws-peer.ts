import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** The part of AWS that preflight talks to, on loopback. For tests. */
export interface AwsPeer {
  readonly url: string;
  /** Requests that would have created something: `PUT /bucket`, `AmazonSSM.PutParameter`. */
  readonly made: string[];
  /** Models that were called. */
  readonly models: string[];
  answers: Answers;
  close(): Promise<void>;
}

export interface Answers {
  credentials: "work" | "expired" | "unknown";
  hasBoundary: boolean;
  hasLogRole: boolean;
  /** Bedrock's error, by a part of the model's name. */
  modelErrors: Readonly<Record<string, { name: string; message?: string }>>;
  concurrency: number;
  /** Bedrock's quotas by name. */
  quotas: Readonly<Record<string, number>>;
}

export const allWell = (): Answers => ({
  credentials: "work",
  hasBoundary: true,
  hasLogRole: true,
  modelErrors: {},
  concurrency: 1000,
  quotas: {},
});

export async function startAws(): Promise<AwsPeer> {
  const parameters = new Map<string, string>();
  const objects = new Map<string, Buffer>();
  const made: string[] = [];
  const models: string[] = [];
  const peer = {
    url: "",
    made,
    models,
    answers: allWell(),
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
  const server = createServer((request, response) => {
    void read(request).then((body) => answer(request, body, response));
  });

  function answer(request: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const target = String(request.headers["x-amz-target"] ?? "");
    const path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/");
    const text = body.toString();
    if (target.startsWith("AmazonSSM.")) return parameter(target, JSON.parse(text) as Record<string, string>, response);
    if (target.includes("ContainerRegistry")) {
      made.push(target);
      return json(response, 200, {
        repository: {
          registryId: "123456789012",
          repositoryUri: "123456789012.dkr.ecr.us-east-1.amazonaws.com/sst-asset",
        },
      });
    }
    if (text.includes("Action=GetCallerIdentity")) return identity(response);
    if (text.includes("Action=GetPolicy")) return policy(response);
    if (path.startsWith("/2016-08-19/account-settings"))
      return json(response, 200, { AccountLimit: { ConcurrentExecutions: peer.answers.concurrency } });
    if (path.startsWith("/model/")) return model(path.split("/")[2] ?? "", response);
    if (path === "/account")
      return json(
        response,
        200,
        peer.answers.hasLogRole ? { cloudwatchRoleArn: "arn:aws:iam::123456789012:role/logs" } : {},
      );
    if (target === "ServiceQuotasV20190624.ListServiceQuotas")
      return json(response, 200, {
        Quotas: Object.entries(peer.answers.quotas).map(([QuotaName, Value]) => ({
          QuotaName,
          Value,
          QuotaCode: "L-1",
        })),
      });
    if (request.method === "PUT") {
      made.push(`PUT ${path.split("/").slice(0, 2).join("/")}`);
      objects.set(path, unchunked(request, body));
      return void response.setHeader("etag", '"x"').end();
    }
    const object = objects.get(path);
    if (object) return void response.end(object);
    xml(response, 404, "<Error><Code>NoSuchKey</Code><Message>There is no such key.</Message></Error>");
  }

  function parameter(
    target: string,
    { Name = "", Value = "" }: Record<string, string>,
    response: ServerResponse,
  ): void {
    if (target.endsWith(".PutParameter")) {
      made.push(target);
      parameters.set(Name, Value);
      return json(response, 200, { Version: 1 });
    }
    const known = parameters.get(Name);
    if (known === undefined) return json(response, 400, { __type: "ParameterNotFound" });
    json(response, 200, { Parameter: { Name, Value: known, Type: "SecureString" } });
  }

  function identity(response: ServerResponse): void {
    const { credentials } = peer.answers;
    if (credentials === "work")
      return xml(
        response,
        200,
        "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/ada</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
    const code = credentials === "expired" ? "ExpiredToken" : "InvalidClientTokenId";
    xml(
      response,
      403,
      `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
    );
  }

  function policy(response: ServerResponse): void {
    if (peer.answers.hasBoundary)
      return xml(
        response,
        200,
        "<GetPolicyResponse><GetPolicyResult><Policy><PolicyName>slipway-boundary</PolicyName></Policy></GetPolicyResult></GetPolicyResponse>",
      );
    xml(
      response,
      404,
      "<ErrorResponse><Error><Type>Sender</Type><Code>NoSuchEntity</Code><Message>no</Message></Error></ErrorResponse>",
    );
  }

  function model(name: string, response: ServerResponse): void {
    models.push(name);
    const error = Object.entries(peer.answers.modelErrors).find(([part]) => name.includes(part))?.[1];
    if (error === undefined)
      return json(response, 200, {
        output: { message: { role: "assistant", content: [{ text: "ok" }] } },
        stopReason: "max_tokens",
        usage: { inputTokens: 4, outputTokens: 1, totalTokens: 5 },
        metrics: { latencyMs: 1 },
      });
    response.setHeader("x-amzn-errortype", error.name);
    json(response, error.name === "ThrottlingException" ? 429 : 400, { message: error.message ?? "The peer refuses." });
  }

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  peer.url = `http://127.0.0.1:${address.port}`;
  return peer;
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The body of a chunk-signed upload: small ones are one chunk. */
function unchunked(request: IncomingMessage, body: Buffer): Buffer {
  if (!String(request.headers["x-amz-content-sha256"]).startsWith("STREAMING")) return body;
  const line = body.indexOf("\r\n");
  const size = Number.parseInt(body.subarray(0, line).toString(), 16);
  return body.subarray(line + 2, line + 2 + size);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/x-amz-json-1.1" }).end(JSON.stringify(body));
}

function xml(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { "content-type": "text/xml" }).end(body);
}
