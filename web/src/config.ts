import { Resource } from "sst/resource";
import { z } from "zod";

/** What the web's server side was deployed with: the public origin, and what session cookies are signed with. */
const Settings = z.object({ url: z.string() });
const Secret = z.object({ value: z.string() });

export function appURL(): string {
  return Settings.parse(Reflect.get(Resource, "Settings")).url;
}

export function authSecret(): string {
  return Secret.parse(Reflect.get(Resource, "AuthSecret")).value;
}
