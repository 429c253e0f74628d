import { loginProviders } from "../config/config.ts";

/** The deployment's GitHub: github.com, or an Enterprise server by its base URL. */
export interface Settings {
  /** `github.com`, `git.example.com:8443`. */
  host: string;
  /** URL of its website, without a trailing slash. */
  web: string;
  api: string;
  /** The app that people connect with; absent if the deployment has none. */
  app: { clientID: string; clientSecret: string; slug: string | undefined } | undefined;
}

export function settings(): Settings {
  const provider = loginProviders().find((each) => each.type === "github");
  const base = new URL(provider?.baseUrl ?? "https://github.com");
  const isPublic = base.host === "github.com";
  // Enterprise Cloud with data residency serves its API on a separate host.
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
