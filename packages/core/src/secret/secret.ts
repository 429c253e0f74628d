import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { resource } from "../config/config.ts";

/**
 * Sealing of small secrets (tokens, provider keys) for the table: AES-256-GCM under the deployment's data key. The owner
 * and the purpose are additional data, so that a sealed value copied to another row does not open.
 */
const version = "v1";

export function seal(plain: string, owner: string, purpose: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", dataKey(), nonce);
  cipher.setAAD(Buffer.from(`${owner}\n${purpose}`));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return [version, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
}

/** @throws Error when it was sealed for someone or something else, or changed. */
export function unseal(sealed: string, owner: string, purpose: string): string {
  const [found, ...parts] = sealed.split(".");
  const [nonce, content, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  if (found !== version || !nonce || !content || !tag) throw new Error("not a sealed value of this version");
  const decipher = createDecipheriv("aes-256-gcm", dataKey(), nonce);
  decipher.setAAD(Buffer.from(`${owner}\n${purpose}`));
  decipher.setAuthTag(tag);
  return Buffer.concat([decipher.update(content), decipher.final()]).toString("utf8");
}

function dataKey(): Buffer {
  const key = Buffer.from(resource("DataKey").value, "base64");
  if (key.length !== 32) throw new Error("DataKey must be 32 bytes in base64");
  return key;
}
