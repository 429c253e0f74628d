import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
  verify,
  type KeyObject,
} from "node:crypto";
import { ProjectID, SandboxID } from "@slipway/contract/id";
import { z } from "zod";

/**
 * The token of a request to a sandbox: `payload.signature.mac`.
 *
 * - `payload` is the claims as base64url JSON.
 * - `signature` is Ed25519 over it. The runner checks it with the deployment's public key, so no sandbox can make tokens.
 * - `mac` is HMAC-SHA-256 over both. The edge checks it, because a CloudFront function knows no Ed25519. The edge removes it,
 *   so what the runner sees is no token for the edge.
 */

export const Scope = z.enum(["claim", "control", "terminal", "watch", "preview", "sync"]);
export type Scope = z.infer<typeof Scope>;

/** `host:port` of a task. The edge has a stricter form for the origins that it may go to. */
const Origin = z.string().regex(/^[a-z0-9][a-z0-9.-]{0,252}:\d{2,5}$/);

export const Claims = z
  .strictObject({
    kid: z.string().regex(/^[A-Za-z0-9_-]{1,32}$/),
    sandbox: SandboxID,
    epoch: z.int().positive(),
    scope: Scope,
    project: ProjectID.optional(),
    /** The port that a preview shows. */
    port: z.int().min(1).max(65_535).optional(),
    /** The only host on which the edge accepts the token, where each preview has its own. Without it, any. */
    host: z
      .string()
      .regex(/^[a-z0-9][a-z0-9.-]{0,252}(?::\d{2,5})?$/)
      .optional(),
    origin: Origin.optional(),
    /** Seconds since 1970. */
    exp: z.int().positive(),
  })
  .refine(({ scope, project }) => project !== undefined || scope === "claim" || scope === "control", "no project")
  .refine(({ scope, port }) => (port !== undefined) === (scope === "preview"), "a port is for previews")
  .refine(({ scope, origin }) => (origin !== undefined) === (scope !== "sync"), "an origin is for the edge");
export type Claims = z.infer<typeof Claims>;

/** What signs: kept by the control plane alone. `edgeSecret` is in the edge's key-value store too, under `mac-<kid>`. */
export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  edgeSecret: Uint8Array;
}

/** Public keys by key id. A rotation adds the new one, waits for the longest token's life, and drops the old one. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

/** A signing key as text: `kid.seed.secret`, base64url. For a secret store. */
export const SigningKeyText = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,32}\.[A-Za-z0-9_-]{43}\.[A-Za-z0-9_-]{43}$/, "not a signing key");

export function createSigningKey(kid: string): string {
  const { d } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  return SigningKeyText.parse(`${kid}.${d}.${randomBytes(32).toString("base64url")}`);
}

/** @throws ZodError */
export function parseSigningKey(text: string): SigningKey {
  const [kid = "", seed = "", secret = ""] = SigningKeyText.parse(text).split(".");
  // PKCS #8 of an Ed25519 seed (RFC 8410): this prefix and the 32 bytes.
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(seed, "base64url")]);
  return {
    kid,
    privateKey: createPrivateKey({ key: der, format: "der", type: "pkcs8" }),
    edgeSecret: Buffer.from(secret, "base64url"),
  };
}

/** The public half as `kid.key`, for the runner's environment. Several are separated by commas. */
export function publicKeyText({ kid, privateKey }: SigningKey): string {
  return `${kid}.${createPublicKey(privateKey).export({ format: "jwk" }).x}`;
}

/** @throws Error */
export function parsePublicKeys(text: string): PublicKeys {
  const keys = text.split(",").map((each): [string, KeyObject] => {
    const [kid = "", x = ""] = each.split(".");
    return [kid, createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" })];
  });
  return new Map(keys);
}

/** Longest token. One of the longest host names is below 900 bytes. */
const maxTokenLength = 2048;

/** @throws ZodError for claims that do not belong together */
export function signToken(key: SigningKey, claims: Omit<Claims, "kid">): string {
  const payload = Buffer.from(JSON.stringify(Claims.parse({ kid: key.kid, ...claims }))).toString("base64url");
  const signed = `${payload}.${sign(null, Buffer.from(payload), key.privateKey).toString("base64url")}`;
  return `${signed}.${macOf(signed, key.edgeSecret)}`;
}

/** The claims of a token with or without its mac, if its signature is right and it has not expired. */
export function verifyToken(token: string, keys: PublicKeys, now: number): Claims | undefined {
  const match = /^([\w-]+)\.([\w-]{86})(?:\.[\w-]{43})?$/.exec(token);
  const [, payload = "", signature = ""] = match ?? [];
  const claims = match && token.length <= maxTokenLength ? claimsOf(payload) : undefined;
  const key = claims && keys.get(claims.kid);
  if (!claims || !key || claims.exp * 1000 <= now) return undefined;
  return verify(null, Buffer.from(payload), key, Buffer.from(signature, "base64url")) ? claims : undefined;
}

function macOf(signed: string, secret: Uint8Array): string {
  return createHmac("sha256", secret).update(signed).digest("base64url");
}

function claimsOf(payload: string): Claims | undefined {
  try {
    return Claims.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString())).data;
  } catch {
    return undefined;
  }
}
