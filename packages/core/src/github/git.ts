import { createHash, type Hash } from "node:crypto";
import { deflateSync } from "node:zlib";

/** Git's objects: their hashes, and packs of them. */

export interface GitObject {
  type: "commit" | "tree" | "blob";
  sha: string;
  data: Uint8Array;
}

export function blobSHA(bytes: Uint8Array): string {
  return blobHash(bytes.length).update(bytes).digest("hex");
}

/** For a blob that is streamed. */
export function blobHash(size: number): Hash {
  return createHash("sha1").update(`blob ${size}\0`);
}

function object(type: GitObject["type"], data: Uint8Array): GitObject {
  const sha = createHash("sha1").update(`${type} ${data.length}\0`).update(data).digest("hex");
  return { type, sha, data };
}

export interface Author {
  name: string;
  email: string;
}

export function commitObject(commit: {
  tree: string;
  parents: readonly string[];
  author: Author;
  /** Milliseconds since 1970. */
  at: number;
  message: string;
}): GitObject {
  const { name, email } = commit.author;
  const plain = (text: string) => text.replace(/[<>\n\0]/g, "");
  const who = `${plain(name)} <${plain(email)}> ${Math.floor(commit.at / 1000)} +0000`;
  const parents = commit.parents.map((parent) => `parent ${parent}\n`).join("");
  const message = commit.message.replaceAll("\0", "").trimEnd();
  return object(
    "commit",
    Buffer.from(`tree ${commit.tree}\n${parents}author ${who}\ncommitter ${who}\n\n${message}\n`),
  );
}

const packTypes = { commit: 1, tree: 2, blob: 3 } as const;

/** Bytes per chunk: a chunk per object would cost more than the object. */
const pieceBytes = 256 * 1024;

/** Streams a pack of `count` objects. Memory holds one object and the chunk being filled. */
export async function* packOf(
  count: number,
  objects: AsyncIterable<Pick<GitObject, "type" | "data">>,
): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha1");
  const header = Buffer.from("PACK\0\0\0\u0002\0\0\0\0", "latin1");
  header.writeUInt32BE(count, 8);
  let parts: Uint8Array[] = [header];
  let size = header.length;
  let written = 0;
  for await (const { type, data } of objects) {
    const body = deflateSync(data, { level: 6 });
    parts.push(objectHeader(packTypes[type], data.length), body);
    size += body.length;
    written++;
    if (size < pieceBytes) continue;
    const piece = Buffer.concat(parts);
    hash.update(piece);
    yield piece;
    [parts, size] = [[], 0];
  }
  if (written !== count) throw new Error(`a pack of ${count} objects was given ${written}`);
  const last = Buffer.concat(parts);
  hash.update(last);
  yield last;
  yield hash.digest();
}

/** Type and size: four bits of the size, then seven per byte; the highest bit of a byte means that another follows. */
function objectHeader(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let current = (type << 4) | (size & 15);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(current | 0x80);
    current = rest & 127;
  }
  bytes.push(current);
  return Buffer.from(bytes);
}
