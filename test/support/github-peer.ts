import { spawn } from "node:child_process";
import { createHash, randomBytes, randomUUID } from "node:crypto";
import { existsSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { createGzip } from "node:zlib";
import { z } from "zod";
import { git, gitText, initBare } from "./git.ts";
import { temporaryFolder } from "./stack.ts";

/**
 * A GitHub on loopback: real bare repositories behind the parts of its REST API, OAuth and smart HTTP that the product
 * uses, shaped like an Enterprise server. It is strict where GitHub is: scopes, private repositories as 404, empty ones
 * as 409, rate limits, fast-forwards, taken names.
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
  /** Replaces the archive. */
  archive: ((sha: string) => Buffer | undefined) | undefined;
  /** Entries after which a tree is truncated. */
  treeLimit: number;
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
}

interface Answer {
  status: number;
  body?: unknown;
  headers?: Record<string, string>;
}

interface Repository {
  owner: string;
  name: string;
  isPrivate: boolean;
  branch: string;
  description: string;
  pulls: PullRequest[];
  collaborators: Set<string>;
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
  const directory = (owner: string, name: string) => join(folder.path, owner, `${name}.git`);

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
      await initBare(directory(owner, name), branch);
      repositories.set(keyOf(owner, name), {
        owner,
        name,
        isPrivate: options.isPrivate ?? false,
        branch,
        description: "",
        pulls: [],
        collaborators: new Set([owner]),
      });
      return directory(owner, name);
    },
    directory,
    token: issue,
    knows: (token) => tokens.has(token),
    pulls: (owner, name) => repositories.get(keyOf(owner, name))?.pulls ?? [],
    intercept: undefined,
    archive: undefined,
    treeLimit: 100_000,
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
    const planned = peer.intercept?.({ method, path, token });
    if (planned) return json(response, planned.status, planned.body ?? { message: "planned" }, planned.headers ?? {});
    const info = token === undefined ? undefined : tokens.get(token);
    const who = info && (info.until === undefined || info.until > Date.now()) ? info : undefined;

    const wire = /^\/([^/]+)\/([^/]+)\.git\/(info\/refs|git-upload-pack|git-receive-pack)$/.exec(path);
    if (wire) return smartHTTP(request, response, { path, at, who, owner: wire[1] ?? "", name: wire[2] ?? "" });
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
      if (repositories.has(keyOf(who.login, name)))
        throw new Refused(422, "Repository creation failed. name already exists on this account");
      await peer.createRepository(who.login, name, { isPrivate: body.private === true });
      const made = repositories.get(keyOf(who.login, name));
      if (made) made.description = String(body.description);
      return { status: 201, body: made ? describe(made, who) : {} };
    }
    const found = /^\/repos\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path);
    if (!found) throw new Refused(404, "Not Found");
    const repository = repositories.get(keyOf(found[1] ?? "", found[2] ?? ""));
    const maySee = repository && (!repository.isPrivate || (who && repository.collaborators.has(who.login)));
    if (!repository || !maySee || (repository.isPrivate && who?.scope !== "" && !/\brepo\b/.test(who?.scope ?? "")))
      throw new Refused(404, "Not Found");
    if (method !== "GET" && !(who && repository.collaborators.has(who.login)))
      throw new Refused(who ? 403 : 401, who ? "Resource not accessible" : "Requires authentication");
    if (method !== "GET" && who?.scope !== "" && !/\b(repo|public_repo)\b/.test(who?.scope ?? ""))
      throw new Refused(404, "Not Found");
    return inRepository(repository, { ...call, path: found[3] ?? "" });
  }

  function describe(repository: Repository, who: TokenInfo | undefined): Record<string, unknown> {
    const { owner, name, isPrivate, branch, description } = repository;
    const push = who !== undefined && repository.collaborators.has(who.login);
    return {
      name,
      full_name: `${owner}/${name}`,
      owner: { login: owner },
      private: isPrivate,
      description,
      default_branch: branch,
      html_url: `${url}/${owner}/${name}`,
      ...(who ? { permissions: { admin: push, push, pull: true } } : {}),
    };
  }

  async function inRepository(repository: Repository, call: Call): Promise<Answer> {
    const { method, path, query, body, who } = call;
    const at = directory(repository.owner, repository.name);
    const page = <T>(list: T[]): Answer => {
      const size = Math.min(100, Number(query.get("per_page") ?? 30));
      const number = Number(query.get("page") ?? 1);
      const next = list.length > size * number ? `<${url}/api/v3/next?page=${number + 1}>; rel="next"` : "";
      return {
        status: 200,
        body: list.slice(size * (number - 1), size * number),
        headers: next === "" ? {} : { link: next },
      };
    };
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
      const lines = (await gitText(at, "for-each-ref", "--format=%(refname) %(objectname)")).split("\n");
      const matching = lines.map((line) => line.split(" ")).filter(([name = ""]) => name.startsWith(prefix));
      return { status: 200, body: matching.map(([ref, sha]) => ({ ref, object: { sha, type: "commit" } })) };
    }
    if (path.startsWith("/git/") && isEmpty) throw new Refused(409, "Git Repository is empty.");
    found = /^\/git\/trees\/([0-9a-f]{40})$/.exec(path);
    if (found) return readTree(at, found[1] ?? "", query.get("recursive") !== null);
    if (path === "/git/trees" && method === "POST") return writeTree(at, body);
    found = /^\/git\/blobs\/([0-9a-f]{40})$/.exec(path);
    if (found) {
      const bytes = await git(at, ["cat-file", "blob", found[1] ?? ""]).catch(() => undefined);
      if (!bytes) throw new Refused(404, "Not Found");
      if (call.accept.includes("raw")) return { status: 200, body: bytes };
      return { status: 200, body: { sha: found[1], encoding: "base64", content: bytes.toString("base64") } };
    }
    if (path === "/git/blobs" && method === "POST") {
      const input = Buffer.from(String(body.content), body.encoding === "base64" ? "base64" : "utf8");
      return {
        status: 201,
        body: { sha: (await git(at, ["hash-object", "-w", "--stdin"], { input })).toString().trim() },
      };
    }
    if (path === "/git/commits" && method === "POST") return writeCommit(at, body);
    if (path === "/git/refs" && method === "POST") {
      const { ref, sha } = z.object({ ref: z.string().startsWith("refs/"), sha: z.string() }).parse(body);
      if (await gitText(at, "rev-parse", "--verify", "-q", ref).catch(() => ""))
        throw new Refused(422, "Reference already exists");
      await git(at, ["update-ref", ref, sha, "0".repeat(40)]).catch(() => {
        throw new Refused(422, "Object does not exist");
      });
      return { status: 201, body: { ref, object: { sha } } };
    }
    found = /^\/git\/refs\/(.+)$/.exec(path);
    if (found && method === "PATCH") {
      const ref = `refs/${found[1]}`;
      const current = await gitText(at, "rev-parse", "--verify", "-q", ref).catch(() => "");
      if (!current) throw new Refused(422, "Reference does not exist");
      const isForward = await git(at, ["merge-base", "--is-ancestor", current, String(body.sha)]).then(
        () => true,
        () => false,
      );
      if (!isForward && body.force !== true) throw new Refused(422, "Update is not a fast forward");
      await git(at, ["update-ref", ref, String(body.sha), current]);
      return { status: 200, body: { ref, object: { sha: body.sha } } };
    }
    if (path === "/pulls" && method === "GET") {
      const [, head] = (query.get("head") ?? "").split(":");
      const list = repository.pulls.filter(
        (pull) => (head === undefined || pull.head === head) && pull.state === (query.get("state") ?? "open"),
      );
      return page(list.map((pull) => showPull(repository, pull)));
    }
    if (path === "/pulls" && method === "POST") {
      const wanted = z
        .object({ title: z.string().min(1), head: z.string(), base: z.string(), body: z.string() })
        .parse(body);
      if (!(await commitOf(`heads/${wanted.head}`)) || !(await commitOf(`heads/${wanted.base}`)))
        throw new Refused(422, "Validation Failed: head or base is invalid");
      if (repository.pulls.some((pull) => pull.head === wanted.head && pull.state === "open"))
        throw new Refused(422, `A pull request already exists for ${repository.owner}:${wanted.head}.`);
      const pull: PullRequest = {
        ...wanted,
        number: repository.pulls.length + 1,
        state: "open",
        author: who?.login ?? "",
      };
      repository.pulls.push(pull);
      return { status: 201, body: showPull(repository, pull) };
    }
    found = /^\/pulls\/(\d+)$/.exec(path);
    if (found) {
      const pull = repository.pulls.find(({ number }) => number === Number(found?.[1]));
      if (!pull) throw new Refused(404, "Not Found");
      const sha = await commitOf(`heads/${pull.head}`);
      const shown = showPull(repository, pull);
      return { status: 200, body: { ...shown, head: { ref: pull.head, sha, repo: describe(repository, who) } } };
    }
    throw new Refused(404, "Not Found");
  }

  function showPull(repository: Repository, pull: PullRequest): Record<string, unknown> {
    const { number, title, body, state, base, head } = pull;
    const html_url = `${url}/${repository.owner}/${repository.name}/pull/${number}`;
    return { number, title, body, state, html_url, base: { ref: base }, head: { ref: head } };
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
    const truncated = isRecursive && tree.length > peer.treeLimit;
    return { status: 200, body: { sha, truncated, tree: truncated ? tree.slice(0, peer.treeLimit) : tree } };
  }

  async function writeTree(at: string, body: Record<string, unknown>): Promise<Answer> {
    const Entry = z.object({
      path: z.string(),
      mode: z.enum(["100644", "100755", "040000", "160000", "120000"]),
      sha: z.string().nullable().optional(),
      content: z.string().optional(),
    });
    const { tree, base_tree: base } = z
      .object({ tree: z.array(Entry).min(1), base_tree: z.string().optional() })
      .parse(body);
    const index = join(at, `index-${randomUUID()}`);
    const env = { GIT_INDEX_FILE: index };
    try {
      if (base) await git(at, ["read-tree", base], { env });
      let lines = "";
      for (const { path, mode, sha, content } of tree) {
        if (sha === null) {
          const there = await git(at, ["ls-files", "-z", "--", path], { env });
          if (there.length === 0) throw new Refused(422, "GitRPC::BadObjectState");
          lines += `0 ${"0".repeat(40)}\t${path}\0`;
          continue;
        }
        const input = Buffer.from(content ?? "");
        const blob = sha ?? (await git(at, ["hash-object", "-w", "--stdin"], { input })).toString().trim();
        lines += `${mode} ${blob}\t${path}\0`;
      }
      await git(at, ["update-index", "-z", "--index-info"], { env, input: lines });
      return { status: 201, body: { sha: (await git(at, ["write-tree"], { env })).toString().trim() } };
    } finally {
      rmSync(index, { force: true });
    }
  }

  async function writeCommit(at: string, body: Record<string, unknown>): Promise<Answer> {
    const Person = z.object({ name: z.string(), email: z.string(), date: z.string() });
    const { message, tree, parents, author } = z
      .object({ message: z.string(), tree: z.string(), parents: z.array(z.string()), author: Person })
      .parse(body);
    const env = {
      GIT_AUTHOR_NAME: author.name,
      GIT_AUTHOR_EMAIL: author.email,
      GIT_AUTHOR_DATE: author.date,
      GIT_COMMITTER_NAME: author.name,
      GIT_COMMITTER_EMAIL: author.email,
      GIT_COMMITTER_DATE: author.date,
    };
    const args = ["commit-tree", tree, ...parents.flatMap((parent) => ["-p", parent])];
    return { status: 201, body: { sha: (await git(at, args, { input: message, env })).toString().trim() } };
  }

  function sendArchive(request: IncomingMessage, response: ServerResponse, key: string): void {
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
    tar.stdout.pipe(createGzip({ level: 1 })).pipe(response);
  }

  /* Plain pages for a person who follows a link */

  async function showPage(response: ServerResponse, path: string): Promise<void> {
    const found = /^\/([^/]+)\/([^/]+)(?:\/pull\/(\d+))?\/?$/.exec(path);
    const repository = repositories.get(keyOf(found?.[1] ?? "", found?.[2] ?? ""));
    if (!found || !repository) return json(response, 404, { message: "Not Found" });
    const at = directory(repository.owner, repository.name);
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

  /* Git's smart HTTP, through git's own program */

  function smartHTTP(
    request: IncomingMessage,
    response: ServerResponse,
    call: { path: string; at: URL; who: TokenInfo | undefined; owner: string; name: string },
  ): void {
    const { path, at, who } = call;
    const repository = repositories.get(keyOf(call.owner, call.name));
    const writes = path.endsWith("receive-pack") || at.searchParams.get("service") === "git-receive-pack";
    if (!repository) return json(response, 404, { message: "Not Found" });
    if ((writes || repository.isPrivate) && !(who && repository.collaborators.has(who.login))) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
      return;
    }
    const program = ["/usr/lib/git-core/git-http-backend", "/usr/libexec/git-core/git-http-backend"].find(existsSync);
    const backend = spawn(program ?? "git-http-backend", {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: folder.path,
        GIT_HTTP_EXPORT_ALL: "1",
        PATH_INFO: path,
        QUERY_STRING: at.search.slice(1),
        REQUEST_METHOD: request.method ?? "GET",
        CONTENT_TYPE: request.headers["content-type"] ?? "",
        REMOTE_USER: who?.login ?? "",
      },
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
      response.writeHead(status, headers).end(out.subarray(end + 4));
    });
  }
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
