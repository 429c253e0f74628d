import { posix } from "node:path";
import { z } from "zod";

/** What a snapshot leaves out, and why. It travels with the snapshot, so that the next start can say it. */

const NotKept = z.object({ path: z.string(), reason: z.string() });
export type NotKept = z.infer<typeof NotKept>;

export const reasons = {
  name: "Its name is not valid text.",
  special: "Pipes, sockets and devices are not kept when the sandbox stops.",
  link: "The link leads out of the project. It is not kept when the sandbox stops.",
  unreadable: "Nobody may read it.",
  large: "What sync leaves out is more than 2 GB.",
  long: "Its path is too long.",
} as const;

/** As many as are named. */
export const maxNotKept = 100;
/** The entry of a snapshot that holds them has this header. Its name is not used. */
const header = "SLIPWAY.notKept";

export const notKeptPax = { [header]: "1" };

export function isNotKept(pax: unknown): boolean {
  return typeof pax === "object" && pax !== null && header in pax;
}

/** A snapshot is anyone's bytes. */
export function parseNotKept(bytes: Buffer): NotKept[] {
  try {
    return z.array(NotKept).max(maxNotKept).catch([]).parse(JSON.parse(bytes.toString()));
  } catch {
    return [];
  }
}

/** For people; undefined when all was kept. */
export function notKeptMessage(notKept: readonly NotKept[]): string | undefined {
  if (notKept.length === 0) return undefined;
  const named = notKept.slice(0, 3).map(({ path, reason }) => `"${path.slice(0, 60)}" (${reason.slice(0, 80)})`);
  const more = notKept.length > named.length ? ` and ${notKept.length - named.length} more` : "";
  return `Not kept when the sandbox last stopped: ${named.join(", ")}${more}.`;
}

/** Folders of the image, which hold nothing of anyone: a virtual environment links to its Python there. */
const system = /^\/(?:usr|bin|lib|lib64|opt)\//;

/** A link that stays in the workspace. Nothing of the runner follows it, but a program of the user might. */
export function isHarmless(above: readonly string[], target: string): boolean {
  if (target === "" || target.includes("\0")) return false;
  if (target.startsWith("/")) return system.test(posix.normalize(target));
  const resolved = posix.normalize([...above, target].join("/"));
  return resolved !== ".." && !resolved.startsWith("../");
}
