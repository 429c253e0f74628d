/**
 * GitHub, or an Enterprise server: whom a person is there (`credential`), requests (`client`), what an address means
 * (`repository`, `tree`), git's own objects and how they are pushed (`git`, `push`).
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
