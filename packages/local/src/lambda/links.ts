import { createCipheriv } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Links as SST deploys them: encrypted beside the code, with the key in the function's environment. The nonce is zero
 * because SST's loader expects that.
 */
export function sealLinks(
  folder: string,
  name: string,
  links: Readonly<Record<string, unknown>>,
  key: Buffer,
): Record<string, string> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.enc`);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.alloc(12));
  const sealed = Buffer.concat([cipher.update(JSON.stringify(links)), cipher.final()]);
  writeFileSync(file, Buffer.concat([sealed, cipher.getAuthTag()]), { mode: 0o600 });
  return { SST_KEY: key.toString("base64"), SST_KEY_FILE: file };
}
