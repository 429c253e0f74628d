import type { z } from "zod";

/** JSON in this browser's localStorage. It may be of another version, so it is parsed. */

export function readStored<S extends z.ZodType>(key: string, schema: S): z.output<S> | undefined {
  if (typeof localStorage === "undefined") return undefined;
  try {
    return schema.safeParse(JSON.parse(localStorage.getItem(key) ?? "null")).data;
  } catch {
    return undefined;
  }
}

/** With a full store the value is lost: nothing kept this way is the only copy of someone's work. */
export function writeStored(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Full.
  }
}
