import { Entity } from "electrodb";
import { indexKey, key, service } from "../table/key.ts";
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
      createdAt: { type: "number", required: true },
    },
    indexes: {
      byID: key(["userID"], []),
      byEmail: indexKey("gsi1", ["email"], []),
    },
  },
  connection,
);

/** A way in: an account at a login provider. */
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
