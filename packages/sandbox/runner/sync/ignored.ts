/**
 * Folders that are never synced, wherever they are: what tools install and cache. They stay in the sandbox, and its
 * snapshot has them. The store refuses `.git` by itself.
 */
const names = new Set([
  ".git",
  "node_modules",
  ".venv",
  "__pycache__",
  ".pytest_cache",
  ".mypy_cache",
  ".ruff_cache",
  ".next",
  ".nuxt",
  ".svelte-kit",
  ".turbo",
  ".parcel-cache",
  ".cache",
  ".gradle",
]);

export function isAlwaysIgnored(name: string): boolean {
  return names.has(name);
}
