import { Entity } from "electrodb";
import { key, service } from "../table/key.ts";
import { connection } from "../table/table.ts";

/** A person's GitHub token, encrypted. */
export const CredentialEntity = new Entity(
  {
    model: { entity: "github-credential", version: "1", service },
    attributes: {
      userID: { type: "string", required: true },
      /** The account's number; its login may change. */
      accountID: { type: "string", required: true },
      login: { type: "string", required: true },
      email: { type: "string" },
      /** Separated by spaces; empty for the token of a GitHub App. */
      scopes: { type: "string", required: true },
      token: { type: "string", required: true },
      /** GitHub Apps only: renews the token, which lasts 8 hours. Valid once. */
      refreshToken: { type: "string" },
      expiresAt: { type: "number" },
      /** Incremented by every write, for compare-and-set. */
      version: { type: "number", required: true },
      /** Lease of the process that refreshes the token; others wait for its result. */
      refreshingUntil: { type: "number" },
    },
    indexes: { byUser: key(["userID"], []) },
  },
  connection,
);

/** A pending connection. GitHub's callback is checked against it, once. */
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
