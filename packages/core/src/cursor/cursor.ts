import { VisibleError } from "@slipway/contract/error";
import { z } from "zod";

/**
 * Cursors of paged lists: opaque to clients, JSON in base64url. The list's name is part of it, so that one list's cursor
 * means nothing to another. A cursor is not a secret and grants nothing: each list authorises first and then reads on from
 * the position.
 */

const version = 1;
const Envelope = z.tuple([z.literal(version), z.string(), z.unknown()]);

export function encode<S extends z.ZodType>(list: string, _position: S, position: z.infer<S>): string {
  return Buffer.from(JSON.stringify([version, list, position])).toString("base64url");
}

/** @throws VisibleError invalid_input for anything that `encode` did not make for this list */
export function decode<S extends z.ZodType>(
  list: string,
  position: S,
  cursor: string | undefined,
): z.infer<S> | undefined {
  if (cursor === undefined) return undefined;
  const envelope = Envelope.safeParse(parse(cursor));
  if (!envelope.success || envelope.data[1] !== list) throw invalid();
  const parsed = position.safeParse(envelope.data[2]);
  if (!parsed.success) throw invalid();
  return parsed.data;
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString());
  } catch {
    return undefined;
  }
}

function invalid(): VisibleError {
  return new VisibleError("invalid_input", "This cursor is not valid. Start again without one.");
}
