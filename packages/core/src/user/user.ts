import { Time, UserID } from "@slipway/contract/id";
import type { Plan, Role, User } from "@slipway/contract/user";
import { createConversions } from "electrodb";
import { z } from "zod";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import * as Cursor from "../cursor/cursor.ts";
import { create as createID } from "../id/id.ts";
import { putItem, transact, updateItem, type WriteItem } from "../table/table.ts";
import { AccountEntity, UserEntity } from "./user.entity.ts";

export interface Profile {
  name: string;
  email?: string | undefined;
  image?: string | undefined;
}
export interface Account {
  provider: string;
  providerAccountID: string;
}
/** A user, with the version that a login must carry to be good. */
export type KnownUser = User & {
  version: number;
  limit: number | undefined;
  askedForProAt: number | undefined;
  createdAt: number;
};

export async function fromID(userID: string): Promise<KnownUser | undefined> {
  const { data } = await UserEntity.get({ userID }).go({ consistent: true });
  return data ? serialize(data) : undefined;
}

export async function fromEmail(email: string): Promise<KnownUser | undefined> {
  const { data } = await UserEntity.query.byEmail({ email: email.toLowerCase() }).go({ limit: 1 });
  return data[0] ? serialize(data[0]) : undefined;
}

export async function fromAccount({ provider, providerAccountID }: Account): Promise<KnownUser | undefined> {
  const { data } = await AccountEntity.get({ provider, providerAccountID }).go({ consistent: true });
  return data ? fromID(data.userID) : undefined;
}

export async function create(profile: Profile): Promise<KnownUser> {
  const { data } = await UserEntity.create(newRow(profile)).go();
  return serialize(data);
}

/** Gives an account to a user. An account that is already someone's stays theirs. */
export async function linkAccount(userID: string, account: Account): Promise<void> {
  await AccountEntity.create({ ...account, userID, createdAt: now() }).go();
}

/** The user of an account, made with it at the first sign-in. Of two first sign-ins at once one makes the user. */
export async function fromAccountOrCreate(account: Account, profile: Profile): Promise<KnownUser> {
  const known = await fromAccount(account);
  if (known) return known;
  const row = newRow(profile);
  const written = await transact([
    putItem(UserEntity.create(row)),
    putItem(AccountEntity.create({ ...account, userID: row.userID, createdAt: row.createdAt })),
  ]);
  const user = written.ok ? await fromID(row.userID) : await fromAccount(account);
  if (user === undefined) throw new Error("the user was not made");
  return user;
}

export async function update(
  userID: string,
  changes: { name?: string; image?: string; plan?: Plan; role?: Role },
): Promise<KnownUser> {
  const { data } = await UserEntity.patch({ userID }).set(changes).go({ response: "all_new" });
  return serialize(data);
}

/** Keeps the address that a sign-in has just verified, unless it is somebody else's here. Nothing for who is new. */
export async function keepAddress(userID: string, address: string): Promise<void> {
  const email = address.toLowerCase();
  const [known, holder] = await Promise.all([fromID(userID), fromEmail(email)]);
  if (!known || known.email === email || holder !== undefined) return;
  await UserEntity.patch({ userID }).set({ email }).go();
}

/** Asks the admins for the pro plan; asking again changes nothing. */
export async function askForPro(userID: string): Promise<void> {
  const user = await fromID(userID);
  if (user?.plan === "free" && user.askedForProAt === undefined)
    await UserEntity.patch({ userID }).set({ askedForProAt: now() }).go();
}

const cursors = Cursor.define("people", z.object({ userID: UserID, createdAt: Time }));

/** (internal) Everyone, newest first. */
export async function page(cursor?: string): Promise<{ users: KnownUser[]; cursor?: string }> {
  const after = cursors.decode(cursor);
  const from =
    after === undefined
      ? null
      : createConversions(UserEntity).byAccessPattern.byTime.fromComposite.toCursor({ ...after, all: "all" });
  const { data, cursor: next } = await UserEntity.query
    .byTime({ all: "all" })
    .go({ order: "desc", limit: 100, cursor: from });
  const users = data.map(serialize);
  const last = data.at(-1);
  return next && last ? { users, cursor: cursors.encode(last) } : { users };
}

/** (internal) What an admin sets. A change of plan answers the person's request. */
export function adminItem(
  userID: string,
  changes: { plan?: Plan | undefined; limit?: number | null | undefined; dismissRequest?: true | undefined },
): WriteItem {
  const { plan, limit, dismissRequest } = changes;
  const removed: ("limit" | "askedForProAt")[] = [];
  if (limit === null) removed.push("limit");
  if (plan !== undefined || dismissRequest) removed.push("askedForProAt");
  const set = { ...(plan ? { plan } : {}), ...(typeof limit === "number" ? { limit } : {}) };
  return updateItem(UserEntity.patch({ userID }).set(set).remove(removed));
}

/** A login of an older version is none. */
export async function raiseVersion(userID: string): Promise<void> {
  await UserEntity.patch({ userID }).add({ version: 1 }).go();
}

/** Whether this deployment is for whoever has that address. Only a verified one may be asked about. */
export function isWelcome(email: string | undefined): boolean {
  const { members, adminEmails } = resource("Settings");
  if (members.length === 0 || members.includes("*")) return true;
  const address = email?.toLowerCase();
  if (!address) return false;
  return [...members, ...adminEmails].some((member) =>
    member.startsWith("@") ? address.endsWith(member) : address === member,
  );
}

function newRow(profile: Profile) {
  const email = profile.email?.toLowerCase();
  return {
    userID: createID("user"),
    name: profile.name,
    ...(email ? { email } : {}),
    ...(profile.image ? { image: profile.image } : {}),
    role: "member" as const,
    plan: "free" as const,
    version: 1,
    createdAt: now(),
  };
}

type Row = {
  userID: string;
  name: string;
  email?: string | undefined;
  image?: string | undefined;
  role: Role;
  plan: Plan;
  version: number;
  limit?: number | undefined;
  askedForProAt?: number | undefined;
  createdAt: number;
};

function serialize(row: Row): KnownUser {
  return {
    id: row.userID,
    name: row.name,
    ...(row.email ? { email: row.email } : {}),
    ...(row.image ? { image: row.image } : {}),
    // Whoever is configured as admin is one from then on, and no longer when the configuration is changed back.
    role: row.email !== undefined && resource("Settings").adminEmails.includes(row.email) ? "admin" : row.role,
    plan: row.plan,
    version: row.version,
    limit: row.limit,
    askedForProAt: row.askedForProAt,
    createdAt: row.createdAt,
  };
}
