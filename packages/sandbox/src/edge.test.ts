import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { accountOrigins, createEdge, edgeSource, loopbackOrigins, type EdgeRequest } from "./edge.ts";
import { makeVectors } from "./edge/make-vectors.ts";
import { parsePublicKeys, parseSigningKey, signToken, verifyToken } from "./token.ts";

const Texts = z.record(z.string(), z.string());
const Vector = z.object({
  name: z.string(),
  request: z.object({
    method: z.string(),
    host: z.string(),
    uri: z.string(),
    query: Texts,
    headers: Texts,
    cookies: Texts,
  }),
  expect: z.object({
    status: z.int().optional(),
    location: z.string().optional(),
    sets: z.string().optional(),
    clears: z.boolean().optional(),
    origin: z.object({ host: z.string(), port: z.int() }).optional(),
    token: z.string().optional(),
    cookies: Texts.optional(),
  }),
});
const Vectors = z.object({
  now: z.int(),
  signingKeys: z.array(z.string()),
  publicKeys: z.string(),
  account: z.array(Vector),
  loopback: z.array(Vector),
});
const vectors = Vectors.parse(JSON.parse(readFileSync(join(import.meta.dirname, "edge/vectors.json"), "utf8")));

const signingKeys = vectors.signingKeys.map(parseSigningKey);
const keysFor = (origins: string) =>
  new Map([
    ["origins", origins],
    ...signingKeys.map(({ kid, edgeSecret }): [string, string] => [
      `mac-${kid}`,
      Buffer.from(edgeSecret).toString("base64url"),
    ]),
  ]);

describe.each([
  ["in an account", accountOrigins, vectors.account],
  ["on this machine", loopbackOrigins, vectors.loopback],
])("the edge %s", (_where, origins, list) => {
  const edge = createEdge(keysFor(origins), () => vectors.now);

  test.each(list)("$name", async ({ request, expect: wanted }) => {
    const answer = await edge.request(toEdge(request));
    if ("response" in answer) {
      const { statusCode, headers, cookies } = answer.response;
      expect({ status: statusCode, location: headers["location"]?.value }).toEqual({
        status: wanted.status,
        location: wanted.location,
      });
      expect(headers["cache-control"]?.value).toBe("no-store");
      expect(cookies?.["__Host-pv"]?.value).toBe(wanted.sets);
      expect(headers["clear-site-data"] !== undefined).toBe(wanted.clears ?? false);
      return;
    }
    expect(answer.origin).toEqual(wanted.origin);
    expect(answer.request.headers["x-slipway-token"]?.value).toBe(wanted.token);
    expect(answer.request.cookies["__Host-pv"]).toBeUndefined();
    if (wanted.cookies) expect(valuesOf(answer.request.cookies)).toEqual(wanted.cookies);
    // What the edge lets through, the runner can verify.
    const keys = parsePublicKeys(vectors.publicKeys);
    expect(verifyToken(wanted.token ?? "", keys, vectors.now)).toMatchObject({ epoch: 3 });
  });
});

test("concurrent requests keep their own origins", async () => {
  const edge = createEdge(keysFor(loopbackOrigins), () => vectors.now);
  const [key] = signingKeys;
  if (!key) throw new Error("no key");
  const ports = Array.from({ length: 50 }, (_, at) => 40_000 + at);
  const answers = await Promise.all(
    ports.map((port) => {
      const token = signToken(key, {
        sandbox: "sbx_01KAYE0000000000000000000A",
        epoch: 1,
        scope: "control",
        origin: `127.0.0.1:${port}`,
        exp: vectors.now / 1000 + 60,
      });
      const headers = { "x-slipway-token": token };
      return edge.request(toEdge({ method: "GET", host: "x", uri: "/v1/health", query: {}, headers, cookies: {} }));
    }),
  );
  expect(answers.map((answer) => ("origin" in answer ? answer.origin.port : 0))).toEqual(ports);
});

test("a previewed server sets cookies for its own host only, and not the edge's", () => {
  const edge = createEdge(keysFor(accountOrigins));
  const { cookies } = edge.response({
    statusCode: 200,
    statusDescription: "OK",
    headers: {},
    cookies: {
      "__Host-pv": { value: "stolen", attributes: "Path=/; Secure" },
      session: { value: "1", attributes: "Domain=.cloudfront.net; Path=/; HttpOnly" },
      twice: {
        value: "1",
        attributes: "Path=/; domain = example.com",
        multiValue: [
          { value: "1", attributes: "Path=/; domain = example.com" },
          { value: "2", attributes: "DOMAIN=example.com" },
        ],
      },
    },
  });
  expect(cookies).toEqual({
    session: { value: "1", attributes: "Path=/; HttpOnly" },
    twice: {
      value: "1",
      attributes: "Path=/",
      multiValue: [
        { value: "1", attributes: "Path=/" },
        { value: "2", attributes: "" },
      ],
    },
  });
});

test("the functions fit CloudFront: 10 KB, and only what its runtime has", () => {
  for (const name of ["viewer-request", "viewer-response"] as const) {
    const source = edgeSource(name);
    expect(Buffer.byteLength(source)).toBeLessThan(10 * 1024);
    // njs: no classes, generators, destructuring, optional chaining or `for of`.
    expect(source).not.toMatch(/\?\.|\?\?|\bclass\b|function\*|\bfor \([^;)]* of |(?:const|let|var) [[{]|\.\.\./);
  }
});

test("the vectors are what make-vectors makes", () => {
  expect(vectors).toEqual(Vectors.parse(JSON.parse(makeVectors())));
});

function toEdge(request: z.infer<typeof Vector>["request"]): EdgeRequest {
  const { method, host, uri, query, headers, cookies } = request;
  return {
    method,
    uri,
    querystring: valued(query),
    headers: valued({ host, ...headers }),
    cookies: valued(cookies),
  };
}

function valued(texts: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(texts).map(([name, value]) => [name, { value }]));
}

function valuesOf(valuedTexts: Record<string, { value: string }>): Record<string, string> {
  return Object.fromEntries(Object.entries(valuedTexts).map(([name, { value }]) => [name, value]));
}
