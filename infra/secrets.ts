/** Set with `sst secret set <Name> <value> --stage <stage>`. Encrypted in SST's state and in each function's bundle. */
export const secrets = {
  /** Signs session cookies. */
  AuthSecret: new sst.Secret("AuthSecret"),
  /** Encrypts GitHub tokens and keys for models in the table: 32 bytes, base64. Without it they are lost. */
  DataKey: new sst.Secret("DataKey"),
  /** Signs the tokens of sandboxes: `kid.seed.secret`. The edge knows the last part, a sandbox only the public half. */
  SandboxKey: new sst.Secret("SandboxKey"),
  /** JSON list of sign-in providers. */
  AuthProviders: new sst.Secret("AuthProviders"),
};
