/** Files that look like secrets. A guess: an export asks before such a file leaves, and never decides. */

const names: [RegExp, string][] = [
  [
    /^\.env(?:\.(?!(?:example|sample|template|dist|defaults?|schema|test|ci)$)[^/]*)?$/i,
    "Environment files often hold passwords",
  ],
  [/^(?:id_(?:rsa|dsa|ecdsa|ed25519)|[^/]*\.ppk)$/, "An SSH key"],
  [/\.(?:p12|pfx|jks|keystore|kdbx)$/i, "A key store"],
  [/^(?:\.netrc|_netrc|\.git-credentials|\.pypirc|\.pgpass|\.htpasswd)$/, "A file of passwords"],
  [
    /^(?:credentials|client_secret[^/]*|service-account[^/]*|serviceaccount[^/]*|secrets?)\.(?:json|ya?ml|toml)$/i,
    "A file of credentials",
  ],
];
const folders: [RegExp, string][] = [[/(?:^|\/)\.aws\/credentials$/, "AWS credentials"]];

const contents: [RegExp, string][] = [
  [/-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/, "A private key"],
  [/\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/, "An AWS access key"],
  [/\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{50,})\b/, "A GitHub token"],
  [/\bglpat-[A-Za-z0-9_-]{20,}/, "A GitLab token"],
  [/\bxox[abeprs]-[A-Za-z0-9-]{10,}/, "A Slack token"],
  [/\b[rs]k_live_[A-Za-z0-9]{16,}/, "A Stripe key"],
  [/\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}/, "An API key"],
  [/\bAIza[0-9A-Za-z_-]{35}\b/, "A Google API key"],
  [/\bnpm_[A-Za-z0-9]{36}\b/, "An npm token"],
  [/\/\/[^\s/:]+\/:_authToken=(?!\$\{)\S+/, "An npm token"],
];
/** Characters of a file that are looked at. */
const maxSearched = 512 * 1024;

/** What a file looks like, in words; undefined for nothing. `before` is its committed version. */
export function secretIn(path: string, text: string | undefined, before?: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (before === undefined) {
    for (const [pattern, reason] of names) if (pattern.test(name)) return reason;
    for (const [pattern, reason] of folders) if (pattern.test(path)) return reason;
  }
  if (text === undefined) return undefined;
  const searched = text.slice(0, maxSearched);
  return contents.find(([pattern]) => pattern.test(searched) && !(before !== undefined && pattern.test(before)))?.[1];
}
