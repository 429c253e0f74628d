import type { Provider } from "@auth/core/providers";
import GitHub from "@auth/core/providers/github";
import { loginProviders } from "@slipway/core/config";

/** The deployment's login providers, as Auth.js takes them. */
export function configuredProviders(): Provider[] {
  return loginProviders().map((provider): Provider => {
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
