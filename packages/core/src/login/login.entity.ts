import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** A login that its person has ended. The row stays until the cookie would have expired by itself. */
export const EndedLoginEntity = new Entity(
  {
    model: { entity: "ended-login", version: "1", service },
    attributes: {
      loginID: { type: "string", required: true },
      userID: { type: "string", required: true },
      expires: { type: "number", required: true },
    },
    indexes: { byID: key(["loginID"], []) },
  },
  connection,
);
