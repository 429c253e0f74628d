import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import {
  maxSyncedBytes,
  PullLine,
  pushChanges,
  type PushedChange,
  type StoreFile,
} from "@slipway/contract/routes/sandbox-sync";
import type { z } from "zod";
import { linesOf } from "../../src/lines.ts";
import type { SyncAccess } from "../../src/protocol.ts";
import { Failure } from "../failure.ts";
import { readAll, type Fetch, type Outgoing } from "../fetch.ts";
import { hashOf } from "./content-hash.ts";

/** The app's sync routes, as the contract has them. */

const PushReply = pushChanges.responses[200].content["application/json"].schema;
export type PushReply = z.infer<typeof PushReply>;

/** The token has expired or the project is gone: only a new open can help. */
export class AccessEnded extends Failure {
  constructor() {
    super("sync_failed", "The sandbox's access to the project has ended.");
  }
}

/** The store's generation has changed: pull first. */
export class ReloadRequired extends Failure {
  constructor() {
    super("sync_failed", "The project was replaced. Pull it again.");
  }
}

/** The store takes no such request: repeating it is of no use. */
export class Rejected extends Failure {
  constructor(status: number) {
    super("sync_failed", `The store does not accept it (${status}).`);
  }
}

const tries = 4;

const maxLineLength = 2 * maxSyncedBytes;

export class SyncAPI {
  readonly #fetch: Fetch;
  readonly #projectID: string;
  #access: z.infer<typeof SyncAccess>;

  constructor(fetch: Fetch, projectID: string, access: z.infer<typeof SyncAccess>) {
    this.#fetch = fetch;
    this.#projectID = projectID;
    this.#access = access;
  }

  renew(access: z.infer<typeof SyncAccess>): void {
    this.#access = access;
  }

  /** The lines of a pull. Ends without `end` if the connection broke. @throws Failure */
  async *pull(query: { since: number; gen: number; cursor?: string | undefined }): AsyncGenerator<PullLine, void> {
    const search = new URLSearchParams({ since: String(query.since), gen: String(query.gen) });
    if (query.cursor !== undefined) search.set("cursor", query.cursor);
    const headers = { accept: "application/x-ndjson", "accept-encoding": "gzip" };
    const response = await this.#send(`?${search}`, { headers });
    const tooLong = () => new Failure("sync_failed", "A line of the store's answer is too long.");
    try {
      for await (const line of linesOf(decompressed(response), maxLineLength, tooLong))
        if (line !== "") yield parse(PullLine, line);
    } catch (error) {
      throw error instanceof Failure ? error : new Failure("sync_failed", "The connection to the store broke.", error);
    } finally {
      response.destroy();
    }
  }

  async push(gen: number, changes: readonly PushedChange[]): Promise<PushReply> {
    const body = Buffer.from(JSON.stringify({ gen, changes }));
    const response = await this.#send("", { method: "POST", headers: { "content-type": "application/json" }, body });
    const reply = parse(PushReply, (await readAll(response, 64 * 1024 * 1024)).toString());
    if (reply.results.length !== changes.length) throw new Failure("sync_failed", "A push was answered in part.");
    return reply;
  }

  /** The bytes of a file of the store, checked against its hash. @throws Failure, NoAnswer */
  async contentOf(file: StoreFile): Promise<Buffer> {
    const bytes =
      file.text !== undefined
        ? Buffer.from(file.text)
        : file.data !== undefined
          ? Buffer.from(file.data, "base64")
          : await this.#download(file.url);
    if (hashOf(bytes) !== file.hash)
      throw new Failure("sync_failed", `"${file.path}" did not arrive as it is in the store.`);
    return bytes;
  }

  async #download(url: string | undefined): Promise<Buffer> {
    if (url === undefined) throw new Failure("sync_failed", "A file came without its content.");
    const response = await this.#retried(() => this.#fetch(url));
    if (response.statusCode === 200) return readAll(decompressed(response), maxSyncedBytes);
    response.destroy();
    throw new Failure("sync_failed", `A file could not be read: ${response.statusCode}.`);
  }

  async upload(url: string, bytes: Buffer): Promise<void> {
    const response = await this.#retried(() => this.#fetch(url, { method: "PUT", body: bytes }));
    response.resume();
    if ((response.statusCode ?? 500) >= 300)
      throw new Failure("sync_failed", `A file could not be uploaded: ${response.statusCode}.`);
  }

  async #send(query: string, outgoing: Outgoing): Promise<IncomingMessage> {
    const response = await this.#retried(() =>
      this.#fetch(`${this.#access.url.replace(/\/$/, "")}/api/sandbox-sync/${this.#projectID}/changes${query}`, {
        ...outgoing,
        headers: { ...outgoing.headers, authorization: `Bearer ${this.#access.token}` },
      }),
    );
    const { statusCode = 500 } = response;
    if (statusCode === 200) return response;
    response.destroy();
    if (statusCode === 401 || statusCode === 403 || statusCode === 404) throw new AccessEnded();
    if (statusCode === 409) throw new ReloadRequired();
    if ([400, 413, 415, 422].includes(statusCode)) throw new Rejected(statusCode);
    throw new Failure("sync_failed", `The store answered ${statusCode}.`);
  }

  /** Everything here is safe to repeat: changes name what they are based on. */
  async #retried(send: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      try {
        const response = await send();
        const { statusCode = 500 } = response;
        if ((statusCode < 500 && statusCode !== 429) || attempt === tries) return response;
        response.destroy();
      } catch (error) {
        if (attempt === tries) throw error;
      }
      await sleep(100 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

/** The body as it was before it was encoded for the way. It ends in an error if the connection breaks. */
function decompressed(response: IncomingMessage): Readable {
  const encoding = response.headers["content-encoding"];
  const decoder = encoding === "gzip" ? createGunzip() : encoding === "br" ? createBrotliDecompress() : undefined;
  if (!decoder) return response;
  // Whoever reads the decoder meets the error there.
  pipeline(response, decoder).catch(() => undefined);
  return decoder;
}

function parse<T>(schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Failure("sync_failed", "The store's answer is not JSON.", error);
  }
  const { success, data, error } = schema.safeParse(value);
  if (!success) throw new Failure("sync_failed", "The store's answer has not the expected form.", error);
  return data;
}
