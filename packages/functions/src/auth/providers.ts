import type { Provider } from "@auth/core/providers";
import GitHub from "@auth/core/providers/github";
import { loginProviders } from "@slipway/core/config";
import * as User from "@slipway/core/user";
import { z } from "zod";

/**
 * The deployment's login providers for Auth.js. An e-mail address decides who is a member or an admin, so only verified
 * addresses count.
 */
export function configuredProviders(): Provider[] {
  return loginProviders().map((provider): Provider => {
    if (provider.type === "github") {
      const { clientId, clientSecret, baseUrl } = provider;
      const api = baseUrl ? `${baseUrl}/api/v3` : "https://api.github.com";
      return GitHub({
        clientId,
        clientSecret,
        checks: ["pkce", "state"],
        userinfo: {
          url: `${api}/user`,
          request: ({ tokens }: { tokens: { access_token?: string } }) => githubProfile(api, tokens.access_token ?? ""),
        },
        ...(baseUrl ? { enterprise: { baseUrl } } : {}),
      });
    }
    const { id, name, issuer, clientId, clientSecret } = provider;
    return {
      id,
      name,
      type: "oidc",
      issuer,
      clientId,
      clientSecret,
      checks: ["pkce", "state"],
      profile: (claims) => OidcProfile.parse(claims),
    };
  });
}

/** The verified address in a provider's profile. */
export function addressIn(profile: unknown, type: string | undefined): string | undefined {
  const known = type === "oidc" ? OidcProfile.safeParse(profile) : GithubProfile.safeParse(profile);
  return (known.success && known.data.email) || undefined;
}

const GithubProfile = z.object({ email: z.string().nullish() });
const Emails = z.array(z.object({ email: z.string(), primary: z.boolean(), verified: z.boolean() }));

/** A GitHub profile with a verified address: one that makes the person a member, else the primary one. */
async function githubProfile(api: string, token: string): Promise<Record<string, unknown>> {
  const ask = (path: string) =>
    fetch(api + path, {
      headers: { authorization: `Bearer ${token}`, accept: "application/vnd.github+json", "user-agent": "slipway" },
      signal: AbortSignal.timeout(10_000),
    });
  const [profile, emails] = await Promise.all([ask("/user"), ask("/user/emails")]);
  if (!profile.ok) throw new Error(`GitHub answered ${profile.status}`);
  // A GitHub App may lack the permission. Then there is no address.
  const verified = emails.ok ? Emails.parse(await emails.json()).filter((each) => each.verified) : [];
  const ranked = verified.toSorted((a, b) => Number(b.primary) - Number(a.primary));
  const known = ranked.find(({ email }) => User.isWelcome(email)) ?? ranked[0];
  return { ...((await profile.json()) as Record<string, unknown>), email: known?.email ?? null };
}

/** The team's own identity provider is trusted unless it says that the address is not verified. */
const OidcProfile = z
  .looseObject({
    sub: z.string(),
    name: z.string().optional(),
    preferred_username: z.string().optional(),
    email: z.string().optional(),
    email_verified: z.union([z.boolean(), z.string()]).optional(),
    picture: z.string().optional(),
  })
  .transform(({ sub, name, preferred_username, email, email_verified, picture }) => ({
    id: sub,
    name: name ?? preferred_username ?? null,
    email: String(email_verified ?? true) === "true" ? (email ?? null) : null,
    image: picture ?? null,
  }));
