import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const UserEntity = new Entity(
  {
    model: { entity: "user", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      name: { type: "string", required: true },
      email: { type: "string" },
      image: { type: "string" },
      role: { type: ["member", "admin"] as const, required: true },
      plan: { type: ["free", "pro"] as const, required: true },
      /** Raised to end every login of the person. */
      version: { type: "number", required: true },
      /** Runs a month, where an admin has set them for this person. */
      limit: { type: "number" },
      /** When the person asked for more runs; removed once an admin has answered. */
      askedForProAt: { type: "number" },
      createdAt: ordered,
      all: { type: "string", required: true, default: "all", readOnly: true },
    },
    indexes: {
      byID: key(["userID"], []),
      byEmail: indexKey("gsi1", ["email"], []),
      byTime: indexKey("gsi2", ["all"], ["createdAt"]),
    },
  },
  connection,
);

/** A pending request for more runs, so that admins find them without reading everyone. */
export const PlanRequestEntity = new Entity(
  {
    model: { entity: "plan-request", version: "1", service },
    attributes: {
      all: { type: "string", required: true, default: "all", readOnly: true },
      userID: { type: "string", required: true },
      name: { type: "string", required: true },
      plan: { type: ["free", "pro"] as const, required: true },
      at: { type: "number", required: true },
    },
    indexes: { pending: key(["all"], ["userID"]) },
  },
  connection,
);

/** An account at a login provider. */
export const AccountEntity = new Entity(
  {
    model: { entity: "account", version: "1", service },
    attributes: {
      provider: { type: "string", required: true },
      providerAccountID: { type: "string", required: true },
      userID: { type: "string", required: true },
      createdAt: { type: "number", required: true },
    },
    indexes: { byProvider: key(["provider"], ["providerAccountID"]) },
  },
  connection,
);
