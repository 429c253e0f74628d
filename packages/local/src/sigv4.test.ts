import { createHash, createHmac } from "node:crypto";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import type { Principal } from "./principal.ts";
import { noteBody, verifySignature, type Verified } from "./sigv4.ts";

class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret));
  }
  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(chunk));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function bytesOf(content: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof content === "string") return Buffer.from(content);
  return ArrayBuffer.isView(content)
    ? new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    : new Uint8Array(content);
}

const principals: Principal[] = [{ name: "api", accessKeyID: "AKAPI", secretAccessKey: "secret", allows: [] }];
const at = Date.parse("2026-03-01T12:00:00Z");
const minute = 60_000;

interface Sent {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string>;
}

/** The SDK's own signer, so that both sides cannot share a mistake. */
function signer(again: boolean, secretAccessKey = "secret"): SignatureV4 {
  return new SignatureV4({
    service: again ? "execute-api" : "s3",
    region: "us-east-1",
    sha256: Sha256,
    uriEscapePath: again,
    credentials: { accessKeyId: "AKAPI", secretAccessKey },
  });
}

function request(path: string, query: Record<string, string>, body: string) {
  const headers = { host: "127.0.0.1:1" };
  return { method: "POST", protocol: "http:", hostname: "127.0.0.1", port: 1, path, query, headers, body };
}

async function sign(path: string, options: { again?: boolean; body?: string; secret?: string } = {}): Promise<Sent> {
  const query = { prefix: "a b+c/ü", "list-type": "2" };
  const unsigned = request(path, query, options.body ?? "");
  const { headers } = await signer(options.again ?? false, options.secret).sign(unsigned, {
    signingDate: new Date(at),
  });
  return { method: "POST", path, query, headers };
}

async function presign(path: string, seconds: number): Promise<Sent> {
  const unsigned = request(path, {}, "");
  const headers = { ...unsigned.headers, "x-amz-content-sha256": "UNSIGNED-PAYLOAD" };
  const signed = await signer(false).presign(
    { ...unsigned, headers },
    { signingDate: new Date(at), expiresIn: seconds },
  );
  const query = Object.fromEntries(Object.entries(signed.query ?? {}).map(([name, value]) => [name, String(value)]));
  return { method: "POST", path, query, headers: { host: "127.0.0.1:1" } };
}

function verify(sent: Sent, options: { now?: number; again?: boolean; body?: string } = {}): Verified {
  const message = new IncomingMessage(new Socket());
  message.method = sent.method;
  const query = Object.entries(sent.query).map((pair) => pair.map(encodeURIComponent).join("="));
  message.url = `${sent.path}?${query.join("&")}`;
  for (const [name, value] of Object.entries(sent.headers)) message.headers[name.toLowerCase()] = value;
  if (options.body !== undefined) noteBody(message, Buffer.from(options.body));
  return verifySignature(message, { principals, encodesPathAgain: options.again ?? false, now: options.now ?? at });
}

test("identifies the principal of a signed request", async () => {
  expect(verify(await sign("/blobs/%C3%BC/a%20b"))).toMatchObject({ ok: true, principal: { name: "api" } });
});

test("encodes the path again for services other than S3", async () => {
  const sent = await sign("/@connections/abc%3D", { again: true });
  expect(verify(sent, { again: true })).toMatchObject({ ok: true });
  expect(verify(sent)).toMatchObject({ ok: false, code: "Mismatch" });
});

test("any later change breaks the signature", async () => {
  const sent = await sign("/blobs/a", { body: "{}" });
  expect(verify(sent, { body: "{}" })).toMatchObject({ ok: true });
  const forged = [
    verify({ ...sent, path: "/blobs/b" }),
    verify({ ...sent, method: "PUT" }),
    verify({ ...sent, query: { ...sent.query, prefix: "" } }),
    verify({ ...sent, headers: { ...sent.headers, host: "evil.example" } }),
    verify(sent, { body: '{"more":1}' }),
    verify(await sign("/blobs/a", { secret: "guess" })),
  ];
  expect(forged.map((result) => (result.ok ? "ok" : result.code))).toEqual(forged.map(() => "Mismatch"));
});

test("refuses a signature without the host or for another day", async () => {
  const sent = await sign("/blobs/a");
  const authorization = sent.headers.authorization ?? "";
  const change = (from: string, to: string) =>
    verify({ ...sent, headers: { ...sent.headers, authorization: authorization.replace(from, to) } });
  expect(change("SignedHeaders=host;", "SignedHeaders=")).toMatchObject({ ok: false, code: "Mismatch" });
  expect(change("/20260301/", "/20260302/")).toMatchObject({ ok: false, code: "Mismatch" });
});

test("accepts a clock that is off by up to 15 minutes", async () => {
  const sent = await sign("/blobs/a");
  for (const off of [-15, 15]) expect(verify(sent, { now: at + off * minute })).toMatchObject({ ok: true });
  for (const off of [-16, 16]) {
    expect(verify(sent, { now: at + off * minute })).toMatchObject({ ok: false, code: "Expired" });
  }
});

test("a presigned URL expires as stated, after a week at most", async () => {
  const sent = await presign("/blobs/a", 3600);
  expect(verify(sent, { now: at + 59 * minute })).toMatchObject({ ok: true, payload: "UNSIGNED-PAYLOAD" });
  expect(verify(sent, { now: at + 61 * minute })).toMatchObject({ ok: false, code: "Expired" });
  const longer = { ...sent, query: { ...sent.query, "X-Amz-Expires": "7200" } };
  expect(verify(longer)).toMatchObject({ ok: false, code: "Mismatch" });
  const forever = { ...sent, query: { ...sent.query, "X-Amz-Expires": "604801" } };
  expect(verify(forever)).toMatchObject({ ok: false, code: "Expired" });
});

test("distinguishes a missing signature from an unknown key", async () => {
  const sent = await sign("/blobs/a");
  expect(verify({ ...sent, headers: { host: "127.0.0.1:1" } })).toMatchObject({ code: "MissingAuthentication" });
  const authorization = (sent.headers.authorization ?? "").replace("AKAPI", "AKWHO");
  expect(verify({ ...sent, headers: { ...sent.headers, authorization } })).toMatchObject({ code: "UnknownKey" });
});
