import { createHash } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** The web's static files as CloudFront serves them: hashed ones are immutable, and each is compressed once. */
export interface Assets {
  /** Responds when the file exists. */
  serve(request: IncomingMessage, response: ServerResponse): Promise<boolean>;
}

const types: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const compressible = /^(?:text\/|application\/(?:json|manifest)|image\/svg)/;
const brotli = promisify(brotliCompress);
const zip = promisify(gzip);

interface Asset {
  type: string;
  etag: string;
  immutable: boolean;
  encodings: Map<string, Buffer>;
}

export function createAssets(folder: string): Assets {
  const cache = new Map<string, Promise<Asset | undefined>>();

  async function load(path: string): Promise<Asset | undefined> {
    const file = normalize(join(folder, path));
    if (!file.startsWith(folder + sep)) return undefined;
    const found = await stat(file).catch(() => undefined);
    if (!found?.isFile()) return undefined;
    const raw = await readFile(file);
    const type = types[extname(file)] ?? "application/octet-stream";
    const encodings = new Map<string, Buffer>([["identity", raw]]);
    if (compressible.test(type) && raw.length > 1024) {
      encodings.set("gzip", await zip(raw, { level: 9 }));
      encodings.set("br", await brotli(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } }));
    }
    return {
      type,
      etag: `"${createHash("sha256").update(raw).digest("base64url").slice(0, 22)}"`,
      immutable: /\/(?:_build|assets)\//.test(path),
      encodings,
    };
  }

  return {
    async serve(request, response) {
      if (request.method !== "GET" && request.method !== "HEAD") return false;
      let path: string;
      try {
        path = decodeURIComponent((request.url ?? "/").split("?")[0] ?? "/");
      } catch {
        return false;
      }
      if (path.includes("\0") || path.endsWith("/")) return false;
      let loading = cache.get(path);
      if (loading === undefined) {
        loading = load(path);
        // Misses are not cached, since anyone can request any number of paths.
        if ((await loading) !== undefined) cache.set(path, loading);
      }
      const asset = await loading;
      if (asset === undefined) return false;
      const accepted = String(request.headers["accept-encoding"] ?? "");
      const encoding =
        ["br", "gzip"].find((name) => accepted.includes(name) && asset.encodings.has(name)) ?? "identity";
      const body = asset.encodings.get(encoding) ?? Buffer.alloc(0);
      const headers = {
        "content-type": asset.type,
        "cache-control": asset.immutable ? "public, max-age=31536000, immutable" : "public, max-age=0, must-revalidate",
        etag: asset.etag,
        vary: "accept-encoding",
        "x-content-type-options": "nosniff",
        ...(encoding === "identity" ? {} : { "content-encoding": encoding }),
      };
      if (request.headers["if-none-match"] === asset.etag) response.writeHead(304, headers).end();
      else
        response
          .writeHead(200, { ...headers, "content-length": body.length })
          .end(request.method === "HEAD" ? "" : body);
      return true;
    },
  };
}
