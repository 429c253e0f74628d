import { createHmac, timingSafeEqual } from "node:crypto";
import { resource } from "../config/config.ts";
import { authorise, type Actor } from "../member/member.ts";
import * as User from "../user/user.ts";
import { addressAt } from "./address.ts";

/**
 * Previews serve a project's files as a site. Each person has an origin of their own per project, and a label in its host
 * name is the permission: the project, the person, and a code that only the deployment can make. It holds while the person
 * is a member, and ends with "Sign out on all devices".
 */

const labelForm = /^([0-9a-hjkmnp-tv-z]{26})([0-9a-hjkmnp-tv-z]{26})([0-9a-v]{11})$/;

/** What a preview shows, and to whom. */
export interface Preview {
  actor: Actor;
  projectID: string;
}

/** The address of a person's preview of a project. Two reads at once. @throws VisibleError not_found */
export async function addressOf(actor: Actor, projectID: string): Promise<string> {
  const [user] = await Promise.all([User.fromID(actor.userID), authorise(actor, "read", projectID)]);
  if (user === undefined) throw new Error("an actor without a user");
  const label = suffix(projectID) + suffix(actor.userID) + code(projectID, actor.userID, user.version);
  return addressAt(resource("Previews").origin, label);
}

/** The preview that a label permits; undefined if it is forged or has ended. Reading its files checks the membership. */
export async function open(label: string): Promise<Preview | undefined> {
  const [, project, person, given] = labelForm.exec(label) ?? [];
  if (project === undefined || person === undefined || given === undefined) return undefined;
  const [projectID, userID] = [`prj_${project.toUpperCase()}`, `usr_${person.toUpperCase()}`];
  const user = await User.fromID(userID);
  if (user === undefined || !User.isWelcome(user.email)) return undefined;
  const isGenuine = timingSafeEqual(Buffer.from(given), Buffer.from(code(projectID, userID, user.version)));
  return isGenuine ? { actor: { userID }, projectID } : undefined;
}

/** The id without its prefix: a host name has no underscores and one case. */
function suffix(id: string): string {
  return id.slice(id.indexOf("_") + 1).toLowerCase();
}

/** 55 bits, which is what remains of the 63 characters of a label. */
function code(projectID: string, userID: string, version: number): string {
  const key = resource("AuthSecret").value;
  const digest = createHmac("sha256", key).update(`preview ${projectID} ${userID} ${version}`).digest();
  return (digest.readBigUInt64BE() >> 9n).toString(32).padStart(11, "0");
}
