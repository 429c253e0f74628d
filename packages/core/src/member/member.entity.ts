import { Entity } from "electrodb";
import { indexKey, key, ordered, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

export const MemberEntity = new Entity(
  {
    model: { entity: "member", version: "1", service },
    attributes: {
      projectID: { type: "string", required: true },
      userID: { type: "string", required: true },
      role: { type: ["owner", "editor", "viewer"] as const, required: true },
      kind: { type: ["project", "session"] as const, required: true },
      /** The project's last activity. Stored here so one query lists a person's projects by it. */
      activeAt: ordered,
    },
    indexes: {
      byProject: key(["projectID"], ["userID"]),
      byUser: indexKey("gsi1", ["userID", "kind"], ["activeAt"]),
    },
  },
  connection,
);
