import { Entity } from "electrodb";
import { indexKey, key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const ConnectionEntity = new Entity(
  {
    model: { entity: "connection", version: "1", service },
    attributes: {
      connectionID: { type: "string", required: true },
      userID: { type: "string", required: true },
      /** The login that opened it; it closes with it. */
      loginID: { type: "string", required: true },
      openedAt: { type: "number", required: true },
      /** The project it follows; "-" for none. */
      projectID: { type: "string", required: true },
      expires: { type: "number", required: true },
    },
    indexes: {
      byID: key(["connectionID"], []),
      byProject: indexKey("gsi1", ["projectID"], ["connectionID"]),
      byUser: indexKey("gsi2", ["userID"], ["connectionID"]),
    },
  },
  connection,
);
