import { VisibleError } from "@slipway/contract/error";
import { z } from "zod";

/**
 * Cursors of paged lists: opaque to clients, JSON in base64url. The list's name is part of it, so one list's cursor means
 * nothing to another. A cursor is no secret and grants nothing: each list authorises first, then resumes after the
 * position.
 */

const version = 1;
const Envelope = z.tuple([z.literal(version), z.string(), z.unknown()]);

export interface Cursor<P> {
  encode(position: P): string;
  /** @throws VisibleError invalid_input for anything that `encode` did not make for this list */
  decode(cursor: string | undefined): P | undefined;
}

/** `position` bounds what becomes part of a key: DynamoDB refuses keys over 1,024 bytes. */
export function define<S extends z.ZodType>(list: string, position: S): Cursor<z.infer<S>> {
  return {
    encode: (value) => Buffer.from(JSON.stringify([version, list, position.parse(value)])).toString("base64url"),
    decode(cursor) {
      if (cursor === undefined) return undefined;
      const envelope = Envelope.safeParse(parse(cursor));
      if (!envelope.success || envelope.data[1] !== list) throw invalid();
      const parsed = position.safeParse(envelope.data[2]);
      if (!parsed.success) throw invalid();
      return parsed.data;
    },
  };
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
