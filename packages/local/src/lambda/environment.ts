import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { functions, web, type LinkName } from "@slipway/manifest";
import type { PrincipalName } from "../secrets.ts";
import type { Site } from "../service.ts";
import { sealLinks } from "./links.ts";

/** The environment of a function, of the web's server side, or of a tool with every right. */
export function environmentOf(name: PrincipalName, { options, principals, offer }: Site): Record<string, string> {
  const { endpoints, links } = offer();
  const linked = linksOf(name) ?? Object.keys(links);
  const own = Object.fromEntries(Object.entries(links).filter(([link]) => linked.includes(link)));
  const base = {
    NODE_ENV: "production",
    AWS_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_ACCESS_KEY_ID: principals[name].accessKeyID,
    AWS_SECRET_ACCESS_KEY: principals[name].secretAccessKey,
    SST_RESOURCE_App: JSON.stringify({ name: "slipway", stage: "local" }),
    ...endpoints,
  };
  if (options.asDeployed && name !== "root") {
    return { ...base, ...sealLinks(join(options.data, "links"), name, own, randomBytes(32)) };
  }
  const inline = Object.entries(own).map(([link, value]) => [`SST_RESOURCE_${link}`, JSON.stringify(value)]);
  return { ...base, ...Object.fromEntries(inline) };
}

/** Undefined for everything. */
function linksOf(name: PrincipalName): readonly string[] | undefined {
  if (name === "root") return undefined;
  const linked: readonly LinkName[] = name === "web" ? web.links : functions[name].links;
  return linked;
}
