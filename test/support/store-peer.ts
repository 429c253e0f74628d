import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import {
  maxInlineSyncBytes,
  pullChanges,
  pushChanges,
  type PullLine,
  type PushedChange,
  type PushResult,
  type StoreEntry,
} from "@slipway/contract/routes/sandbox-sync";
import { textOf } from "../../packages/sandbox/runner/sync/base.ts";
import { hashOf } from "../../packages/sandbox/runner/sync/content-hash.ts";

/** For tests: the store's side of sync over HTTP, with its files in memory. Connections can be made to break. */

interface Held {
  bytes: Buffer;
  hash: string;
  mode: "100644" | "100755";
  rev: number;
}

const PushBody = pushChanges.request.body.content["application/json"].schema;

export class StorePeer {
  readonly files = new Map<string, Held>();
  readonly folders = new Map<string, number>();
  readonly gone = new Map<string, number>();
  readonly token: string;
  rev = 0;
  gen = 1;
  /** Lines of one page of a pull. */
  pageLines = 1000;
  /** Paths whose content cannot be read. */
  readonly unreadable = new Set<string>();
  /** How likely a request fails, before it is applied or after. */
  failures = 0;
  /** What has been asked. */
  readonly requests: { method: string; changes: readonly PushedChange[] }[] = [];
  /** How many files and folders are below each folder. */
  readonly #below = new Map<string, number>();
  /** Contents that were uploaded, or that some file has or had. */
  readonly #contents = new Map<string, Buffer>();
  #server: Server | undefined;
  url = "";

  constructor(token = "token") {
    this.token = token;
  }

  async listen(): Promise<this> {
    const server = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) =>
        response.destroy(error instanceof Error ? error : undefined),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    this.url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
    this.#server = server;
    return this;
  }

  close(): void {
    this.#server?.closeAllConnections();
    this.#server?.close();
  }

  // What a person does.

  write(path: string, content: string | Buffer, mode?: Held["mode"]): void {
    const bytes = Buffer.from(content);
    const hash = hashOf(bytes);
    this.#contents.set(hash, bytes);
    if (!this.files.has(path)) this.#count(path, 1);
    this.files.set(path, { bytes, hash, mode: mode ?? this.files.get(path)?.mode ?? "100644", rev: ++this.rev });
    this.gone.delete(path);
  }

  remove(path: string): void {
    if (!this.files.delete(path) && !this.folders.delete(path)) return;
    this.#count(path, -1);
    this.gone.set(path, ++this.rev);
  }

  addFolder(path: string): void {
    if (!this.folders.has(path)) this.#count(path, 1);
    this.folders.set(path, ++this.rev);
    this.gone.delete(path);
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.bytes.toString();
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", this.url);
    const content = url.pathname.startsWith("/content/") ? url.pathname.slice("/content/".length) : undefined;
    if (request.method === "PUT" && content !== undefined) {
      this.#contents.set(content, await bodyOf(request));
      return void response.end();
    }
    if (content !== undefined) return this.#sendContent(content, response);
    if (request.headers.authorization !== `Bearer ${this.token}`) return void response.writeHead(401).end();
    if (Math.random() < this.failures)
      return void (Math.random() < 0.5 ? request.socket.destroy() : response.writeHead(503).end());
    if (request.method === "POST") {
      const { gen, changes } = PushBody.parse(JSON.parse((await bodyOf(request)).toString()));
      this.requests.push({ method: "POST", changes });
      if (changes.some(({ path }) => path.includes("poison"))) return void response.writeHead(422).end();
      if (gen !== this.gen) return void response.writeHead(409).end();
      const results = this.#apply(changes);
      // Applied, and nobody hears of it.
      if (Math.random() < this.failures) return void request.socket.destroy();
      return void response.end(JSON.stringify({ rev: this.rev, gen: this.gen, results }));
    }
    this.requests.push({ method: "GET", changes: [] });
    const query = pullChanges.request.query.parse(Object.fromEntries(url.searchParams));
    const lines = this.#pull(query.since, query.gen, Number(query.cursor ?? 0));
    const body = gzipSync(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    response.writeHead(200, { "content-type": "application/x-ndjson", "content-encoding": "gzip" });
    if (Math.random() >= this.failures) return void response.end(body);
    response.write(body.subarray(0, Math.floor(body.length / 2)));
    response.destroy();
  }

  /** As S3 does: a text is stored compressed, and comes as it is stored. */
  #sendContent(hash: string, response: ServerResponse): void {
    const bytes = this.#contents.get(hash);
    const isUnreadable = [...this.files].some(([path, held]) => held.hash === hash && this.unreadable.has(path));
    if (!bytes || isUnreadable) return void response.writeHead(404).end();
    if (textOf(bytes) === undefined) return void response.end(bytes);
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(bytes));
  }

  #pull(since: number, gen: number, from: number): PullLine[] {
    const isWhole = since === 0 || gen !== this.gen;
    const isNew = (rev: number) => isWhole || rev > since;
    const entries: StoreEntry[] = [
      ...[...this.folders].filter(([, rev]) => isNew(rev)).map(([path]): StoreEntry => ({ type: "folder", path })),
      ...[...this.files].filter(([, { rev }]) => isNew(rev)).map(([path]) => this.#entry(path)),
      ...(isWhole ? [] : [...this.gone].filter(([, rev]) => isNew(rev)).map(([path]) => this.#entry(path))),
    ];
    const page = entries.slice(from, from + this.pageLines);
    const isLast = from + page.length >= entries.length;
    return [
      { type: "head", rev: this.rev, gen: this.gen, isWhole },
      ...page,
      { type: "end", ...(isLast ? {} : { next: String(from + page.length) }) },
    ];
  }

  #entry(path: string): StoreEntry {
    const held = this.files.get(path);
    if (this.folders.has(path)) return { type: "folder", path };
    if (!held) return { type: "gone", path };
    const { bytes, hash, mode, rev } = held;
    const plain = { type: "file" as const, path, rev, hash, mode, size: bytes.length };
    if (bytes.length > maxInlineSyncBytes) return { ...plain, url: `${this.url}/content/${hash}` };
    const text = textOf(bytes);
    return text === undefined ? { ...plain, data: bytes.toString("base64") } : { ...plain, text };
  }

  /** As one commit: deletes first, so that a name may change from a file to a folder. */
  #apply(changes: readonly PushedChange[]): PushResult[] {
    const results = new Map<PushedChange, PushResult>();
    for (const change of changes)
      if (change.op === "delete" || change.op === "rmdir") results.set(change, this.#change(change));
    for (const change of changes) if (!results.has(change)) results.set(change, this.#change(change));
    return changes.map((change) => results.get(change) ?? { status: "refused", code: "internal", message: "lost" });
  }

  #change(change: PushedChange): PushResult {
    const { path } = change;
    const held = this.files.get(path);
    if (path.split("/").some((name) => name === ".." || /^\.git$/i.test(name)) || /\p{Cc}|\\/u.test(path))
      return { status: "refused", code: "invalid_path", message: "That name can't be stored." };
    if (change.op === "folder") {
      if (held || this.#isTaken(path)) return { status: "refused", code: "name_taken", message: "Taken." };
      this.addFolder(path);
      return { status: "applied", rev: this.rev };
    }
    if (change.op === "rmdir") {
      if (!this.#holdsAny(path)) this.remove(path);
      return { status: "applied", rev: this.rev };
    }
    if ((held?.hash ?? null) !== change.base) return { status: "stale", current: this.#entry(path) };
    if (change.op === "delete") {
      this.remove(path);
      return { status: "applied", rev: this.rev };
    }
    if (this.#isTaken(path) || this.#holdsAny(path))
      return { status: "refused", code: "name_taken", message: "Taken." };
    const sent =
      change.text !== undefined
        ? Buffer.from(change.text)
        : change.data !== undefined
          ? Buffer.from(change.data, "base64")
          : undefined;
    const bytes = sent ?? this.#contents.get(change.hash);
    if (!bytes)
      return {
        status: "unknown",
        ...(change.size > 1024 * 1024 ? { upload: `${this.url}/content/${change.hash}` } : {}),
      };
    if (hashOf(bytes) !== change.hash) throw new Error("a content that is not what its hash says");
    this.write(path, bytes, change.mode);
    return { status: "applied", rev: this.rev };
  }

  /** A file is where a folder would have to be. */
  #isTaken(path: string): boolean {
    const names = path.split("/");
    return names.some((_, at) => at > 0 && this.files.has(names.slice(0, at).join("/")));
  }

  #holdsAny(path: string): boolean {
    return (this.#below.get(path) ?? 0) > 0;
  }

  #count(path: string, change: number): void {
    const names = path.split("/");
    for (let at = 1; at < names.length; at++) {
      const folder = names.slice(0, at).join("/");
      this.#below.set(folder, (this.#below.get(folder) ?? 0) + change);
    }
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}
