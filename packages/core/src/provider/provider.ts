import { VisibleError } from "@slipway/contract/error";
import type { KeyProvider, NewProviderKey, ProviderKey } from "@slipway/contract/provider";
import { auditItem, requireAdmin } from "../admin/system.ts";
import { now } from "../clock/clock.ts";
import type { Actor } from "../member/member.ts";
import { seal } from "../secret/secret.ts";
import { deleteItem, putItem, transact, type WriteItem } from "../table/table.ts";
import { listModels } from "./catalog.ts";
import { parseBaseURL, providerNames } from "./endpoint.ts";
import { ProviderKeyEntity } from "./key.entity.ts";
import { team } from "./reached.ts";
import { connectionOf, purposeOf } from "./system.ts";

/**
 * Keys for providers of models: a person's own, and the team's, which admins enter. A key is written and never read back:
 * it leaves this folder only for its provider.
 */

export interface Whose {
  provider: KeyProvider;
  owner: "own" | "team";
}

/** @throws VisibleError not_allowed */
export async function list(actor: Actor, whose: Whose["owner"]): Promise<ProviderKey[]> {
  const { owner } = await holderOf(actor, whose);
  const { data } = await ProviderKeyEntity.query.byOwner({ owner }).go({ consistent: true, pages: "all" });
  return data.map(serialize);
}

/**
 * Stores a key that its provider accepts, in place of the one before. What is refused changes nothing.
 * @throws VisibleError not_allowed, invalid_input, rate_limited, unavailable
 */
export async function set(
  actor: Actor,
  { provider, owner: whose }: Whose,
  entered: NewProviderKey,
): Promise<ProviderKey> {
  const { owner, audit, name } = await holderOf(actor, whose);
  const baseURL = entered.baseUrl ? parseBaseURL(entered.baseUrl) : undefined;
  if (entered.key === "" && provider !== "compatible")
    throw new VisibleError("invalid_input", `Enter a key of ${providerNames[provider]}.`);
  const models = await listModels({ provider, baseURL, key: entered.key });
  const at = now();
  const row = {
    owner,
    provider,
    sealed: seal(entered.key, owner, purposeOf(provider, baseURL)),
    ending: endingOf(entered.key),
    models: JSON.stringify(models),
    setAt: at,
    checkedAt: at,
    ...(baseURL === undefined ? {} : { baseURL }),
    ...(name === undefined ? {} : { setBy: name }),
  };
  const before = await ProviderKeyEntity.get({ owner, provider }).go({ consistent: true });
  await transact([
    putItem(ProviderKeyEntity.put(row)),
    ...audit(provider, before.data ? describe(before.data) : "none", describe(row)),
  ]);
  return serialize(row);
}

/** Asks the provider again: whether it still accepts the key, and what it offers now. @throws VisibleError */
export async function check(actor: Actor, { provider, owner: whose }: Whose): Promise<ProviderKey> {
  const { owner } = await holderOf(actor, whose);
  const connection = await connectionOf(provider, whose, actor.userID);
  if (connection === undefined) throw missing(provider);
  const models = JSON.stringify(await listModels(connection));
  const { data } = await ProviderKeyEntity.patch({ owner, provider })
    .set({ models, checkedAt: now() })
    .go({ response: "all_new" });
  return serialize(data);
}

/** Idempotent. Runs in progress that use it continue with the default model at their next turn. */
export async function remove(actor: Actor, { provider, owner: whose }: Whose): Promise<void> {
  const { owner, audit } = await holderOf(actor, whose);
  const { data } = await ProviderKeyEntity.get({ owner, provider }).go({ consistent: true });
  if (!data) return;
  await transact([
    deleteItem(ProviderKeyEntity.delete({ owner, provider })),
    ...audit(provider, describe(data), "none"),
  ]);
}

interface Holder {
  owner: string;
  /** The admin's name; undefined for a person's own. */
  name: string | undefined;
  audit(provider: KeyProvider, before: string, after: string): WriteItem[];
}

/** @throws VisibleError not_allowed */
async function holderOf(actor: Actor, whose: Whose["owner"]): Promise<Holder> {
  if (whose === "own") return { owner: actor.userID, name: undefined, audit: () => [] };
  const admin = await requireAdmin(actor);
  return {
    owner: team,
    name: admin.name,
    audit: (provider, before, after) => [
      auditItem(admin, { action: "model key", subject: providerNames[provider], before, after }),
    ],
  };
}

function describe({ ending, baseURL }: { ending: string; baseURL?: string | undefined }): string {
  return `…${ending}${baseURL === undefined ? "" : ` at ${baseURL}`}`;
}

/** Of a short key nothing is shown: four characters would be too much of it. */
function endingOf(key: string): string {
  return key.length < 20 ? "" : key.slice(-4);
}

function missing(provider: KeyProvider): VisibleError {
  return new VisibleError(
    "not_found",
    `There is no key of ${providerNames[provider]}, or it cannot be read. Enter it again.`,
  );
}

interface Row {
  provider: KeyProvider;
  ending: string;
  baseURL?: string | undefined;
  models: string;
  setAt: number;
  setBy?: string | undefined;
  checkedAt: number;
}

function serialize({ provider, ending, baseURL, models, setAt, setBy, checkedAt }: Row): ProviderKey {
  const listed: unknown = JSON.parse(models);
  return {
    provider,
    ending,
    models: Array.isArray(listed) ? listed.length : 0,
    setAt,
    checkedAt,
    ...(baseURL === undefined ? {} : { baseUrl: baseURL }),
    ...(setBy === undefined ? {} : { setBy }),
  };
}
