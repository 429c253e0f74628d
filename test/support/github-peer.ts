import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { extract, pack } from "tar-stream";
import { z } from "zod";
import { git, gitText, initBare } from "./git.ts";
import { temporaryFolder } from "./stack.ts";

/**
 * A GitHub on loopback: real bare repositories behind the parts of its REST API, OAuth and smart HTTP that the product
 * uses, shaped like an Enterprise server. It is strict where GitHub is: scopes, private repositories as 404, empty ones
 * as 409, limits on requests and on creating content, cut lists, redirects of renamed repositories, taken names.
 */
export interface GitHubPeer {
  readonly url: string;
  readonly app: { clientId: string; clientSecret: string };
  /** Every request as `METHOD path`, oldest first. */
  readonly log: string[];
  readonly authorizations: URL[];
  addUser(login: string): void;
  createRepository(owner: string, name: string, options?: { isPrivate?: boolean; branch?: string }): Promise<string>;
  directory(owner: string, name: string): string;
  token(login: string, scope: string): string;
  /** Whether a token is still valid. */
  knows(token: string): boolean;
  pulls(owner: string, name: string): PullRequest[];
  /** Intercepts requests; a returned answer replaces the real one. */
  intercept: ((request: { method: string; path: string; token: string | undefined }) => Answer | undefined) | undefined;
  /** Archives are sent once this has resolved. */
  archiveAfter: Promise<unknown> | undefined;
  /** Replaces the archive. */
  archive: ((sha: string) => Buffer | undefined) | undefined;
  /** Entries, and bytes of JSON, after which a recursive tree is truncated. */
  treeLimit: number;
  treeBytes: number;
  /** Requests that create content, per person: GitHub's secondary limit. */
  contentLimit: { minute: number; hour: number };
  /** Milliseconds before every answer. */
  latency: number;
  /** Requests for which git does not know a repository that was just created or forked. */
  slowCreation: number;
  /** Whether archives hold Git LFS objects in place of their pointers: a setting of a repository. */
  lfsInArchives: boolean;
  /** Git LFS objects by their SHA-256. */
  readonly lfs: Map<string, Buffer>;
  /** Whether repositories take Git LFS objects. */
  takesLFS: boolean;
  /** Permissions of a GitHub App, whose tokens have no scopes. */
  appPermissions: { contents: boolean; workflows: boolean };
  /** Renames a repository. The old name redirects until another repository takes it. */
  rename(owner: string, name: string, to: string): void;
  /** Who answers the next authorisation, and whether they approve. */
  visitor: { login: string; declines?: boolean };
  /** Lifetime of tokens in milliseconds, as a GitHub App's have. */
  tokenLife: number | undefined;
  refreshes: number;
  close(): Promise<void>;
}

export interface PullRequest {
  number: number;
  title: string;
  body: string;
  head: string;
  base: string;
  state: "open" | "closed";
  author: string;
  isMerged?: boolean;
  /** owner/name of the fork that holds the branch. */
  from?: string;
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Repository {
  id: number;
  /** Where it is on disk, whatever its name is now. */
  directory: string;
  /** Looks of git at it that still answer 404. */
  hidden: number;
  owner: string;
  name: string;
  isPrivate: boolean;
  branch: string;
  description: string;
  pulls: PullRequest[];
  collaborators: Set<string>;
  /** The id of the repository that it is a fork of. */
  parent?: number;
}

interface TokenInfo {
  login: string;
  scope: string;
  until: number | undefined;
}

class Refused extends Error {
  readonly answer: Answer;
  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.answer = { status, body: { message, documentation_url: "https://docs.github.com/rest" }, headers };
  }
}

export async function startGitHub(options: { port?: number } = {}): Promise<GitHubPeer> {
  const folder = temporaryFolder();
  const users = new Map<string, number>();
  const repositories = new Map<string, Repository>();
  const tokens = new Map<string, TokenInfo>();
  const refreshTokens = new Map<string, string>();
  const codes = new Map<string, Record<string, string>>();
  const archives = new Map<string, { directory: string; sha: string; prefix: string }>();
  const app = { clientId: "Iv1.test", clientSecret: "client-secret" };
  const keyOf = (owner: string, name: string) => `${owner}/${name}`.toLowerCase();
  const directory = (owner: string, name: string) =>
    repositories.get(keyOf(owner, name))?.directory ?? join(folder.path, owner, `${name}.git`);
  const redirects = new Map<string, Repository>();
  const created = new Map<string, number[]>();
  let made = 0;

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      const { status, body, headers } =
        error instanceof Refused
          ? error.answer
          : { status: 500, body: { message: error instanceof Error ? error.message : "?" }, headers: {} };
      if (!response.headersSent) json(response, status, body, headers);
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  const url = `http://localhost:${typeof address === "object" && address ? address.port : 0}`;

  const peer: GitHubPeer = {
    url,
    app,
    log: [],
    authorizations: [],
    addUser: (login) => void users.set(login, users.size + 1),
    async createRepository(owner, name, options = {}) {
      const branch = options.branch ?? "main";
      const id = ++made;
      const at = join(folder.path, owner, `${name}-${id}.git`);
      await initBare(at, branch);
      redirects.delete(keyOf(owner, name));
      repositories.set(keyOf(owner, name), {
        id,
        directory: at,
        hidden: 0,
        owner,
        name,
        isPrivate: options.isPrivate ?? false,
        branch,
        description: "",
        pulls: [],
        collaborators: new Set([owner]),
      });
      return at;
    },
    rename(owner, name, to) {
      const repository = repositories.get(keyOf(owner, name));
      if (!repository) throw new Error(`there is no ${owner}/${name}`);
      repositories.delete(keyOf(owner, name));
      redirects.set(keyOf(owner, name), repository);
      repository.name = to;
      repositories.set(keyOf(owner, to), repository);
    },
    directory,
    token: issue,
    knows: (token) => tokens.has(token),
    pulls: (owner, name) => repositories.get(keyOf(owner, name))?.pulls ?? [],
    intercept: undefined,
    archiveAfter: undefined,
    archive: undefined,
    treeLimit: 100_000,
    treeBytes: 7 * 1024 * 1024,
    contentLimit: { minute: 80, hour: 500 },
    latency: 0,
    slowCreation: 0,
    lfsInArchives: false,
    lfs: new Map(),
    takesLFS: true,
    appPermissions: { contents: true, workflows: true },
    visitor: { login: "octo" },
    tokenLife: undefined,
    refreshes: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      folder.remove();
    },
  };
  peer.addUser("octo");
  return peer;

  function issue(login: string, scope: string): string {
    const token = `gho_${randomBytes(18).toString("hex")}`;
    tokens.set(token, { login, scope, until: peer.tokenLife === undefined ? undefined : Date.now() + peer.tokenLife });
    return token;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? "GET";
    const at = new URL(request.url ?? "/", url);
    const path = decodeURIComponent(at.pathname);
    peer.log.push(`${method} ${path}`);
    const authorization = request.headers.authorization ?? "";
    const basic = /^Basic (.+)$/i.exec(authorization)?.[1];
    const token =
      /^(?:Bearer|token) (.+)$/i.exec(authorization)?.[1] ??
      (basic ? Buffer.from(basic, "base64").toString().split(":").slice(1).join(":") : undefined);
    if (peer.latency > 0) await sleep(peer.latency);
    const planned = peer.intercept?.({ method, path, token });
    if (planned) return json(response, planned.status, planned.body ?? { message: "planned" }, planned.headers ?? {});
    const info = token === undefined ? undefined : tokens.get(token);
    const who = info && (info.until === undefined || info.until > Date.now()) ? info : undefined;

    const wire = /^\/([^/]+)\/([^/]+)\.git\/(.+)$/.exec(path);
    if (wire) {
      const [, owner = "", name = "", service = ""] = wire;
      const moved = redirects.get(keyOf(owner, name));
      // A client that follows this sends its POST again as a GET, as git's own does not.
      if (moved) {
        const location = `${url}/${moved.owner}/${moved.name}.git/${service}${at.search}`;
        response.writeHead(301, { location }).end();
        return;
      }
      if (service.startsWith("info/lfs/")) return largeFiles(request, response, { service, who, owner, name });
      return smartHTTP(request, response, { service, at, who, owner, name });
    }
    if (path === "/login/oauth/authorize") return authorize(response, at);
    const body = await readBody(request);
    if (path === "/login/oauth/access_token") return accessToken(response, { ...clientOf(basic), ...body });
    const archive = /^\/_codeload\/(.+)$/.exec(path);
    if (archive) return sendArchive(request, response, archive[1] ?? "");
    if (!path.startsWith("/api/v3/")) return showPage(response, path);
    const api = path.slice("/api/v3".length);
    if (method === "DELETE" && api === `/applications/${app.clientId}/grant`) {
      if (authorization !== `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}`)
        throw new Refused(401, "Bad credentials");
      if (!tokens.delete(String(body.access_token))) throw new Refused(404, "Not Found");
      response.writeHead(204).end();
      return;
    }
    if (token !== undefined && !who) throw new Refused(401, "Bad credentials");
    if (method !== "GET") requireContentLimit(token ?? "");
    const reply = await rest({
      method,
      path: api,
      query: at.searchParams,
      body,
      who,
      accept: request.headers.accept ?? "",
    });
    const headers = { ...(who ? { "x-oauth-scopes": who.scope.replaceAll(" ", ", ") } : {}), ...reply.headers };
    if (Buffer.isBuffer(reply.body)) {
      response.writeHead(reply.status, { "content-type": "application/vnd.github.raw; charset=utf-8", ...headers });
      response.end(reply.body);
    } else json(response, reply.status, reply.body, headers);
  }

  /** Creating content has limits of its own, which say when to retry. */
  function requireContentLimit(token: string): void {
    const now = Date.now();
    const times = (created.get(token) ?? []).filter((each) => each > now - 3_600_000);
    for (const [count, span] of [
      [peer.contentLimit.minute, 60_000],
      [peer.contentLimit.hour, 3_600_000],
    ] as const) {
      const within = times.filter((each) => each > now - span);
      const oldest = within.at(-count);
      if (within.length < count || oldest === undefined) continue;
      throw new Refused(
        403,
        "You have exceeded a secondary rate limit and have been temporarily blocked from content creation. Please retry your request again later.",
        { "retry-after": String(Math.max(1, Math.ceil((oldest + span - now) / 1000))) },
      );
    }
    created.set(token, [...times, now]);
  }

  /* OAuth */

  function authorize(response: ServerResponse, at: URL): void {
    peer.authorizations.push(at);
    const back = new URL(at.searchParams.get("redirect_uri") ?? url);
    back.searchParams.set("state", at.searchParams.get("state") ?? "");
    if (peer.visitor.declines) back.searchParams.set("error", "access_denied");
    else {
      const code = randomBytes(10).toString("hex");
      codes.set(code, {
        login: peer.visitor.login,
        scope: at.searchParams.get("scope") ?? "",
        redirect: at.searchParams.get("redirect_uri") ?? "",
        challenge: at.searchParams.get("code_challenge") ?? "",
      });
      back.searchParams.set("code", code);
      back.searchParams.set("iss", `${url}/login/oauth`);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  /** Clients authenticate in the body or in a header. */
  function clientOf(basic: string | undefined): Record<string, string> {
    if (basic === undefined) return {};
    const [id = "", secret = ""] = Buffer.from(basic, "base64").toString().split(":").map(decodeURIComponent);
    return { client_id: id, client_secret: secret };
  }

  function accessToken(response: ServerResponse, body: Record<string, unknown>): void {
    const refuse = (error: string) => json(response, 200, { error, error_description: "No." });
    if (body.client_id !== app.clientId || body.client_secret !== app.clientSecret)
      return refuse("incorrect_client_credentials");
    if (body.grant_type === "refresh_token") {
      peer.refreshes++;
      const login = refreshTokens.get(String(body.refresh_token));
      refreshTokens.delete(String(body.refresh_token));
      return login === undefined ? refuse("bad_refresh_token") : json(response, 200, granted(login, ""));
    }
    const code = codes.get(String(body.code));
    codes.delete(String(body.code));
    const verifier = typeof body.code_verifier === "string" ? body.code_verifier : "";
    const isProven = createHash("sha256").update(verifier).digest("base64url") === code?.challenge;
    if (!code || code.redirect !== body.redirect_uri || !isProven) return refuse("bad_verification_code");
    return json(response, 200, granted(code.login ?? "", code.scope ?? ""));
  }

  function granted(login: string, scope: string): Record<string, unknown> {
    const base = { access_token: issue(login, scope), scope: scope.replaceAll(" ", ","), token_type: "bearer" };
    if (peer.tokenLife === undefined) return base;
    const refresh = `ghr_${randomBytes(18).toString("hex")}`;
    refreshTokens.set(refresh, login);
    return { ...base, expires_in: Math.round(peer.tokenLife / 1000), refresh_token: refresh };
  }

  /* REST */

  interface Call {
    method: string;
    path: string;
    query: URLSearchParams;
    body: Record<string, unknown>;
    who: TokenInfo | undefined;
    accept: string;
  }

  async function rest(call: Call): Promise<Answer> {
    const { method, path, body, who } = call;
    if (path === "/user") {
      if (!who) throw new Refused(401, "Requires authentication");
      return { status: 200, body: { id: users.get(who.login) ?? 0, login: who.login, name: null, email: null } };
    }
    if (path === "/user/emails") {
      if (!who) throw new Refused(401, "Requires authentication");
      const email = `${who.login}@example.test`;
      return { status: 200, body: [{ email, primary: true, verified: true, visibility: null }] };
    }
    if (path === "/user/repos" && method === "POST") {
      if (!who) throw new Refused(401, "Requires authentication");
      const name = String(body.name);
      if (/\.git$/i.test(name)) throw new Refused(422, "Repository creation failed. name is not valid");
      if (repositories.has(keyOf(who.login, name)))
        throw new Refused(422, "Repository creation failed. name already exists on this account");
      await peer.createRepository(who.login, name, { isPrivate: body.private === true });
      const made = repositories.get(keyOf(who.login, name));
      if (made) Object.assign(made, { description: String(body.description), hidden: peer.slowCreation });
      return { status: 201, body: made ? describe(made, who) : {} };
    }
    if (path === "/user/repos") {
      if (!who) throw new Refused(401, "Requires authentication");
      const own = [...repositories.values()].filter(({ collaborators }) => collaborators.has(who.login)).toReversed();
      return pageOf(
        call,
        own.map((each) => describe(each, who)),
      );
    }
    const byID = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
    const found = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
    if (!found && !byID) throw new Refused(404, "Not Found");
    const moved = found && redirects.get(keyOf(found[1] ?? "", found[2] ?? ""));
    if (moved) {
      const search = call.query.size > 0 ? `?${call.query}` : "";
      const location = `${url}/api/v3/repositories/${moved.id}${found[3] ?? ""}${search}`;
      return {
        status: method === "GET" ? 301 : 307,
        body: { message: "Moved Permanently", url: location },
        headers: { location },
      };
    }
    const repository = byID
      ? [...repositories.values()].find(({ id }) => id === Number(byID[1]))
      : repositories.get(keyOf(found?.[1] ?? "", found?.[2] ?? ""));
    const rest = (byID ? byID[2] : found?.[3]) ?? "";
    const isProposal = method === "POST" && (rest === "/forks" || rest === "/pulls");
    const maySee = repository && (!repository.isPrivate || (who && repository.collaborators.has(who.login)));
    if (!repository || !maySee || (repository.isPrivate && who?.scope !== "" && !/\brepo\b/.test(who?.scope ?? "")))
      throw new Refused(404, "Not Found");
    if (method !== "GET" && !(who && (isProposal || repository.collaborators.has(who.login))))
      throw new Refused(who ? 403 : 401, who ? "Resource not accessible" : "Requires authentication");
    if (method !== "GET" && who?.scope !== "" && !/\b(repo|public_repo)\b/.test(who?.scope ?? ""))
      throw new Refused(404, "Not Found");
    return inRepository(repository, { ...call, path: rest });
  }

  function pageOf<T>({ query }: Call, list: T[]): Answer {
    const size = Math.min(100, Number(query.get("per_page") ?? 30));
    const number = Number(query.get("page") ?? 1);
    const next = list.length > size * number ? `<${url}/api/v3/next?page=${number + 1}>; rel="next"` : "";
    return {
      status: 200,
      body: list.slice(size * (number - 1), size * number),
      headers: next === "" ? {} : { link: next },
    };
  }

  function describe(repository: Repository, who: TokenInfo | undefined): Record<string, unknown> {
    const { owner, name, isPrivate, branch, description } = repository;
    const push = who !== undefined && repository.collaborators.has(who.login);
    return {
      id: repository.id,
      name,
      full_name: `${owner}/${name}`,
      owner: { login: owner },
      private: isPrivate,
      description,
      default_branch: branch,
      pushed_at: new Date(1_700_000_000_000 + repository.id * 1000).toISOString(),
      html_url: `${url}/${owner}/${name}`,
      ...(who ? { permissions: { admin: push, push, pull: true } } : {}),
    };
  }

  async function inRepository(repository: Repository, call: Call): Promise<Answer> {
    const { method, path, query, body, who } = call;
    const at = repository.directory;
    if (path === "/forks" && method === "POST") return forkFor(repository, who);
    if (path === "") return { status: 200, body: describe(repository, who) };
    const isEmpty = (await gitText(at, "for-each-ref", "--count=1")) === "";
    const commitOf = async (ref: string) => {
      const name = /^(heads|tags)\//.test(ref) ? `refs/${ref}` : ref;
      const candidates = /^(refs|[0-9a-f]{7,40}$)/.test(name) ? [name] : [`refs/heads/${name}`, `refs/tags/${name}`];
      for (const candidate of candidates) {
        const sha = await gitText(at, "rev-parse", "--verify", "-q", `${candidate}^{commit}`).catch(() => "");
        if (sha) return sha;
      }
      return undefined;
    };
    let found = /^\/commits\/(.+)$/.exec(path);
    if (found) {
      if (isEmpty) throw new Refused(409, "Git Repository is empty.");
      const sha = await commitOf(found[1] ?? "");
      if (!sha) throw new Refused(422, `No commit found for SHA: ${found[1]}`);
      const tree = await gitText(at, "rev-parse", `${sha}^{tree}`);
      return { status: 200, body: { sha, commit: { tree: { sha: tree } }, files: [] } };
    }
    found = /^\/tarball\/(.+)$/.exec(path);
    if (found) {
      const sha = await commitOf(found[1] ?? "");
      if (!sha) throw new Refused(404, "Not Found");
      const key = randomBytes(12).toString("hex");
      archives.set(key, { directory: at, sha, prefix: `${repository.owner}-${repository.name}-${sha.slice(0, 7)}/` });
      return {
        status: 302,
        body: {},
        headers: { location: `${url.replace("localhost", "127.0.0.1")}/_codeload/${key}` },
      };
    }
    found = /^\/git\/matching-refs\/(.+)$/.exec(path);
    if (found) {
      const prefix = `refs/${found[1]}`;
      // Of an annotated tag, the hash is the tag's own.
      const lines = (await gitText(at, "for-each-ref", "--format=%(refname) %(objectname) %(objecttype)")).split("\n");
      const matching = lines.map((line) => line.split(" ")).filter(([name = ""]) => name.startsWith(prefix));
      return { status: 200, body: matching.map(([ref, sha, type]) => ({ ref, object: { sha, type } })) };
    }
    if (path === "/branches") {
      const lines = (await gitText(at, "for-each-ref", "--format=%(refname:short) %(objectname)", "refs/heads")).split(
        "\n",
      );
      return pageOf(
        call,
        lines.filter(Boolean).map((line) => {
          const [name, sha] = line.split(" ");
          return { name, commit: { sha }, protected: false };
        }),
      );
    }
    if (path.startsWith("/git/") && isEmpty) throw new Refused(409, "Git Repository is empty.");
    found = /^\/git\/trees\/([0-9a-f]{40})$/.exec(path);
    if (found) return readTree(at, found[1] ?? "", query.get("recursive") !== null);
    found = /^\/git\/blobs\/([0-9a-f]{40})$/.exec(path);
    if (found) {
      const bytes = await git(at, ["cat-file", "blob", found[1] ?? ""]).catch(() => undefined);
      if (!bytes) throw new Refused(404, "Not Found");
      if (call.accept.includes("raw")) return { status: 200, body: bytes };
      return { status: 200, body: { sha: found[1], encoding: "base64", content: bytes.toString("base64") } };
    }
    if (path === "/pulls" && method === "GET") {
      const [owner = "", head] = (query.get("head") ?? "").split(":");
      const list = repository.pulls.filter(
        (pull) =>
          (head === undefined || (pull.head === head && ownerOf(repository, pull) === owner)) &&
          pull.state === (query.get("state") ?? "open"),
      );
      return pageOf(
        call,
        list.map((pull) => showPull(repository, pull)),
      );
    }
    if (path === "/pulls" && method === "POST") {
      const wanted = z
        .object({ title: z.string().min(1), head: z.string(), base: z.string(), body: z.string() })
        .parse(body);
      const [fork, branch = fork] = wanted.head.includes(":") ? wanted.head.split(":") : [undefined, wanted.head];
      const source =
        fork === undefined || fork === repository.owner
          ? repository
          : [...repositories.values()].find(({ owner, parent }) => owner === fork && parent === repository.id);
      const tip =
        source &&
        (await gitText(source.directory, "rev-parse", "-q", "--verify", `refs/heads/${branch}`).catch(() => ""));
      if (!source || !tip || !(await commitOf(`heads/${wanted.base}`)))
        throw new Refused(422, "Validation Failed: head or base is invalid");
      if (source === repository && !repository.collaborators.has(who?.login ?? ""))
        throw new Refused(403, "Resource not accessible");
      if (repository.pulls.some((pull) => pull.head === branch && pull.state === "open"))
        throw new Refused(422, `A pull request already exists for ${source.owner}:${branch}.`);
      const pull: PullRequest = {
        ...wanted,
        head: branch ?? "",
        number: repository.pulls.length + 1,
        state: "open",
        author: who?.login ?? "",
        ...(source === repository ? {} : { from: `${source.owner}/${source.name}` }),
      };
      repository.pulls.push(pull);
      return { status: 201, body: showPull(repository, pull) };
    }
    found = /^\/pulls\/(\d+)$/.exec(path);
    if (found) {
      const pull = repository.pulls.find(({ number }) => number === Number(found?.[1]));
      if (!pull) throw new Refused(404, "Not Found");
      const source = pull.from === undefined ? repository : repositories.get(pull.from.toLowerCase());
      const sha = await gitText(
        source?.directory ?? at,
        "rev-parse",
        "-q",
        "--verify",
        `refs/heads/${pull.head}`,
      ).catch(() => gitText(at, "rev-parse", "-q", "--verify", `refs/pull/${pull.number}/head`).catch(() => ""));
      // As GitHub does, the repository itself keeps the commits of its pull requests.
      if (sha && source && source !== repository) {
        await git(at, ["fetch", "-q", source.directory, sha]);
        await git(at, ["update-ref", `refs/pull/${pull.number}/head`, sha]);
      }
      const shown = showPull(repository, pull);
      return {
        status: 200,
        body: { ...shown, head: { ref: pull.head, sha, repo: source ? describe(source, who) : null } },
      };
    }
    throw new Refused(404, "Not Found");
  }

  function showPull(repository: Repository, pull: PullRequest): Record<string, unknown> {
    const { number, title, body, state, base, head } = pull;
    const html_url = `${url}/${repository.owner}/${repository.name}/pull/${number}`;
    const merged = pull.isMerged ?? false;
    return { number, title, body, state, merged, html_url, base: { ref: base }, head: { ref: head } };
  }

  function ownerOf(repository: Repository, { from }: PullRequest): string {
    return from?.split("/")[0] ?? repository.owner;
  }

  /** A fork shares the objects of its network. GitHub answers before git can reach it. */
  async function forkFor(repository: Repository, who: TokenInfo | undefined): Promise<Answer> {
    const login = who?.login ?? "";
    const there = [...repositories.values()].find(({ owner, parent }) => owner === login && parent === repository.id);
    if (there) return { status: 202, body: describe(there, who) };
    const isTaken = repositories.has(keyOf(login, repository.name));
    const name = isTaken ? `${repository.name}-1` : repository.name;
    const at = await peer.createRepository(login, name, { isPrivate: repository.isPrivate, branch: repository.branch });
    writeFileSync(join(at, "objects/info/alternates"), `${join(repository.directory, "objects")}\n`);
    await git(at, ["fetch", "-q", repository.directory, "+refs/heads/*:refs/heads/*"]);
    const fork = repositories.get(keyOf(login, name));
    if (fork) Object.assign(fork, { parent: repository.id, hidden: peer.slowCreation });
    return { status: 202, body: fork ? describe(fork, who) : {} };
  }

  async function readTree(at: string, sha: string, isRecursive: boolean): Promise<Answer> {
    const out = await git(at, ["ls-tree", "-l", "-z", ...(isRecursive ? ["-r", "-t"] : []), sha]).catch(
      () => undefined,
    );
    if (!out) throw new Refused(404, "Not Found");
    const tree = [];
    for (let from = 0; from < out.length;) {
      const end = out.indexOf(0, from);
      const line = out.subarray(from, end);
      const tab = line.indexOf(9);
      const [mode = "", type = "", blob = "", size = ""] = line.subarray(0, tab).toString().split(/ +/);
      // JSON is UTF-8, so a name that is not loses its bytes here.
      const path = line.subarray(tab + 1).toString("utf8");
      tree.push({ path, mode, type, sha: blob, ...(type === "blob" ? { size: Number(size) } : {}) });
      from = end + 1;
    }
    let size = 0;
    const fits = isRecursive
      ? tree.findIndex((entry, at) => at >= peer.treeLimit || (size += sizeOf(entry)) > peer.treeBytes)
      : -1;
    return { status: 200, body: { sha, truncated: fits >= 0, tree: fits >= 0 ? tree.slice(0, fits) : tree } };
  }

  async function sendArchive(request: IncomingMessage, response: ServerResponse, key: string): Promise<void> {
    await peer.archiveAfter;
    const archive = archives.get(key);
    // The archive host ignores the API's credentials.
    if (!archive || request.headers.authorization !== undefined) return json(response, 404, { message: "Not Found" });
    response.writeHead(200, { "content-type": "application/x-gzip" });
    const planted = peer.archive?.(archive.sha);
    if (planted) {
      response.end(planted);
      return;
    }
    const tar = spawn("git", ["archive", "--format=tar", `--prefix=${archive.prefix}`, archive.sha], {
      cwd: archive.directory,
    });
    const gzip = createGzip({ level: 1 });
    gzip.pipe(response);
    if (peer.lfsInArchives) void withLargeFiles(tar.stdout, gzip);
    else tar.stdout.pipe(gzip);
  }

  /** Puts Git LFS objects in the place of their pointers. */
  async function withLargeFiles(from: Readable, to: Writable): Promise<void> {
    const [reader, writer] = [extract(), pack()];
    from.pipe(reader);
    writer.pipe(to);
    for await (const entry of reader) {
      const parts: Buffer[] = [];
      for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
      const data = Buffer.concat(parts);
      const oid = /^version https:\/\/git-lfs[^\n]*\noid sha256:([0-9a-f]{64})/.exec(
        data.toString("latin1", 0, 200),
      )?.[1];
      const object = oid === undefined ? data : (peer.lfs.get(oid) ?? data);
      const { name, type, mode, linkname } = entry.header;
      writer.entry({ name, type, mode, linkname, size: object.length }, object);
    }
    writer.finalize();
  }

  /* Plain pages for a person who follows a link */

  async function showPage(response: ServerResponse, path: string): Promise<void> {
    const found = /^\/([^/]+)\/([^/]+)(?:\/pull\/(\d+))?\/?$/.exec(path);
    const repository = repositories.get(keyOf(found?.[1] ?? "", found?.[2] ?? ""));
    if (!found || !repository) return json(response, 404, { message: "Not Found" });
    const at = repository.directory;
    const pull = repository.pulls.find(({ number }) => number === Number(found[3]));
    const lines = pull
      ? [
          `${pull.title} #${pull.number}`,
          `${pull.author} wants to merge ${pull.head} into ${pull.base} (${pull.state})`,
          pull.body,
          await gitText(at, "log", "--oneline", `${pull.base}..${pull.head}`),
          await gitText(at, "diff", "-M", `${pull.base}...${pull.head}`),
        ]
      : [
          `${repository.owner}/${repository.name}`,
          repository.description,
          await gitText(at, "for-each-ref", "--format=%(refname) %(objectname:short) %(subject)"),
          ...repository.pulls.map(({ number, title, state }) => `#${number} ${title} (${state})`),
        ];
    const text = lines.filter(Boolean).join("\n\n").replaceAll("&", "&amp;").replaceAll("<", "&lt;");
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
    response.end(`<!doctype html><title>GitHub on this machine</title><pre>${text}</pre>`);
  }

  /* Git LFS */

  async function largeFiles(
    request: IncomingMessage,
    response: ServerResponse,
    call: { service: string; who: TokenInfo | undefined; owner: string; name: string },
  ): Promise<void> {
    const { service, who, owner, name } = call;
    const repository = repositories.get(keyOf(owner, name));
    if (!repository) return json(response, 404, { message: "Not Found" });
    const oid = /^info\/lfs\/objects\/([0-9a-f]{64})$/.exec(service)?.[1];
    if (request.method === "PUT" && oid !== undefined) {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part as Buffer);
      const data = Buffer.concat(parts);
      if (createHash("sha256").update(data).digest("hex") !== oid) throw new Refused(422, "Wrong content");
      peer.lfs.set(oid, data);
      response.writeHead(200).end();
      return;
    }
    if (!(who && repository.collaborators.has(who.login)) || !peer.takesLFS)
      throw new Refused(403, "Git LFS is disabled for this repository.");
    const body = await readBody(request);
    if (service === "info/lfs/verify") {
      if (!peer.lfs.has(String(body.oid))) throw new Refused(404, "Not Found");
      return json(response, 200, {});
    }
    const { objects } = z.object({ objects: z.array(z.object({ oid: z.string(), size: z.number() })) }).parse(body);
    const at = `${url}/${owner}/${name}.git/info/lfs`;
    const header = { authorization: request.headers.authorization ?? "" };
    json(response, 200, {
      transfer: "basic",
      objects: objects.map((object) =>
        peer.lfs.has(object.oid)
          ? object
          : {
              ...object,
              actions: {
                upload: { href: `${at}/objects/${object.oid}` },
                verify: { href: `${at}/verify`, header },
              },
            },
      ),
    });
  }

  /* Git's smart HTTP, through git's own program */

  function smartHTTP(
    request: IncomingMessage,
    response: ServerResponse,
    call: { service: string; at: URL; who: TokenInfo | undefined; owner: string; name: string },
  ): void {
    const { service, at, who } = call;
    const repository = repositories.get(keyOf(call.owner, call.name));
    const writes = service.endsWith("receive-pack") || at.searchParams.get("service") === "git-receive-pack";
    if (!repository || (repository.hidden > 0 && repository.hidden-- > 0))
      return json(response, 404, { message: "Not Found" });
    if ((writes || repository.isPrivate) && !(who && repository.collaborators.has(who.login))) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
      return;
    }
    const isApp = who?.scope === "";
    if (writes && isApp && !peer.appPermissions.contents)
      return json(response, 403, { message: `Permission to ${call.owner}/${call.name}.git denied to the app.` });
    const mayChangeWorkflows = isApp ? peer.appPermissions.workflows : /\bworkflow\b/.test(who?.scope ?? "");
    const program = ["/usr/lib/git-core/git-http-backend", "/usr/libexec/git-core/git-http-backend"].find(existsSync);
    const backend = spawn(program ?? "git-http-backend", {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: repository.directory,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: `/${service}`,
        QUERY_STRING: at.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        HTTP_GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        GIT_PROTOCOL: String(request.headers["git-protocol"] ?? ""),
        REMOTE_USER: who?.login ?? "",
      },
    });
    const sent: Buffer[] = [];
    if (service === "git-receive-pack")
      request.on("data", (chunk: Buffer) => {
        if (sent.length === 0) sent.push(chunk);
      });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => {});
    const parts: Buffer[] = [];
    backend.stdout.on("data", (chunk: Buffer) => parts.push(chunk));
    backend.stdout.on("end", () => {
      const out = Buffer.concat(parts);
      const end = out.indexOf("\r\n\r\n");
      const headers: Record<string, string> = {};
      let status = 200;
      for (const line of out.subarray(0, end).toString().split("\r\n")) {
        const [name = "", ...value] = line.split(": ");
        if (name === "Status") status = Number(value[0]?.split(" ")[0]);
        else headers[name] = value.join(": ");
      }
      const body = out.subarray(end + 4);
      const reply = (bytes: Buffer) => void response.writeHead(status, headers).end(bytes);
      if (service !== "git-receive-pack") return reply(body);
      void afterPush(repository, Buffer.concat(sent), mayChangeWorkflows).then((refused) =>
        reply(refused === undefined ? body : Buffer.from(refused)),
      );
    });
  }

  /** What GitHub does with a push: the first branch is the default one; workflows need a permission. */
  async function afterPush(
    repository: Repository,
    head: Buffer,
    mayChangeWorkflows: boolean,
  ): Promise<string | undefined> {
    const { directory: at } = repository;
    const [, old = "", sha = "", ref = ""] =
      /^....([0-9a-f]{40}) ([0-9a-f]{40}) ([^\0]+)/.exec(head.toString("latin1")) ?? [];
    // Git's own client sends a probe first, which names nothing.
    if (sha === "" || (await gitText(at, "rev-parse", "-q", "--verify", ref).catch(() => "")) !== sha) return undefined;
    const isNew = /^0+$/.test(old);
    const refs = (await gitText(at, "for-each-ref", "--format=%(refname)", "refs/heads")).split("\n");
    if (refs.length === 1) repository.branch = ref.replace("refs/heads/", "");
    if (mayChangeWorkflows) return undefined;
    const range = isNew ? [sha, "--not", `--exclude=${ref}`, "--all"] : [`${old}..${sha}`];
    const touched = await gitText(
      at,
      "log",
      "--format=",
      "--name-only",
      "-m",
      "--first-parent",
      ...range,
      "--",
      ".github/workflows",
    );
    const [file] = touched.split("\n").filter(Boolean);
    if (file === undefined) return undefined;
    await git(at, ["update-ref", ...(isNew ? ["-d", ref] : [ref, old])]);
    const line = (text: string) => (text.length + 4).toString(16).padStart(4, "0") + text;
    return `${line("unpack ok\n")}${line(`ng ${ref} refusing to allow an OAuth App to create or update workflow \`${file}\` without \`workflow\` scope\n`)}0000`;
  }
}

function sizeOf(entry: unknown): number {
  return JSON.stringify(entry).length + 1;
}

function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, {
    "content-type": "application/json; charset=utf-8",
    "x-ratelimit-limit": "5000",
    "x-ratelimit-remaining": "4999",
    "x-ratelimit-reset": String(Math.floor(Date.now() / 1000) + 3600),
    ...headers,
  });
  response.end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString("utf8");
  if (text === "") return {};
  const type = request.headers["content-type"] ?? "";
  if (type.includes("urlencoded")) return Object.fromEntries(new URLSearchParams(text));
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}
