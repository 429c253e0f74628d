import { createHash, randomBytes } from "node:crypto";
import { now } from "../clock/clock.ts";
import type { Actor } from "../member/member.ts";
import { TicketEntity } from "./ticket.entity.ts";

/** Milliseconds that a socket ticket is good. */
const life = 30_000;

/** A ticket that opens one socket, within 30 s. Only its hash is stored. */
export async function issue(actor: Actor): Promise<string> {
  const ticket = randomBytes(24).toString("base64url");
  const validUntil = now() + life;
  await TicketEntity.put({
    ticketID: hash(ticket),
    userID: actor.userID,
    validUntil,
    expires: Math.ceil(validUntil / 1000) + 3600,
  }).go();
  return ticket;
}

/** Uses a ticket up: of many tries at once one gets the user. Undefined for one that is used, too old or unknown. */
export async function redeem(ticket: string): Promise<string | undefined> {
  try {
    const { data } = await TicketEntity.remove({ ticketID: hash(ticket) }).go({ response: "all_old" });
    return data && "validUntil" in data && data.validUntil !== undefined && data.validUntil >= now()
      ? data.userID
      : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && /conditional request failed/i.test(`${error.message} ${String(error.cause)}`);
}

function hash(ticket: string): string {
  return createHash("sha256").update(ticket).digest("base64url");
}
