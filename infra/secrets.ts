/** Set with `sst secret set <Name> <value> --stage <stage>`. Encrypted in SST's state and in each function's bundle. */
export const secrets = {
  /** Signs session cookies. */
  AuthSecret: new sst.Secret("AuthSecret"),
  /** Encrypts GitHub tokens in the table: 32 bytes, base64. Without it they are lost. */
  DataKey: new sst.Secret("DataKey"),
  /** JSON list of sign-in providers. */
  AuthProviders: new sst.Secret("AuthProviders"),
};
