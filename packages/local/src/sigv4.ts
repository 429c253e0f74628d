import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { findPrincipal, type Principal } from "./principal.ts";

export type Verified =
  | {
      ok: true;
      principal: Principal;
      /** Declared SHA-256 of the body, or a `STREAMING-…` / `UNSIGNED-PAYLOAD` word. */ payload: string;
    }
  | { ok: false; code: "MissingAuthentication" | "UnknownKey" | "Mismatch" | "Expired"; message: string };

export interface VerifyOptions {
  principals: readonly Principal[];
  /** S3 signs the path as sent; every other service signs it encoded again. */
  encodesPathAgain?: boolean;
  now?: number;
}

const skew = 15 * 60_000;
/** A week, in seconds. */
const longestPresigned = 604_800;

/** Checks an AWS Signature Version 4, in the header or the query, against the principals' secrets. */
export function verifySignature(request: IncomingMessage, options: VerifyOptions): Verified {
  const [rawPath = "/", rawQuery = ""] = (request.url ?? "/").split("?");
  const query = new URLSearchParams(rawQuery);
  const parts = query.has("X-Amz-Signature") ? fromQuery(query, request) : fromHeader(request);
  if (parts === undefined) return refuse("MissingAuthentication", "Missing Authentication Token");
  const [keyID = "", ...scope] = parts.credential.split("/");
  const principal = findPrincipal(options.principals, keyID);
  if (principal === undefined) return refuse("UnknownKey", "The security token included in the request is invalid.");

  if (!parts.signedHeaders.split(";").includes("host")) return refuse("Mismatch", "The host must be signed.");
  if (scope.length !== 4 || scope[0] !== parts.date.slice(0, 8) || scope[3] !== "aws4_request") {
    return refuse("Mismatch", "Credential should be scoped to the day of the request and end in aws4_request.");
  }
  const body = bodyHashes.get(request);
  if (body !== undefined && parts.payload !== body)
    return refuse("Mismatch", "The body is not the one that was signed.");
  const at = Date.parse(parts.date.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z"));
  const now = options.now ?? Date.now();
  if (parts.expires !== undefined && !(parts.expires > 0 && parts.expires <= longestPresigned)) {
    return refuse("Expired", "X-Amz-Expires must be between 1 and 604800 seconds");
  }
  const until = parts.expires === undefined ? at + skew : at + parts.expires * 1000;
  if (!(now >= at - skew && now <= until)) return refuse("Expired", "Request has expired");

  const path = options.encodesPathAgain ? rawPath.split("/").map(encode).join("/") : rawPath;
  const signedHeaders = parts.signedHeaders.split(";");
  const canonical = [
    request.method,
    path,
    canonicalQuery(query),
    ...signedHeaders.map((name) => `${name}:${headerText(request, name)}`),
    "",
    parts.signedHeaders,
    parts.payload,
  ].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", parts.date, scope.join("/"), sha256(canonical)].join("\n");
  const key = scope.reduce<Buffer | string>((secret, part) => hmac(secret, part), `AWS4${principal.secretAccessKey}`);
  const expected = hmac(key, toSign);
  const given = Buffer.from(parts.signature, "hex");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return refuse("Mismatch", "The request signature we calculated does not match the signature you provided.");
  }
  return { ok: true, principal, payload: parts.payload };
}

interface Parts {
  credential: string;
  signedHeaders: string;
  signature: string;
  date: string;
  payload: string;
  expires?: number;
}

function fromHeader(request: IncomingMessage): Parts | undefined {
  const found = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
    request.headers.authorization ?? "",
  );
  const date = request.headers["x-amz-date"];
  if (found === null || typeof date !== "string") return undefined;
  const [, credential = "", signedHeaders = "", signature = ""] = found;
  const declared = request.headers["x-amz-content-sha256"];
  // Services other than S3 sign the body's hash without sending it in a header.
  const payload = typeof declared === "string" ? declared : (bodyHashes.get(request) ?? emptyHash);
  return { credential, signedHeaders, signature, date, payload };
}

function fromQuery(query: URLSearchParams, request: IncomingMessage): Parts {
  const declared = query.get("X-Amz-Content-Sha256") ?? request.headers["x-amz-content-sha256"];
  return {
    credential: query.get("X-Amz-Credential") ?? "",
    signedHeaders: query.get("X-Amz-SignedHeaders") ?? "",
    signature: query.get("X-Amz-Signature") ?? "",
    date: query.get("X-Amz-Date") ?? "",
    payload: typeof declared === "string" ? declared : "UNSIGNED-PAYLOAD",
    expires: Number(query.get("X-Amz-Expires") ?? Number.NaN),
  };
}

const emptyHash = sha256("");
const bodyHashes = new WeakMap<IncomingMessage, string>();

/** Gives the verifier the body, which must match the signed hash. */
export function noteBody(request: IncomingMessage, body: Buffer): void {
  bodyHashes.set(request, sha256(body));
}

function canonicalQuery(query: URLSearchParams): string {
  return [...query]
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]): [string, string] => [encode(name), encode(value)])
    .sort(([a, x], [b, y]) => compare(a, b) || compare(x, y))
    .map((pair) => pair.join("="))
    .join("&");
}

function headerText(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return (Array.isArray(value) ? value.join(",") : (value ?? "")).trim().replace(/ +/g, " ");
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

function refuse(code: Extract<Verified, { ok: false }>["code"], message: string): Verified {
  return { ok: false, code, message };
}
