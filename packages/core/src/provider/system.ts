import type { KeyProvider } from "@slipway/contract/provider";
import { z } from "zod";
import type { KeyOwner } from "../registry/registry.ts";
import { unseal } from "../secret/secret.ts";
import { Listed, type Connection } from "./catalog.ts";
import { ProviderKeyEntity } from "./key.entity.ts";

/** Keys, for the server itself: verbs that authorise nobody. */

export { addressOf, fetchWith } from "./endpoint.ts";
export type { Connection, Listed } from "./catalog.ts";

export const team = "team";

const Stored = z.array(Listed);

/** Encrypted for one owner, one provider and one address: a row that is altered sends the key nowhere else. */
export function purposeOf(provider: KeyProvider, baseURL: string | undefined): string {
  return `provider-key ${provider} ${baseURL ?? ""}`;
}

export interface Reached {
  provider: KeyProvider;
  owner: KeyOwner;
  models: Listed[];
}

/** What a person's keys and the team's reach, without the keys. */
export async function reachedBy(userID: string): Promise<Reached[]> {
  const found = await Promise.all(
    ([team, userID] as const).map(async (owner) => {
      const { data } = await ProviderKeyEntity.query.byOwner({ owner }).go({ pages: "all" });
      return data.map(({ provider, models }): Reached => ({
        provider,
        owner: owner === team ? "team" : "own",
        models: parseModels(models),
      }));
    }),
  );
  return found.flat();
}

/** The models that one key reaches. Undefined when there is no such key. */
export async function reachedWith(
  provider: KeyProvider,
  owner: KeyOwner,
  userID: string,
): Promise<Listed[] | undefined> {
  const { data } = await ProviderKeyEntity.get({ owner: owner === "team" ? team : userID, provider }).go({
    consistent: true,
  });
  return data ? parseModels(data.models) : undefined;
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
  return { provider, baseURL: data.baseURL, key, models: parseModels(data.models) };
}

function parseModels(json: string): Listed[] {
  return Stored.parse(JSON.parse(json));
}
