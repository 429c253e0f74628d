import { hash } from "node:crypto";

/** The name of a content, as the store has it. */
export function hashOf(bytes: Uint8Array): string {
  return hash("sha256", bytes, "base64url").slice(0, 32);
}
