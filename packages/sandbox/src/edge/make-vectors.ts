import { createHmac, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseSigningKey, publicKeyText, signToken, type Claims } from "../token.ts";

/**
 * Makes `vectors.json`: what an edge must answer, for every edge to be tested against. After a change here, run
 * `node packages/sandbox/src/edge/make-vectors.ts` from the root.
 */

interface Request {
  method: string;
  host: string;
  uri: string;
  query: Record<string, string>;
  headers: Record<string, string>;
  cookies: Record<string, string>;
}

type Expected =
  | { status: number; location?: string; sets?: string; clears?: boolean }
  | { origin: { host: string; port: number }; token: string; cookies?: Record<string, string> };

type Vector = [name: string, request: Request, expect: Expected];

const about =
  "What an edge must answer. Requests hold a token where a client would. `expect` is a reply (status, location, sets: the " +
  "token of the cookie, clears), or where the request goes (origin, token: what the runner gets, cookies). Signed with these " +
  "keys, at the time `now`. Made by make-vectors.ts.";

const now = 1_800_000_000_000;
const keyText = (kid: string, seed: number, secret: number) =>
  [kid, ...[seed, secret].map((fill) => Buffer.alloc(32, fill).toString("base64url"))].join(".");
const signingKeys = [keyText("k1", 7, 9), keyText("k2", 3, 4)];
const [key, second] = [parseSigningKey(keyText("k1", 7, 9)), parseSigningKey(keyText("k2", 3, 4))];
const stranger = parseSigningKey(keyText("k1", 8, 10));

const host = "d111111abcdef8.cloudfront.net";
const own = "p1.pv.example.com";
const origin = { host: "ec2-203-0-113-7.compute-1.amazonaws.com", port: 8722 };
const task = `${origin.host}:${origin.port}`;
const base = {
  sandbox: "sbx_01KAYE0000000000000000000A",
  epoch: 3,
  scope: "control",
  project: "prj_01KAYE0000000000000000000B",
  origin: task,
  exp: now / 1000 + 300,
} as const satisfies Omit<Claims, "kid">;

const control = (over: Partial<Claims> = {}) => signToken(key, { ...base, ...over });
const preview = (over: Partial<Claims> = {}) => control({ scope: "preview", port: 5173, ...over });
/** Claims that `signToken` refuses to sign. */
function raw(claims: unknown): string {
  const payload = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const signed = `${payload}.${sign(null, Buffer.from(payload), key.privateKey).toString("base64url")}`;
  return `${signed}.${createHmac("sha256", key.edgeSecret).update(signed).digest("base64url")}`;
}
const unsignable = (over: Record<string, unknown>) => raw({ kid: "k1", ...base, ...over });

function request(over: Partial<Request> = {}): Request {
  return { method: "GET", host, uri: "/", query: {}, headers: {}, cookies: {}, ...over };
}
const inHeader = (token: string, uri = "/v1/health") => request({ uri, headers: { "x-slipway-token": token } });
const inCookie = (token: string, over: Partial<Request> = {}) =>
  request({ ...over, cookies: { "__Host-pv": token, ...over.cookies } });
const inProtocol = (token: string, uri: string) =>
  request({ uri, headers: { "sec-websocket-protocol": `slipway.sandbox.1, slipway.token.${token}` } });
const atEntrance = (query: Record<string, string>, over: Partial<Request> = {}) =>
  request({ uri: "/__slipway/preview", query, ...over });

/** What the runner gets: the token without its mac. */
const signed = (token: string) => token.split(".").slice(0, 2).join(".");
const passes = (token: string, more: { cookies?: Record<string, string>; to?: typeof origin } = {}): Expected => ({
  origin: more.to ?? origin,
  token: signed(token),
  ...(more.cookies ? { cookies: more.cookies } : {}),
});
const refused = (status: number): Expected => ({ status });
const enters = (location: string, sets: string): Expected => ({ status: 302, location, sets });
const clears = (token: string, to: string): Expected => ({
  status: 302,
  location: `/__slipway/preview?cleared=1&token=${token}&to=${to}`,
  clears: true,
});

function changed(token: string, part: number): string {
  const parts = token.split(".");
  return parts
    .with(
      part,
      (parts[part] ?? "").replace(/^./, (first) => (first === "A" ? "B" : "A")),
    )
    .join(".");
}

const [c, p, terminal, watch] = [control(), preview(), control({ scope: "terminal" }), control({ scope: "watch" })];
const claim = control({ scope: "claim", project: undefined });
const hosted = preview({ host: own });
const expired = { exp: now / 1000 };

const account: Vector[] = [
  ["a control token in its header", inHeader(c), passes(c)],
  ["a claim token", inHeader(claim, "/v1/claim"), passes(claim)],
  ["a key of a rotation", inHeader(signToken(second, base)), passes(signToken(second, base))],
  ["a terminal", inProtocol(terminal, "/terminal"), passes(terminal)],
  ["a watcher", inProtocol(watch, "/watch"), passes(watch)],
  ["a terminal's token for watching", inProtocol(terminal, "/watch"), passes(terminal)],
  ["a preview by its cookie", inCookie(p, { uri: "/src/main.ts" }), passes(p)],
  [
    "a preview keeps the page's own cookies",
    inCookie(p, { cookies: { theirs: "1" } }),
    passes(p, { cookies: { theirs: "1" } }),
  ],
  ["a control request carries no cookies", { ...inHeader(c), cookies: { theirs: "1" } }, passes(c, { cookies: {} })],
  ["no token", request(), refused(401)],
  ["an expired token", inHeader(control(expired)), refused(401)],
  ["an expired preview", inCookie(preview({ exp: now / 1000 - 1 })), refused(401)],
  ["a token of another deployment", inHeader(signToken(stranger, base)), refused(401)],
  ["a token of an unknown key", inHeader(signToken({ ...key, kid: "k9" }, base)), refused(401)],
  ["a key id that names another entry of the store", inHeader(unsignable({ kid: "../origins" })), refused(401)],
  ["a changed payload", inHeader(changed(c, 0)), refused(401)],
  ["a changed signature", inHeader(changed(c, 1)), refused(401)],
  ["a changed mac", inHeader(changed(c, 2)), refused(401)],
  ["a token without its mac", inHeader(signed(c)), refused(401)],
  ["a token with a fourth part", inHeader(`${c}.x`), refused(401)],
  ["a token that is too long", inHeader(unsignable({ pad: "x".repeat(3000) })), refused(401)],
  ["a payload that is no object", inHeader(raw(null)), refused(401)],
  ["a payload without an end", inHeader(unsignable({ exp: undefined })), refused(401)],
  ["a sync token, which is for the API", inHeader(unsignable({ scope: "sync", origin: undefined })), refused(403)],
  ["a control token in a cookie", inCookie(c, { uri: "/v1/health" }), refused(403)],
  ["a control token in a subprotocol", inProtocol(c, "/terminal"), refused(403)],
  ["a control token outside the control paths", inHeader(c, "/terminal"), refused(403)],
  ["a preview token in the header", inHeader(p), refused(403)],
  ["a preview token in a subprotocol", inProtocol(p, "/terminal"), refused(403)],
  ["a watch token on a terminal", inProtocol(watch, "/terminal"), refused(403)],
  ["a terminal token on a control path", inProtocol(terminal, "/v1/health"), refused(403)],
  ["a preview token on a control path stays a preview", inCookie(p, { uri: "/v1/health" }), passes(p)],
  [
    "a preview that brings a header of the edge",
    { ...inCookie(p), headers: { "x-slipway-token": signed(c) } },
    refused(401),
  ],
  ["a preview on its own host", inCookie(hosted, { host: own }), passes(hosted)],
  ["a preview on the host of another", inCookie(hosted, { host: "p2.pv.example.com" }), refused(403)],
  ["a preview on a longer host", inCookie(hosted, { host: "p1.pv.example.com.evil.example" }), refused(403)],
  ["the entrance clears what another preview left", atEntrance({ token: p }), clears(p, "%2F")],
  [
    "the entrance clears at a change of port",
    inCookie(preview({ port: 3000 }), { uri: "/__slipway/preview", query: { token: p, to: "%2Fa" } }),
    clears(p, "%2Fa"),
  ],
  [
    "the entrance sets the cookie after that",
    atEntrance({ token: p, to: "%2Fa%3Fb%3D1", cleared: "1" }),
    enters("/a?b=1", p),
  ],
  [
    "the entrance renews the cookie of the same preview",
    inCookie(preview({ exp: now / 1000 - 1 }), { uri: "/__slipway/preview", query: { token: p } }),
    enters("/", p),
  ],
  [
    "the entrance of a preview with a host of its own",
    atEntrance({ token: hosted }, { host: own }),
    enters("/", hosted),
  ],
  [
    "the entrance leads to no other site",
    atEntrance({ token: p, to: "%2F%2Fevil.example", cleared: "1" }),
    enters("/", p),
  ],
  [
    "the entrance leads to no other site by a backslash",
    atEntrance({ token: p, to: "%2F%5Cevil.example", cleared: "1" }),
    enters("/", p),
  ],
  [
    "the entrance adds no header",
    atEntrance({ token: p, to: "%2Fa%0D%0Aset-cookie%3A%20x", cleared: "1" }),
    enters("/", p),
  ],
  ["the entrance takes no control token", atEntrance({ token: c }), refused(403)],
  ["the entrance takes no expired token", atEntrance({ token: preview(expired) }), refused(401)],
  ["the entrance without a token", atEntrance({}), refused(401)],
];

const strange: [what: string, origin: unknown][] = [
  ["another site", "evil.example:8722"],
  ["a name that ends with another site", `${origin.host}.evil.example:8722`],
  ["credentials", `${origin.host}:8722@evil.example:8722`],
  ["a path", `${origin.host}/..:8722`],
  ["a double dot", "ec2-203-0-113-7..amazonaws.com:8722"],
  ["another port", `${origin.host}:22`],
  ["a port with more digits", `${origin.host}:87220`],
  ["no port", origin.host],
  ["two ports", `${origin.host}:8722:8722`],
  ["an address", "203.0.113.7:8722"],
  ["IPv6", "[::1]:8722"],
  ["IPv6 of IPv4", "[::ffff:127.0.0.1]:8722"],
  ["loopback", "127.0.0.1:8722"],
  ["loopback as a name", "localhost:8722"],
  ["loopback at EC2", "ec2-127-0-0-1.compute-1.amazonaws.com:8722"],
  ["a private address at EC2", "ec2-10-0-0-5.compute-1.amazonaws.com:8722"],
  ["a private 172", "ec2-172-31-9-1.compute-1.amazonaws.com:8722"],
  ["a private 192", "ec2-192-168-0-1.eu-west-1.compute.amazonaws.com:8722"],
  ["metadata", "169.254.169.254:80"],
  ["metadata at EC2", "ec2-169-254-169-254.compute-1.amazonaws.com:80"],
  ["an internal name", "ip-10-0-0-5.ec2.internal:8722"],
  ["another service of AWS", "s3.us-east-1.amazonaws.com:80"],
  ["capitals", `${origin.host.toUpperCase()}:8722`],
  ["a line break", `${origin.host}:8722\n`],
  ["a space", ` ${origin.host}:8722`],
  ["no text", 8722],
  ["a dot at the end", `${origin.host}.:8722`],
  ["a decimal address", "3405803783:8722"],
];
for (const [what, to] of strange)
  account.push([`an origin with ${what}`, inHeader(unsignable({ origin: to })), refused(403)]);
const far = { host: "ec2-198-51-100-2.eu-central-1.compute.amazonaws.com", port: 80 };
const distant = control({ origin: `${far.host}:${far.port}` });
account.push(["an origin in another region", inHeader(distant), passes(distant, { to: far })]);

const near = { host: "127.0.0.1", port: 40_123 };
const local = control({ origin: `${near.host}:${near.port}` });
const elsewhere = [
  "localhost:40123",
  "127.0.0.2:40123",
  "127.0.0.1:80",
  "[::1]:40123",
  "0.0.0.0:40123",
  "169.254.169.254:80",
  task,
];
const loopback: Vector[] = [
  ["a sandbox of this machine", inHeader(local), passes(local, { to: near })],
  ...elsewhere.map((to): Vector => [
    `no sandbox of this machine: ${to}`,
    inHeader(unsignable({ origin: to })),
    refused(403),
  ]),
];

/** The text of `vectors.json`. */
export function makeVectors(): string {
  const named = (list: Vector[]) => list.map(([name, asked, expect]) => ({ name, request: asked, expect }));
  const publicKeys = [key, second].map(publicKeyText).join(",");
  const vectors = { about, now, signingKeys, publicKeys, account: named(account), loopback: named(loopback) };
  return `${JSON.stringify(vectors, null, 2)}\n`;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, "vectors.json"), makeVectors());
