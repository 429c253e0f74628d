import { loginProviders } from "../config/config.ts";

/** The deployment's GitHub: github.com, or an Enterprise server by its base URL. */
export interface Settings {
  /** `github.com`, `git.example.com:8443`. */
  host: string;
  /** Where people look at it, without a slash at its end. */
  web: string;
  api: string;
  /** What people connect with; absent where the deployment was given no app. */
  app: { clientID: string; clientSecret: string; slug: string | undefined } | undefined;
}

export function settings(): Settings {
  const provider = loginProviders().find((each) => each.type === "github");
  const base = new URL(provider?.baseUrl ?? "https://github.com");
  const isPublic = base.host === "github.com";
  // Enterprise Cloud with data residency has its API on a host of its own.
  const isTenant = base.hostname.endsWith(".ghe.com");
  return {
    host: base.host,
    web: base.origin,
    api: isPublic
      ? "https://api.github.com"
      : isTenant
        ? `${base.protocol}//api.${base.host}`
        : `${base.origin}/api/v3`,
    app: provider && {
      clientID: provider.clientId,
      clientSecret: provider.clientSecret,
      slug: provider.appSlug,
    },
  };
}
