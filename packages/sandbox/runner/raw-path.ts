import { z } from "zod";

/** A path with a name that is no text, as an extended header of its entry in a snapshot: tar's own names are text here. */

const name = "SLIPWAY.path";
const Header = z.object({ [name]: z.base64().max(8192) });

export function rawPathHeader(path: Buffer): Record<string, string> {
  return { [name]: path.toString("base64") };
}

/** The names of the path; undefined if it has no such header, null if one of them is none that a folder may hold. */
export function rawNamesOf(pax: unknown): Buffer[] | null | undefined {
  const { success, data } = Header.safeParse(pax);
  if (!success) return undefined;
  // One character a byte, so that no byte is changed.
  const names = Buffer.from(data[name], "base64").toString("latin1").split("/");
  const isBad = (part: string) =>
    part === "" || part === "." || part === ".." || part.length > 255 || part.includes("\0");
  return names.some(isBad) ? null : names.map((part) => Buffer.from(part, "latin1"));
}

/** A name as text; undefined if it is none. */
export function textName(bytes: Buffer): string | undefined {
  const text = bytes.toString();
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
