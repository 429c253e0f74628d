/**
 * GitHub or an Enterprise server: credentials (`credential`), requests (`client`), repositories by URL (`repository`,
 * `tree`), git's objects and pushing them (`git`, `push`).
 */
export { createClient, GitHubError, RateLimited, type Client } from "./client.ts";
export {
  begin,
  credential,
  disconnect,
  finish,
  keep,
  reachesRepositories,
  status,
  type Credential,
} from "./credential.ts";
export { blobSHA, commitObject, packOf, treeObjects, type GitObject } from "./git.ts";
export { push } from "./push.ts";
export { commitAt, explain, repository, resolve } from "./repository.ts";
export { settings } from "./settings.ts";
export { listTree, maxTotalBytes, type TreeEntry } from "./tree.ts";
