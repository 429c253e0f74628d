/** Set with `sst secret set <Name> <value> --stage <stage>`; encrypted in the state and in each function's bundle. */
export const secrets = {
  /** Signs session cookies. */
  AuthSecret: new sst.Secret("AuthSecret"),
  /** Seals GitHub tokens in the table: 32 bytes, base64. Losing it loses them. */
  DataKey: new sst.Secret("DataKey"),
  /** JSON list of login providers. */
  AuthProviders: new sst.Secret("AuthProviders"),
};
