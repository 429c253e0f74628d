import { z } from "zod";
import { KeyProvider, NewProviderKey, ProviderKey, ProviderKeys } from "../provider.ts";
import { body, ok, reply, route } from "../route.ts";

const params = z.object({ provider: KeyProvider });
const stored = reply(
  ProviderKey,
  "The provider accepted the key, which is stored encrypted with the list of its models.",
);
const checked = reply(ProviderKey, "The provider still accepts the key; its list of models is current.");

export const listOwnKeys = route({
  method: "get",
  path: "/api/providers",
  responses: { 200: reply(ProviderKeys, "The person's own keys.") },
});

export const setOwnKey = route({
  method: "put",
  path: "/api/providers/{provider}",
  request: { params, body: body(NewProviderKey) },
  responses: { 200: stored },
});

export const checkOwnKey = route({
  method: "post",
  path: "/api/providers/{provider}/check",
  request: { params },
  responses: { 200: checked },
});

export const removeOwnKey = route({
  method: "delete",
  path: "/api/providers/{provider}",
  request: { params },
  responses: { 200: reply(ok, "Deleted.") },
});

export const listTeamKeys = route({
  method: "get",
  path: "/api/admin/providers",
  responses: { 200: reply(ProviderKeys, "The team's keys.") },
});

export const setTeamKey = route({
  method: "put",
  path: "/api/admin/providers/{provider}",
  request: { params, body: body(NewProviderKey) },
  responses: { 200: stored },
});

export const checkTeamKey = route({
  method: "post",
  path: "/api/admin/providers/{provider}/check",
  request: { params },
  responses: { 200: checked },
});

export const removeTeamKey = route({
  method: "delete",
  path: "/api/admin/providers/{provider}",
  request: { params },
  responses: { 200: reply(ok, "Deleted; the change is in the audit.") },
});
