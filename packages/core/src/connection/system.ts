import type { ServerMessage } from "@slipway/contract/socket";
import { now } from "../clock/clock.ts";
import * as Log from "../log/log.ts";
import * as Members from "../member/system.ts";
import { ConnectionEntity } from "./connection.entity.ts";

/**
 * Sockets, for the server itself: who is connected, which project each follows, and pushing to them. Verbs authorise nobody;
 * lint keeps this module out of the API's routes. A lost push loses nothing (see the contract).
 */

/**
 * Milliseconds that a list of connections is cached. A new connection waits that long at most, and asks for what it missed.
 * An empty list expires sooner, because somebody is usually about to connect.
 */
const cacheLife = 1000;
const emptyCacheLife = 250;
/** API Gateway ends a connection after two hours. */
const lifeSeconds = 2 * 3600 + 60;
/** Bytes. API Gateway takes 128 KB. */
const messageLimit = 120_000;
const nothing = "-";

/** Loaded on first use: most requests of the API push nothing. */
const gateway = () => import("./gateway.ts");

/** Sockets of one person: more than anybody has tabs, few enough that their pushes stay cheap. */
const maxSockets = 20;

/** Opens a socket. Beyond 20 per person the oldest is closed: refusing the newest would lock out a person with dead ones. */
export async function open(
  connectionID: string,
  { userID, loginID }: { userID: string; loginID: string },
): Promise<void> {
  const openedAt = now();
  await ConnectionEntity.put({ connectionID, userID, loginID, openedAt, projectID: nothing, expires: expiry() }).go();
  const { data } = await ConnectionEntity.query.byUser({ userID }).go({ pages: "all" });
  const others = data
    .filter((row) => row.connectionID !== connectionID)
    .toSorted((a, b) => b.openedAt - a.openedAt)
    .slice(maxSockets - 1);
  await Promise.all(others.map((row) => disconnect(row.connectionID)));
}

/** Whose connection it is. */
export async function owner(connectionID: string): Promise<string | undefined> {
  const { data } = await ConnectionEntity.get({ connectionID }).go({ consistent: true });
  return data?.userID;
}

/** The caller has authorised it. @throws for a connection that was closed meanwhile: it stays closed */
export async function follow(connectionID: string, projectID: string | undefined): Promise<void> {
  await ConnectionEntity.patch({ connectionID })
    .set({ projectID: projectID ?? nothing, expires: expiry() })
    .go();
  if (projectID !== undefined) lists.delete(`project ${projectID}`);
}

/** Closes a person's sockets of the logins that match. */
export async function closeAll(userID: string, matches: (loginID: string) => boolean): Promise<void> {
  const { data } = await ConnectionEntity.query.byUser({ userID }).go({ pages: "all" });
  await Promise.all(data.filter(({ loginID }) => matches(loginID)).map((row) => disconnect(row.connectionID)));
}

/** Deletes the row first: a socket that is no longer listed hears nothing more, even if closing it fails. */
async function disconnect(connectionID: string): Promise<void> {
  await close(connectionID);
  try {
    await (await gateway()).disconnect(connectionID);
  } catch (error) {
    Log.error("disconnect-failed", error, { connectionID });
  }
}

export async function close(connectionID: string): Promise<void> {
  await ConnectionEntity.delete({ connectionID }).go();
}

/** To every member who follows the project. Never throws. */
export async function broadcast(projectID: string, message: ServerMessage, members?: readonly string[]): Promise<void> {
  await push(`project ${projectID}`, message, async () => {
    const [{ data }, hearing] = await Promise.all([
      ConnectionEntity.query.byProject({ projectID }).go({ pages: "all" }),
      members ?? Members.userIDs(projectID),
    ]);
    // A person who has lost the membership stops hearing, whatever their socket still follows.
    return data.filter(({ userID }) => hearing.includes(userID)).map((row) => row.connectionID);
  });
}

/** To every socket of one person. Never throws. */
export async function notify(userID: string, message: ServerMessage): Promise<void> {
  await push(`user ${userID}`, message, async () => {
    const { data } = await ConnectionEntity.query.byUser({ userID }).go({ pages: "all" });
    return data.map((row) => row.connectionID);
  });
}

/** Answers one connection. */
export async function send(connectionID: string, message: ServerMessage): Promise<void> {
  await post(connectionID, JSON.stringify(message));
}

const lists = new Map<string, { at: number; life: number; connectionIDs: Promise<string[]> }>();

async function push(list: string, message: ServerMessage, read: () => Promise<string[]>): Promise<void> {
  try {
    let known = lists.get(list);
    if (known === undefined || now() - known.at > known.life) {
      if (lists.size > 1000) lists.clear();
      known = { at: now(), life: cacheLife, connectionIDs: read() };
      lists.set(list, known);
    }
    const connectionIDs = await known.connectionIDs;
    if (connectionIDs.length === 0) {
      known.life = emptyCacheLife;
      return;
    }
    const text = JSON.stringify(message);
    // A client that misses a large event finds the gap by its number and asks for it.
    if (Buffer.byteLength(text) > messageLimit) return;
    await Promise.all(connectionIDs.map((connectionID) => post(connectionID, text)));
  } catch (error) {
    lists.delete(list);
    Log.error("push-failed", error, { list });
  }
}

async function post(connectionID: string, text: string): Promise<void> {
  try {
    if (!(await (await gateway()).post(connectionID, text))) await close(connectionID);
  } catch (error) {
    Log.error("push-failed", error, { connectionID });
  }
}

function expiry(): number {
  return Math.ceil(now() / 1000) + lifeSeconds;
}
