import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { functions } from "@slipway/manifest";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createClient, ended, listen, type Client } from "../support/client.ts";
import type { Cloud } from "../support/cloud.ts";
import { commitTo } from "../support/git.ts";
import { cloudWithGitHub, importFrom, signInWithGitHub, type GitHubPeer } from "../support/github.ts";

/**
 * The bundles that `sst deploy` uploads, with links as SST provides them, in the local Lambda. Signs in through a real
 * protocol peer, since these bundles lack the local sign-in.
 */

const root = join(import.meta.dirname, "../..");
let cloud: Cloud;
let peer: GitHubPeer;
let remove: () => Promise<void>;
let ada: Client;
const lines: string[] = [];

beforeAll(async () => {
  vi.spyOn(console, "log").mockImplementation((line: unknown) => void lines.push(String(line)));
  ({ cloud, peer, remove } = await cloudWithGitHub({ asDeployed: true, isVerbose: true }));
  ada = createClient(cloud.url);
  await signInWithGitHub(ada);
});
afterAll(async () => {
  await remove();
  vi.restoreAllMocks();
});

/** A request as CloudFront and a function URL deliver it: payload version 2.0. */
function request(method: string, path: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  const [rawPath, rawQueryString = ""] = path.split("?");
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString,
    headers: {
      host: "abc.lambda-url.us-east-1.on.aws",
      "x-forwarded-host": new URL(cloud.url).host,
      origin: cloud.url,
      "sec-fetch-site": "same-origin",
      "content-type": "application/json",
    },
    cookies: [...ada.cookies()].map(([name, value]) => `${name}=${value}`),
    requestContext: {
      accountId: "anonymous",
      domainName: "abc.lambda-url.us-east-1.on.aws",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      requestId: "r",
      stage: "$default",
      timeEpoch: Date.now(),
    },
    isBase64Encoded: false,
    ...more,
  };
}

interface Answer {
  statusCode: number;
  body: string;
  headers: Record<string, string>;
  cookies?: string[];
}
const call = async (name: keyof typeof functions, event: unknown) => (await cloud.invoke(name, event)) as Answer;

test("no bundle holds the local sign-in", async () => {
  for (const name of Object.keys(functions)) {
    const folder = join(root, ".build/functions", name);
    const files = readdirSync(folder);
    expect(files).toContain("index.mjs");
    for (const file of files) expect(readFileSync(join(folder, file), "utf8")).not.toContain("localLogin");
  }
  const { github, local } = (await ada.get("/api/auth/providers")).json();
  expect(github).toBeDefined();
  expect(local).toBeUndefined();
  const refused = await ada.request("POST", "/api/auth/callback/local", {
    raw: "name=Mallory",
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });
  expect(refused.status).not.toBe(200);
});

test("a run passes through API, workflow, turn, settle and socket", async () => {
  const { projectId, messageId } = (
    await ada.post("/api/projects/create-with-prompt", { prompt: "Build a game of snake" })
  ).json();
  const live = await listen(ada, String(projectId));
  const runs = await ada.get(`/api/projects/${String(projectId)}`);
  expect(runs.status).toBe(200);
  const started = await live.next((message) => message.type === "run-event");
  const run = await ended(ada, started.type === "run-event" ? started.runId : "");
  expect(run.status).toBe("completed");
  expect(run.messageId).toBe(messageId);
  live.close();
  const files = await ada.get(`/api/projects/${String(projectId)}/files`);
  expect(files.text).toContain("index.html");
  // Invoked again, as a retrying workflow would.
  expect(await cloud.invoke("turn", { runID: run.id })).toMatchObject({ outcome: "finished" });
});

test("an import passes through API, workflow and steps", async () => {
  const directory = await peer.createRepository("octo", "deployed");
  await commitTo(directory, "main", [{ path: "readme.md", data: "# hello\n" }]);
  const { transfer } = await importFrom(ada, `${peer.url}/octo/deployed`);
  expect(transfer.state).toBe("completed");
});

test("the API handles function URL payloads: text, base64, cookies, queries and malformed ones", async () => {
  const me = await call("api", request("GET", "/api/me"));
  expect([me.statusCode, JSON.parse(me.body)]).toMatchObject([200, { name: "octo" }]);
  const body = Buffer.from(JSON.stringify({ name: "From base64 – ü" })).toString("base64");
  const made = await call("api", request("POST", "/api/projects", { body, isBase64Encoded: true }));
  expect(made.statusCode).toBe(201);
  expect(JSON.parse(made.body)).toMatchObject({ name: "From base64 – ü" });
  const nobody = await call("api", request("GET", "/api/projects?limit=1", { cookies: [] }));
  expect(nobody.statusCode).toBe(401);
  const broken = await call("api", request("POST", "/api/projects", { body: "{" }));
  expect([broken.statusCode, JSON.parse(broken.body)]).toMatchObject([400, { error: { code: "invalid_json" } }]);
  const elsewhere = request("POST", "/api/projects", { body: "{}" });
  Object.assign(elsewhere.headers as object, { origin: "https://evil.test", "sec-fetch-site": "cross-site" });
  expect((await call("api", elsewhere)).statusCode).toBe(403);
});

test("the socket refuses a missing ticket and a foreign origin", async () => {
  const connect = (headers: Record<string, string>, query?: Record<string, string>) =>
    call("socket", {
      requestContext: { routeKey: "$connect", connectionId: "c-1" },
      headers,
      ...(query ? { queryStringParameters: query } : {}),
    });
  expect((await connect({ Origin: "https://evil.test" })).statusCode).toBe(403);
  expect((await connect({ Origin: cloud.url })).statusCode).toBe(401);
  const { ticket } = (await ada.post("/api/socket-tickets")).json();
  expect((await connect({ Origin: cloud.url }, { ticket: String(ticket) })).statusCode).toBe(200);
  expect((await connect({ Origin: cloud.url }, { ticket: String(ticket) })).statusCode).toBe(401);
});

test("pages are rendered for the signed-in person", async () => {
  const page = await ada.get("/");
  expect(page.status).toBe(200);
  expect(page.text).toContain("octo");
  const policy = page.headers.get("content-security-policy") ?? "";
  expect(policy).toContain("nonce-");
  // The sandboxes' and its own store by the exact port, and no pattern of origins.
  expect(policy).toMatch(/connect-src 'self' ws:\/\/[^ ;*]+ ws:\/\/sandbox\.localhost:\d+ http:\/\/127\.0\.0\.1:\d+;/);
  // Previews are hosts of their own, which a page may only frame.
  expect(policy.replace(/frame-src [^;]*/, "")).not.toContain("*");
});

test("logs have request, run and user ids and metrics, and no contents", async () => {
  const logged = lines.flatMap((line) => {
    const json = line.slice(line.indexOf("{"));
    return line.includes('{"level"') ? [JSON.parse(json) as Record<string, unknown>] : [];
  });
  const requests = logged.filter(({ event, route }) => event === "request" && route === "/api/projects");
  expect(requests[0]).toMatchObject({
    requestID: expect.stringMatching(/^req_/) as string,
    userID: expect.stringMatching(/^usr_/) as string,
    method: "POST",
    status: 201,
    ApiErrors: 0,
    ApiLatency: expect.any(Number) as number,
  });
  expect(logged.find(({ event }) => event === "run-ended")).toMatchObject({
    runID: expect.stringMatching(/^run_/) as string,
    userID: expect.stringMatching(/^usr_/) as string,
    projectID: expect.stringMatching(/^prj_/) as string,
    status: "completed",
    Runs: 1,
    RunsFailed: 0,
    RunSeconds: expect.any(Number) as number,
  });
  expect(logged.find(({ event }) => event === "model-called")).toMatchObject({ Dollars: expect.any(Number) as number });
  expect(logged.find(({ event }) => event === "transfer-step")).toMatchObject({
    transferID: expect.stringMatching(/^trf_/) as string,
    userID: expect.stringMatching(/^usr_/) as string,
  });
  const everything = lines.join("\n");
  for (const said of ["Build a game of snake", "From base64", "# hello", "index.html", ...ada.cookies().values()])
    expect(everything).not.toContain(said);
});
