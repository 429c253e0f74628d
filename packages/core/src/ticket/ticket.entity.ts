import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const TicketEntity = new Entity(
  {
    model: { entity: "ticket", version: "1", service },
    attributes: {
      ticketID: { type: "string", required: true },
      userID: { type: "string", required: true },
      /** The login that asked for it. */
      loginID: { type: "string", required: true },
      version: { type: "number", required: true },
      /** Milliseconds. The row is deleted some time later. */
      validUntil: { type: "number", required: true },
      expires: { type: "number", required: true },
    },
    indexes: { byID: key(["ticketID"], []) },
  },
  connection,
);
