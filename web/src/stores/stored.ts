import type { z } from "zod";
import { parseJson } from "../api/parsing.ts";
import { readText, writeText } from "../api/browser-store.ts";

/** JSON in this browser's storage. It may be of another version, so it is parsed. */

export function readStored<S extends z.ZodType>(
  key: string,
  schema: S,
  area?: "local" | "session",
): z.output<S> | undefined {
  const text = readText(key, area);
  return text === undefined ? undefined : schema.safeParse(parseJson(text)).data;
}

/** With a full store the value is lost: nothing kept this way is the only copy of someone's work. */
export function writeStored(key: string, value: unknown, area?: "local" | "session"): void {
  writeText(key, JSON.stringify(value), area);
}
