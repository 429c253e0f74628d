import { createHash, randomBytes } from "node:crypto";
import { now } from "../clock/clock.ts";
import type { Login } from "../login/login.ts";
import { TicketEntity } from "./ticket.entity.ts";

/** Milliseconds that a socket ticket is valid. */
const life = 30_000;

/** A ticket that opens one socket of a login, within 30 s. Only its hash is stored. */
export async function issue(login: Login): Promise<string> {
  const ticket = randomBytes(24).toString("base64url");
  const validUntil = now() + life;
  await TicketEntity.put({
    ticketID: hash(ticket),
    ...login,
    validUntil,
    expires: Math.ceil(validUntil / 1000) + 3600,
  }).go();
  return ticket;
}

/** Redeems a ticket once: of concurrent attempts one gets the login. Undefined for a used, expired or unknown ticket. */
export async function redeem(ticket: string): Promise<Login | undefined> {
  try {
    const { data } = await TicketEntity.remove({ ticketID: hash(ticket) }).go({ response: "all_old" });
    if (!data || !("validUntil" in data) || data.validUntil === undefined || data.validUntil < now()) return undefined;
    const { userID, loginID, version } = data;
    return userID !== undefined && loginID !== undefined && version !== undefined
      ? { userID, loginID, version }
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
