import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { resource } from "../config/config.ts";

/**
 * Encrypts small secrets (tokens, provider keys) for the table with AES-256-GCM. DataKey lists keys by commas, newest
 * first: the newest encrypts, all of them decrypt. Owner and purpose are additional authenticated data, so a value that is
 * copied to another row does not decrypt.
 */
const version = "v1";

export function seal(plain: string, owner: string, purpose: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", newest(), nonce);
  cipher.setAAD(Buffer.from(`${owner}\n${purpose}`));
  const sealed = Buffer.concat([cipher.update(plain, "utf8"), cipher.final()]);
  return [version, ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString("base64url"))].join(".");
}

/** Undefined when no key decrypts it: another owner or purpose, altered, or encrypted with a lost key. */
export function unseal(sealed: string, owner: string, purpose: string): string | undefined {
  const [found, ...parts] = sealed.split(".");
  const [nonce, content, tag] = parts.map((part) => Buffer.from(part, "base64url"));
  if (found !== version || nonce?.length !== 12 || !content || tag?.length !== 16) return undefined;
  for (const key of dataKeys()) {
    const decipher = createDecipheriv("aes-256-gcm", key, nonce);
    decipher.setAAD(Buffer.from(`${owner}\n${purpose}`));
    decipher.setAuthTag(tag);
    try {
      return Buffer.concat([decipher.update(content), decipher.final()]).toString("utf8");
    } catch {
      // Try the next key.
    }
  }
  return undefined;
}

function dataKeys(): Buffer[] {
  const keys = resource("DataKey").value.split(",");
  return keys.map((text) => {
    const key = Buffer.from(text.trim(), "base64");
    if (key.length !== 32) throw new Error("each of DataKey must be 32 bytes in base64");
    return key;
  });
}

function newest(): Buffer {
  const [key] = dataKeys();
  if (key === undefined) throw new Error("DataKey is empty");
  return key;
}
