import type { Provider } from "@auth/core/providers";
import GitHub from "@auth/core/providers/github";
import { resource } from "@slipway/core/config";
import { z } from "zod";

/** The login providers that a deployment has been given, as JSON. */
const Providers = z.array(
  z.discriminatedUnion("type", [
    z.object({
      type: z.literal("github"),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
      /** Of a GitHub Enterprise server. */
      baseUrl: z.url().optional(),
    }),
    z.object({
      type: z.literal("oidc"),
      id: z.string().regex(/^[a-z][a-z0-9-]*$/),
      name: z.string().min(1),
      issuer: z.url(),
      clientId: z.string().min(1),
      clientSecret: z.string().min(1),
    }),
  ]),
);

export function configuredProviders(): Provider[] {
  return Providers.parse(JSON.parse(resource("AuthProviders").value)).map((provider): Provider => {
    if (provider.type === "github") {
      const { clientId, clientSecret, baseUrl } = provider;
      return GitHub({
        clientId,
        clientSecret,
        checks: ["pkce", "state"],
        ...(baseUrl ? { enterprise: { baseUrl } } : {}),
      });
    }
    const { id, name, issuer, clientId, clientSecret } = provider;
    return { id, name, type: "oidc", issuer, clientId, clientSecret, checks: ["pkce", "state"] };
  });
}
