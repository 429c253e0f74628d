import type { IncomingMessage } from "node:http";
import { AwsError } from "../endpoint.ts";
import type { StoredObject } from "./objects.ts";

/** Headers stored with an object. A signed query may override them in a read: `response-<name>`. */
export const keptHeaders = [
  "content-type",
  "cache-control",
  "content-disposition",
  "content-encoding",
  "content-language",
  "expires",
] as const;

/** What a read of the object gives back. */
export function keepHeaders(request: IncomingMessage, checksums: Record<string, string>): Record<string, string> {
  const kept = { ...checksums };
  for (const name of keptHeaders) {
    const value = request.headers[name];
    if (typeof value === "string" && value !== "aws-chunked") kept[name] = value.replace(/,?\s*aws-chunked/, "");
  }
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith("x-amz-meta-") && typeof value === "string") kept[name] = value;
  }
  return kept;
}

export function rangeOf(header: string | undefined, size: number): { from: number; to: number } | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  const from = found[1] === "" ? Math.max(0, size - Number(found[2])) : Number(found[1]);
  const to = found[1] === "" || found[2] === "" ? size - 1 : Math.min(Number(found[2]), size - 1);
  if (from >= size || from > to) throw new AwsError(416, "InvalidRange", "The range cannot be satisfied.");
  return { from, to };
}

export function checksumsOf(object: StoredObject): Record<string, string> {
  return Object.fromEntries(Object.entries(object.headers).filter(([name]) => name.startsWith("x-amz-checksum-")));
}

export function withoutChecksums(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith("x-amz-checksum-")));
}
