import type { Plan, Role } from "@slipway/contract/user";
import { now } from "../clock/clock.ts";
import { resource } from "../config/config.ts";
import { create as createID } from "../id/id.ts";
import { putItem, transact, updateItem } from "../table/table.ts";
import { serialize, type KnownUser } from "./row.ts";
import { AccountEntity, PlanRequestEntity, UserEntity } from "./user.entity.ts";

export type { KnownUser } from "./row.ts";

export interface Profile {
  name: string;
  email?: string | undefined;
  image?: string | undefined;
}
export interface Account {
  provider: string;
  providerAccountID: string;
}
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

/** Links an account to a user. An account that is linked to another user stays there. */
export async function linkAccount(userID: string, account: Account): Promise<void> {
  await AccountEntity.create({ ...account, userID, createdAt: now() }).go();
}

/** The user of an account, created at the first sign-in. Of two concurrent first sign-ins, one creates the user. */
export async function fromAccountOrCreate(account: Account, profile: Profile): Promise<KnownUser> {
  const known = await fromAccount(account);
  if (known) return known;
  const row = newRow(profile);
  const written = await transact([
    putItem(UserEntity.create(row)),
    putItem(AccountEntity.create({ ...account, userID: row.userID, createdAt: row.createdAt })),
  ]);
  const user = written.ok ? await fromID(row.userID) : await fromAccount(account);
  if (user === undefined) throw new Error("the user was not created");
  return user;
}

export async function update(
  userID: string,
  changes: { name?: string; image?: string; plan?: Plan; role?: Role },
): Promise<KnownUser> {
  const { data } = await UserEntity.patch({ userID }).set(changes).go({ response: "all_new" });
  return serialize(data);
}

/** Stores the address that a sign-in has just verified, unless another user has it. Does nothing for a new user. */
export async function keepAddress(userID: string, address: string): Promise<void> {
  const email = address.toLowerCase();
  const [known, holder] = await Promise.all([fromID(userID), fromEmail(email)]);
  if (!known || known.email === email || holder !== undefined) return;
  await UserEntity.patch({ userID }).set({ email }).go();
}

/** Asks the admins for more runs than the plan gives: on Free for Pro, on Pro for a higher limit. Idempotent. */
export async function askForMore({ id: userID, name, plan }: Pick<KnownUser, "id" | "name" | "plan">): Promise<void> {
  const at = now();
  // Conditional, because an admin may change the plan at the same time.
  await transact([
    updateItem(
      UserEntity.patch({ userID })
        .set({ askedForProAt: at })
        .where((known, { eq, notExists }) => `${eq(known.plan, plan)} AND ${notExists(known.askedForProAt)}`),
    ),
    putItem(PlanRequestEntity.put({ userID, name, plan, at })),
  ]);
}

/** Whether the person of an address may sign in here. The address must be verified. */
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
