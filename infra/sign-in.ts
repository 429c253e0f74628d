/** Who a deployment's sign-in providers let in. `AuthProviders` is a secret, so nothing here repeats its contents. */

interface Provider {
  type?: unknown;
  id?: unknown;
  baseUrl?: unknown;
  issuer?: unknown;
}

/** OpenID issuers at which anyone can make an account. A tenant of Microsoft Entra has an address of its own. */
const publicIssuers = [
  /^https:\/\/accounts\.google\.com\b/,
  /^https:\/\/login\.microsoftonline\.com\/(?:common|consumers|organizations)\b/,
  /^https:\/\/login\.live\.com\b/,
  /^https:\/\/appleid\.apple\.com\b/,
  /^https:\/\/gitlab\.com\b/,
  /^https:\/\/www\.linkedin\.com\b/,
];

/**
 * Names a provider through which anyone could sign in, when no members are set. Undefined when there is none, and for text
 * that is not a list of providers: `preflight` and the functions report that themselves.
 */
export function openProvider(authProviders: string, members: readonly string[]): string | undefined {
  if (members.length > 0) return undefined;
  const open = parseProviders(authProviders)?.find(
    ({ type, baseUrl, issuer }) =>
      (type === "github" && !baseUrl) ||
      (type === "oidc" && publicIssuers.some((pattern) => pattern.test(String(issuer)))),
  );
  if (open === undefined) return undefined;
  return open.type === "github" ? "GitHub" : String(open.issuer);
}

/** Undefined when the text is not a JSON list. */
export function parseProviders(text: string): Provider[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map((one: unknown) => Object(one) as Provider) : undefined;
  } catch {
    return undefined;
  }
}

export const closedAdvice =
  "Set SLIPWAY_MEMBERS to addresses or domains, such as @example.com; or to * to let everyone in.";
