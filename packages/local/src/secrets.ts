import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functions, type FunctionName } from "@slipway/manifest";
import { createSigningKey } from "@slipway/sandbox/token";
import { z } from "zod";
import type { Principal } from "./principal.ts";

const Secrets = z.object({
  authSecret: z.string(),
  dataKey: z.string(),
  sandboxKey: z.string(),
  /** Secret access keys by the name of their principal. */
  keys: z.record(z.string(), z.string()),
});
export type Secrets = z.infer<typeof Secrets>;

/** Secrets of this installation, made at its first start, so that logins and sealed values outlive a restart. */
export function loadSecrets(directory: string): Secrets {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, "secrets.json");
  const stored: unknown = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
  const known = Secrets.partial().parse(stored);
  const secrets: Secrets = {
    authSecret: known.authSecret ?? randomBytes(32).toString("base64"),
    dataKey: known.dataKey ?? randomBytes(32).toString("base64"),
    sandboxKey: known.sandboxKey ?? createSigningKey("local"),
    keys: Object.fromEntries(
      ["root", "web", ...Object.keys(functions)].map((name) => [
        name,
        known.keys?.[name] ?? randomBytes(30).toString("base64url"),
      ]),
    ),
  };
  writeFileSync(file, JSON.stringify(secrets, null, 2), { mode: 0o600 });
  return secrets;
}

export type PrincipalName = FunctionName | "root" | "web";
export type Principals = Readonly<Record<PrincipalName, Principal>>;

/** One principal per function, with exactly what the manifest grants it. */
export function createPrincipals(secrets: Secrets): Principals {
  const principal = (name: string, allows: Principal["allows"]): Principal => ({
    name,
    accessKeyID: `AKIALOCAL${name.toUpperCase()}`,
    secretAccessKey: secrets.keys[name] ?? "",
    allows,
  });
  const ofFunctions = Object.entries(functions).map(([name, spec]) => [
    name,
    principal(
      name,
      spec.grants.flatMap(({ resource, actions }) => actions.map((action) => ({ action, resource }))),
    ),
  ]);
  return {
    ...(Object.fromEntries(ofFunctions) as Record<FunctionName, Principal>),
    root: principal("root", "everything"),
    web: principal("web", []),
  };
}
