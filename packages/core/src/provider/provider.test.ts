import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import {
  startProviderPeer,
  type ProviderPeer,
  type ProtocolName,
  type Raw,
} from "../../../../test/support/provider-peer/peer.ts";
import { storageForCore } from "../../../../test/support/storage.ts";
import type { KeyProvider } from "@slipway/contract/provider";

const key = "sk-test-0123456789abcdefWXYZ";
let storage: Awaited<ReturnType<typeof storageForCore>>;
let Provider: typeof import("./provider.ts");
let Providers: typeof import("./system.ts");
let Models: typeof import("../model/model.ts");
let peer: ProviderPeer;
let admin: { userID: string };
let raw: Raw | undefined;
let count = 0;
const someone = () => ({ userID: `usr_${++count}` });

const protocolOf: Record<KeyProvider, ProtocolName> = {
  anthropic: "anthropic",
  openai: "openai",
  google: "google",
  openrouter: "chat",
  compatible: "chat",
};

beforeAll(async () => {
  peer = await startProviderPeer({
    key,
    models: ["claude-sonnet-5-5", "gpt-5.6-terra", "gemini-3.8-flash", "some-model"],
    answer: () => ({ text: "Hello." }),
    list: () => raw,
  });
  storage = await storageForCore();
  const settings = JSON.parse(process.env.SST_RESOURCE_Settings ?? "{}") as object;
  process.env.SST_RESOURCE_Settings = JSON.stringify({
    ...settings,
    trustedModelOrigins: [peer.origin],
    hiddenModels: ["compatible@own/gpt-5.6-terra"],
  });
  Provider = await import("./provider.ts");
  Providers = await import("./system.ts");
  Models = await import("../model/model.ts");
  const User = await import("../user/user.ts");
  admin = { userID: (await User.create({ name: "Ada", email: "admin@example.com" })).id };
});
afterEach(() => (raw = undefined));
afterAll(async () => {
  await peer.close();
  await storage.remove();
});

const entered = (provider: KeyProvider, with_: string = key) => ({
  key: with_,
  baseUrl: peer.base(protocolOf[provider]),
});

describe.each(Object.keys(protocolOf) as KeyProvider[])("%s", (provider) => {
  test("a key is checked, and only its ending is told", async () => {
    const actor = someone();
    const stored = await Provider.set(actor, { provider, owner: "own" }, entered(provider));
    expect(stored).toMatchObject({ provider, ending: "WXYZ", baseUrl: peer.base(protocolOf[provider]) });
    const told = await Provider.list(actor, "own");
    expect(told).toEqual([stored]);
    expect(JSON.stringify(told)).not.toContain(key.slice(0, 10));
    expect(await Providers.connectionOf(provider, "own", actor.userID)).toMatchObject({ key });
  });

  test("a key that the provider rejects is not stored, and no error repeats it", async () => {
    const actor = someone();
    const wrong = "sk-wrong-0123456789abcdef";
    const refused = Provider.set(actor, { provider, owner: "own" }, entered(provider, wrong));
    await expect(refused).rejects.toMatchObject({ code: "invalid_input" });
    await expect(refused).rejects.toThrow(/rejected the key/);
    await expect(refused).rejects.not.toThrow(wrong);
    expect(await Provider.list(actor, "own")).toEqual([]);
  });
});

test.each<[string, Raw, string, RegExp]>([
  [
    "a web page",
    { status: 200, body: "<!doctype html><h1>Welcome</h1>" },
    "invalid_input",
    /a web page. Check the base URL/,
  ],
  ["a page that is not found", { status: 404, body: "<h1>404</h1>" }, "invalid_input", /a web page/],
  ["JSON of something else", { status: 200, body: '{"ok":true}' }, "invalid_input", /other than a list of models/],
  ["no models", { status: 200, body: '{"data":[]}' }, "invalid_input", /lists no models/],
  ["a limit", { status: 429, body: "{}", headers: { "retry-after": "17" } }, "rate_limited", /Try again in 17 s/],
  ["a failure", { status: 503, body: "down" }, "unavailable", /has a problem \(503\)/],
  ["a redirect", { status: 302, body: "", headers: { location: "https://example.com" } }, "invalid_input", /redirects/],
  ["no end", { status: 200, body: `{"data":[${"1,".repeat(5_000_000)}` }, "invalid_input", /too long/],
])("an endpoint that answers with %s is refused in plain words", async (_, answer, code, message) => {
  raw = answer;
  const refused = Provider.set(someone(), { provider: "compatible", owner: "own" }, entered("compatible"));
  await expect(refused).rejects.toMatchObject({ code });
  await expect(refused).rejects.toThrow(message);
});

test.each([
  ["http://models.example.com/v1", /must begin with https/],
  ["https://user:secret@models.example.com", /holds a password/],
  ["https://models.example.com/v1?key=1", /has a query/],
  ["https://127.0.0.1/v1", /not on the public internet/],
  ["https://169.254.169.254/latest", /not on the public internet/],
  ["https://[::ffff:10.0.0.1]/", /not on the public internet/],
  ["https://localhost:1/v1", /not on the public internet/],
  ["file:///etc/passwd", /must begin with https/],
  ["models.example.com", /is not a URL/],
])("the base URL %s is refused", async (baseUrl, message) => {
  const refused = Provider.set(someone(), { provider: "compatible", owner: "own" }, { key, baseUrl });
  await expect(refused).rejects.toMatchObject({ code: "invalid_input" });
  await expect(refused).rejects.toThrow(message);
});

test("an endpoint without a base URL, and a provider without a key, are refused", async () => {
  const whose = { owner: "own" } as const;
  await expect(Provider.set(someone(), { ...whose, provider: "compatible" }, { key })).rejects.toThrow(/base URL/);
  await expect(Provider.set(someone(), { ...whose, provider: "openai" }, { key: "" })).rejects.toThrow(/Enter a key/);
});

test("only admins see or change the team's keys, and each change is in the audit", async () => {
  const member = someone();
  const whose = { provider: "openai", owner: "team" } as const;
  await expect(Provider.list(member, "team")).rejects.toMatchObject({ code: "not_allowed" });
  await expect(Provider.set(member, whose, entered("openai"))).rejects.toMatchObject({ code: "not_allowed" });
  expect(await Provider.set(admin, whose, entered("openai"))).toMatchObject({ setBy: "Ada" });
  await expect(Provider.remove(member, whose)).rejects.toMatchObject({ code: "not_allowed" });
  await expect(Provider.check(member, whose)).rejects.toMatchObject({ code: "not_allowed" });
  expect(await Models.find(member, "openai@team/gpt-5.6-terra")).toMatchObject({ label: "GPT-5.6 Terra" });
  await Provider.remove(admin, whose);
  expect(await Models.find(member, "openai@team/gpt-5.6-terra")).toBeUndefined();
  const { audit } = await import("../admin/admin.ts");
  const { entries } = await audit(admin);
  expect(entries.slice(0, 2)).toMatchObject([
    { action: "model key", subject: "OpenAI", after: "none" },
    { action: "model key", subject: "OpenAI", before: "none" },
  ]);
  expect(JSON.stringify(entries)).not.toContain(key.slice(0, 10));
});

test("a person's key offers its models to that person alone, with what its provider says of them", async () => {
  const actor = someone();
  const whose = { provider: "openrouter", owner: "own" } as const;
  await Provider.set(actor, whose, entered("openrouter"));
  const id = "openrouter@own/gpt-5.6-terra";
  expect((await Models.offered(actor)).find((model) => model.id === id)).toMatchObject({
    provider: "openrouter",
    name: "GPT-5.6 Terra",
    contextWindow: 65_536,
    seesImages: true,
    priceClass: "low",
  });
  expect((await Models.offered(actor)).map(({ name }) => name)).toContain("Listed some-model");
  expect((await Models.offered(someone())).map((model) => model.id)).toEqual(["demo"]);
  expect(await Models.find(someone(), id)).toBeUndefined();
  expect(await Models.find(actor, "openrouter@own/another")).toBeUndefined();
});

test("what a deployment hides is not offered, also by a person's key", async () => {
  const actor = someone();
  await Provider.set(actor, { provider: "compatible", owner: "own" }, entered("compatible"));
  const ids = (await Models.offered(actor)).map(({ id }) => id);
  expect(ids).toContain("compatible@own/claude-sonnet-5-5");
  expect(ids).not.toContain("compatible@own/gpt-5.6-terra");
  expect(await Models.find(actor, "compatible@own/gpt-5.6-terra")).toBeUndefined();
});

test("what is not for chats is left out of a list", async () => {
  const actor = someone();
  for (const provider of ["openai", "google"] as const) {
    const { models } = await Provider.set(actor, { provider, owner: "own" }, entered(provider));
    expect(models).toBe(provider === "openai" ? 1 : 4);
  }
  expect(await Models.find(actor, "google@own/gemini-3.8-flash")).toMatchObject({ contextWindow: 500_000 });
});

test("a check renews the list, and says when the key is no longer accepted", async () => {
  const actor = someone();
  const whose = { provider: "compatible", owner: "own" } as const;
  await Provider.set(actor, whose, entered("compatible"));
  raw = { status: 200, body: JSON.stringify({ data: [{ id: "new-model", max_model_len: 16_384 }] }) };
  expect(await Provider.check(actor, whose)).toMatchObject({ models: 1 });
  expect(await Models.find(actor, "compatible@own/new-model")).toMatchObject({
    contextWindow: 16_384,
    maxOutput: 16_384,
  });
  raw = { status: 401, body: "{}" };
  await expect(Provider.check(actor, whose)).rejects.toThrow(/rejected the key/);
  await expect(Provider.check(someone(), whose)).rejects.toMatchObject({ code: "not_found" });
});

test("a row that is altered gives no key: it is bound to its owner, its provider and its address", async () => {
  const { ProviderKeyEntity } = await import("./key.entity.ts");
  const actor = someone();
  await Provider.set(actor, { provider: "compatible", owner: "own" }, entered("compatible"));
  const { data } = await ProviderKeyEntity.get({ owner: actor.userID, provider: "compatible" }).go();
  if (!data) throw new Error("nothing stored");
  expect(data.sealed).not.toContain(key);
  await ProviderKeyEntity.put({ ...data, baseURL: "https://elsewhere.example.com" }).go();
  expect(await Providers.connectionOf("compatible", "own", actor.userID)).toBeUndefined();
  const other = someone();
  await ProviderKeyEntity.put({ ...data, owner: other.userID }).go();
  expect(await Providers.connectionOf("compatible", "own", other.userID)).toBeUndefined();
});

test("a choice that is not offered is refused; a preferred one that has gone gives the default", async () => {
  const actor = someone();
  await expect(Models.choose(actor, { model: "gpt-99" }, "")).rejects.toThrow("gpt-99 is not offered here");
  expect(await Models.choose(actor, {}, "openai@own/gpt-5.6-terra")).toEqual({ model: "demo", effort: undefined });
  await Provider.set(actor, { provider: "openai", owner: "own" }, entered("openai"));
  const model = "openai@own/gpt-5.6-terra";
  expect(await Models.choose(actor, { model, effort: "high" }, "")).toEqual({ model, effort: "high" });
  expect(await Models.choose(actor, { effort: "high" }, "demo")).toEqual({ model: "demo", effort: undefined });
});
