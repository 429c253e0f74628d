/** Files that commonly hold secrets. */

const secretName =
  /^(?:\.env(?:\..+)?|\.envrc|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.git-credentials|\.htpasswd|\.ssh|\.aws|\.gnupg|\.kube|\.docker|id_(?:rsa|dsa|ecdsa|ed25519)|.+\.(?:pem|key|p12|pfx|keystore|jks)|(?:credentials|secrets?)(?:\.(?:json|ya?ml|toml|txt|ini|env))?)$/i;
const sampleName = /\.(?:example|sample|template|dist)$/i;

/** Names that a glob is tried on. */
const examples = [
  ".env",
  ".env.local",
  ".npmrc",
  ".netrc",
  ".ssh",
  "id_rsa",
  "a.pem",
  "server.key",
  "credentials.json",
];

export function isSecret(path: string): boolean {
  return path.split("/").some((name) => secretName.test(name) && !sampleName.test(name));
}

/** The secret files that a word of a command may name: `--env-file=.env`, `HEAD:.env`, `.e*`. */
export function secretsIn(word: string): string[] {
  const names = [word, word.replace(/\{[^{}]*\}/g, "*")]
    .flatMap((written) => written.split(/[=:,\s"'{}@]+/))
    .filter((name) => name !== "");
  return [...new Set(names)].filter((name) => isSecret(name) || (/[*?[]/.test(name) && mayBeSecret(name)));
}

/** Whether a glob may match one. Star and question mark match a leading dot too: a shell can be set so. */
function mayBeSecret(glob: string): boolean {
  const last = glob.split("/").findLast((name) => name !== "") ?? "";
  if (last.length > 100 || (last.match(/\*/g) ?? []).length > 4) return true;
  const source = last
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".")
    .replace(/\[[^\]]*\]?/g, ".");
  return examples.some((name) => new RegExp(`^${source}$`, "i").test(name));
}
