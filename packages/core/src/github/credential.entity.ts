import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** A person's token of the deployment's GitHub, sealed. */
export const CredentialEntity = new Entity(
  {
    model: { entity: "github-credential", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      /** Number of the account there; the login may change. */
      accountID: { type: "string", required: true },
      login: { type: "string", required: true },
      email: { type: "string" },
      /** Separated by spaces; empty for the token of a GitHub App. */
      scopes: { type: "string", required: true },
      token: { type: "string", required: true },
      /** Of a GitHub App: the token lasts 8 hours, its successor is asked for with this, which is good once. */
      refreshToken: { type: "string" },
      expiresAt: { type: "number" },
      /** Grows with every write: a token is replaced only by whoever has read it. */
      version: { type: "number", required: true },
      /** Whoever refreshes has until then; others wait for the result. */
      refreshingUntil: { type: "number" },
    },
    indexes: { byUser: key(["userID"], []) },
  },
  connection,
);

/** A connection that was begun: what comes back from GitHub is held against it, once. */
export const ConnectIntentEntity = new Entity(
  {
    model: { entity: "github-intent", version: "1", service },
    attributes: {
      state: { type: "string", required: true },
      userID: { type: "string", required: true },
      verifier: { type: "string", required: true },
      returnTo: { type: "string", required: true },
      expires: { type: "number", required: true },
    },
    indexes: { byState: key(["state"], []) },
  },
  connection,
);
