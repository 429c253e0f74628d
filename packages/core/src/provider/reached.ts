import type { KeyProvider } from "@slipway/contract/provider";
import type { KeyOwner } from "../registry/registry.ts";
import { ProviderKeyEntity } from "./key.entity.ts";
import { parseListed, type Listed } from "./listed.ts";

/** What keys reach, without the keys. */

export const team = "team";

export interface Reached {
  provider: KeyProvider;
  owner: KeyOwner;
  models: Listed[];
}

/** What a person's keys and the team's reach. */
export async function reachedBy(userID: string): Promise<Reached[]> {
  const found = await Promise.all(
    ([team, userID] as const).map(async (owner) => {
      const { data } = await ProviderKeyEntity.query.byOwner({ owner }).go({ pages: "all" });
      return data.map(({ provider, models }): Reached => ({
        provider,
        owner: owner === team ? "team" : "own",
        models: parseListed(models),
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
  return data ? parseListed(data.models) : undefined;
}
