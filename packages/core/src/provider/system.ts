import type { KeyProvider } from "@slipway/contract/provider";
import type { KeyOwner } from "../registry/registry.ts";
import { unseal } from "../secret/secret.ts";
import type { Connection } from "./catalog.ts";
import { ProviderKeyEntity } from "./key.entity.ts";
import { parseListed, type Listed } from "./listed.ts";
import { team } from "./reached.ts";

/** Keys, for the server itself: verbs that authorise nobody. */

export { addressOf, fetchWith, providerNames } from "./endpoint.ts";
export type { Connection } from "./catalog.ts";

/** Encrypted for one owner, one provider and one address: a row that is altered sends the key nowhere else. */
export function purposeOf(provider: KeyProvider, baseURL: string | undefined): string {
  return `provider-key ${provider} ${baseURL ?? ""}`;
}

/** The key itself, for a request to its provider. Undefined when there is none, or none that can be decrypted. */
export async function connectionOf(
  provider: KeyProvider,
  owner: KeyOwner,
  userID: string,
): Promise<(Connection & { models: Listed[] }) | undefined> {
  const holder = owner === "team" ? team : userID;
  const { data } = await ProviderKeyEntity.get({ owner: holder, provider }).go({ consistent: true });
  if (!data) return undefined;
  const key = unseal(data.sealed, holder, purposeOf(provider, data.baseURL));
  if (key === undefined) return undefined;
  return { provider, baseURL: data.baseURL, key, models: parseListed(data.models) };
}
