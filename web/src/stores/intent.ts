import { z } from "zod";
import { writeText } from "../api/browser-store.ts";
import { openDialog } from "./dialogs.ts";
import { readStored, writeStored } from "./stored.ts";

/**
 * What a person wanted to do when they were asked to sign in. Signing in leaves the page, so it is kept in this tab's
 * storage, and done on return.
 */
const Intent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("new") }),
  z.object({ kind: z.literal("blank") }),
  z.object({ kind: z.literal("import"), address: z.string() }),
  z.object({ kind: z.literal("prompt"), prompt: z.string() }),
]);
export type Intent = z.infer<typeof Intent>;

const storageKey = "intent";
const Kept = z.object({ intent: Intent, at: z.number() });
/** Milliseconds after which the intent expires. */
const expiresAfter = 3_600_000;

export function keepIntent(intent: Intent): void {
  writeStored(storageKey, { intent, at: Date.now() }, "session");
}

/** Asks the person to sign in, and remembers why. */
export function signInTo(intent: Intent): void {
  keepIntent(intent);
  openDialog("sign-in");
}

export function forgetIntent(): void {
  writeText(storageKey, undefined, "session");
}

/** The kept intent, if it is one of these kinds. It is returned once. */
export function takeIntent<K extends Intent["kind"]>(...kinds: K[]): Extract<Intent, { kind: K }> | undefined {
  const kept = readStored(storageKey, Kept, "session");
  if (kept === undefined || !isOneOf(kept.intent, kinds)) return undefined;
  forgetIntent();
  return Date.now() - kept.at < expiresAfter ? kept.intent : undefined;
}

function isOneOf<K extends Intent["kind"]>(
  intent: Intent,
  kinds: readonly K[],
): intent is Extract<Intent, { kind: K }> {
  return kinds.some((kind) => kind === intent.kind);
}
