import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import type { ServerResponse } from "node:http";
import { defaultProvider } from "@aws-sdk/credential-provider-node";
import { SignatureV4 } from "@smithy/signature-v4";

/**
 * Bedrock itself: re-signs the product's request with the user's own AWS credentials and streams the response through.
 */
export async function forwardToBedrock(options: {
  region: string;
  path: string;
  body: Buffer;
  response: ServerResponse;
  signal: AbortSignal;
}): Promise<void> {
  const hostname = `bedrock-runtime.${options.region}.amazonaws.com`;
  const signer = new SignatureV4({
    service: "bedrock",
    region: options.region,
    credentials: defaultProvider(),
    sha256: Sha256,
  });
  const signed = await signer.sign({
    method: "POST",
    protocol: "https:",
    hostname,
    path: options.path,
    headers: { host: hostname, "content-type": "application/json" },
    body: options.body,
  });
  const reply = await fetch(`https://${hostname}${options.path}`, {
    method: "POST",
    headers: signed.headers,
    body: new Uint8Array(options.body),
    signal: options.signal,
  });
  const kept = ["content-type", "x-amzn-requestid", "x-amzn-errortype", "retry-after"];
  const headers = Object.fromEntries(
    kept.flatMap((name) => (reply.headers.has(name) ? [[name, reply.headers.get(name) ?? ""]] : [])),
  );
  options.response.writeHead(reply.status, headers);
  for await (const chunk of reply.body ?? []) options.response.write(chunk);
  options.response.end();
}

/** The signer's hash interface over Node's crypto. */
class Sha256 {
  readonly #hash: Hash | Hmac;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytes(secret));
  }
  update(chunk: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytes(chunk));
  }
  digest(): Promise<Uint8Array> {
    return Promise.resolve(this.#hash.digest());
  }
}

function bytes(from: string | ArrayBuffer | ArrayBufferView): Buffer {
  if (typeof from === "string") return Buffer.from(from);
  return from instanceof ArrayBuffer ? Buffer.from(from) : Buffer.from(from.buffer, from.byteOffset, from.byteLength);
}
