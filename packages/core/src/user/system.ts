import { Time, UserID } from "@slipway/contract/id";
import type { Plan } from "@slipway/contract/user";
import { createConversions } from "electrodb";
import { z } from "zod";
import * as Cursor from "../cursor/cursor.ts";
import { deleteItem, updateItem, type WriteItem } from "../table/table.ts";
import { serialize, type KnownUser } from "./row.ts";
import { PlanRequestEntity, UserEntity } from "./user.entity.ts";

/** Users, for the server itself: verbs that authorise nobody. Lint keeps this module out of the API's routes. */

const cursors = Cursor.define("people", z.object({ userID: UserID, createdAt: Time }));

/** Everyone, newest first. */
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

/** Pending requests for more runs, up to a hundred. */
export async function requests(): Promise<{ userID: string; name: string; plan: Plan; at: number }[]> {
  const { data } = await PlanRequestEntity.query.pending({ all: "all" }).go({ limit: 100 });
  return data.map(({ userID, name, plan, at }) => ({ userID, name, plan, at }));
}

/** An admin's changes. Another plan or a limit also answers the request for more. */
export function adminItems(
  userID: string,
  changes: { plan?: Plan | undefined; limit?: number | null | undefined; dismissRequest?: true | undefined },
): WriteItem[] {
  const { plan, limit, dismissRequest } = changes;
  const removed: ("limit" | "askedForProAt")[] = [];
  if (limit === null) removed.push("limit");
  const answers = plan !== undefined || typeof limit === "number" || dismissRequest === true;
  if (answers) removed.push("askedForProAt");
  const set = { ...(plan ? { plan } : {}), ...(typeof limit === "number" ? { limit } : {}) };
  return [
    updateItem(UserEntity.patch({ userID }).set(set).remove(removed)),
    ...(answers ? [deleteItem(PlanRequestEntity.delete({ all: "all", userID }))] : []),
  ];
}

/** Ends every login of the person: a login of an older version is invalid. */
export async function raiseVersion(userID: string): Promise<void> {
  await UserEntity.patch({ userID }).add({ version: 1 }).go();
}
