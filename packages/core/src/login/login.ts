import { now } from "../clock/clock.ts";
import * as Connections from "../connection/system.ts";
import { create as createID } from "../id/id.ts";
import * as Users from "../user/system.ts";
import * as User from "../user/user.ts";
import { EndedLoginEntity } from "./login.entity.ts";

/**
 * Logins: one each time a person signs in. The signed cookie holds the login's id and the version of the person's logins,
 * so nothing is stored until a login ends; only ended ones have a row.
 */

/** Seconds that a cookie is valid without use. */
export const lifeSeconds = 30 * 86_400;

export interface Login {
  userID: string;
  loginID: string;
  /** The person's version when they signed in: ending all logins raises it. */
  version: number;
}

export function newID(): string {
  return createID("login");
}

/** The person of an open login. Two reads at once, 1.5 RRU; a sign-out counts from the next request. */
export async function userOf({ userID, loginID, version }: Login): Promise<User.KnownUser | undefined> {
  const [user, { data: ended }] = await Promise.all([
    User.fromID(userID),
    EndedLoginEntity.get({ loginID }).go({ consistent: true }),
  ]);
  return user && !ended && user.version === version && User.isWelcome(user.email) ? user : undefined;
}

/** Ends one login: its cookie, wherever it was copied to, and its sockets. */
export async function end({ userID, loginID }: Pick<Login, "userID" | "loginID">): Promise<void> {
  await EndedLoginEntity.put({ loginID, userID, expires: Math.ceil(now() / 1000) + lifeSeconds }).go();
  await Connections.closeAll(userID, (of) => of === loginID);
}

/** Ends every login of the person, with its sockets. */
export async function endAll(userID: string): Promise<void> {
  await Users.raiseVersion(userID);
  await Connections.closeAll(userID, () => true);
}
