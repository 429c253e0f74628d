/**
 * GitHub or an Enterprise server: credentials (`credential`), requests (`client`), repositories by URL (`repository`,
 * `tree`), and git's own protocol: objects (`git`, `pack`, `lfs`), fetching and pushing them (`wire`, `fetch`, `trees`,
 * `push`).
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
export { fetchObjects, fetchTrees, rulesAbove } from "./fetch.ts";
export { blobSHA, commitObject, packOf, type GitObject } from "./git.ts";
export { uploadObjects, type LargeObject } from "./lfs.ts";
export { push } from "./push.ts";
export {
  branches,
  commitAt,
  explain,
  ownRepositories,
  explainBranch,
  pullRequest,
  repository,
  resolve,
  type Repository,
} from "./repository.ts";
export { settings } from "./settings.ts";
export { listTree, listTreeInParts, type TreeEntry } from "./tree.ts";
export { bytePath, displayPath, editTrees, filesOf, type Trees } from "./trees.ts";
export { untilReady, type Remote } from "./wire.ts";
