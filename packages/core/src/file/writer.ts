import { Writer } from "@slipway/contract/file";
import type { Actor } from "../member/member.ts";

export { Writer };

/** A run writes in its own name, though it acts for a person. */
export function writerOf(actor: Actor): Writer {
  return actor.runID === undefined ? { kind: "person", id: actor.userID } : { kind: "run", id: actor.runID };
}

/** Reads the writer of a stored row. Rows from before writers were recorded belong to an unknown person. */
export function parseWriter(stored: unknown): Writer {
  return stored === undefined ? { kind: "person", id: "" } : Writer.parse(stored);
}

export function isSameWriter(one: Writer, other: Writer): boolean {
  return one.kind === other.kind && one.id === other.id;
}
