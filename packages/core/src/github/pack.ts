import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import type { GitObject } from "./git.ts";

/** Reads git's packs. */

/** The pack is not one, or ends early. */
export class BrokenPack extends Error {}

const types = new Map<number, GitObject["type"] | "tag">([
  [1, "commit"],
  [2, "tree"],
  [3, "blob"],
  [4, "tag"],
]);

interface Unpacked {
  type: GitObject["type"] | "tag";
  data: Buffer;
}

/**
 * The objects of a pack by hash, deltas applied. Every hash is computed from the bytes, so a pack cannot pass one object
 * off as another. `limit` bounds the unpacked bytes. @throws BrokenPack
 */
export function readPack(pack: Buffer, limit: number): Map<string, Buffer> {
  if (pack.toString("latin1", 0, 4) !== "PACK") throw new BrokenPack("not a pack");
  const count = pack.readUInt32BE(8);
  const byOffset = new Map<number, Unpacked>();
  const bySHA = new Map<string, Unpacked>();
  const waiting: { offset: number; base: string; delta: Buffer }[] = [];
  let total = 0;
  const add = (offset: number, object: Unpacked): void => {
    total += object.data.length;
    if (total > limit) throw new BrokenPack("the pack unpacks to more than was asked for");
    byOffset.set(offset, object);
    const sha = createHash("sha1").update(`${object.type} ${object.data.length}\0`).update(object.data).digest("hex");
    bySHA.set(sha, object);
  };
  let at = 12;
  for (let index = 0; index < count; index++) {
    const offset = at;
    let byte = byteAt(pack, at++);
    const type = (byte >> 4) & 7;
    let size = byte & 15;
    for (let factor = 16; byte & 0x80; factor *= 128) {
      byte = byteAt(pack, at++);
      size += (byte & 127) * factor;
    }
    if (size > limit) throw new BrokenPack("an object is larger than was asked for");
    let base: number | string | undefined;
    if (type === 6) {
      byte = byteAt(pack, at++);
      let distance = byte & 127;
      while (byte & 0x80) {
        byte = byteAt(pack, at++);
        distance = (distance + 1) * 128 + (byte & 127);
      }
      base = offset - distance;
    } else if (type === 7) {
      base = pack.toString("hex", at, at + 20);
      at += 20;
    }
    const { data, length } = inflate(pack.subarray(at), size);
    at += length;
    if (base === undefined) {
      const plain = types.get(type);
      if (!plain) throw new BrokenPack(`an object of type ${type}`);
      add(offset, { type: plain, data });
    } else if (typeof base === "string") waiting.push({ offset, base, delta: data });
    else {
      const of = byOffset.get(base);
      if (of) add(offset, { type: of.type, data: applyDelta(of.data, data) });
      // Its base is itself a delta that waits.
      else waiting.push({ offset, base: `@${base}`, delta: data });
    }
  }
  for (let left = waiting; left.length > 0;) {
    const next = left.filter(({ offset, base, delta }) => {
      const of = base.startsWith("@") ? byOffset.get(Number(base.slice(1))) : bySHA.get(base);
      if (of) add(offset, { type: of.type, data: applyDelta(of.data, delta) });
      return !of;
    });
    if (next.length === left.length) throw new BrokenPack("a delta has no base");
    left = next;
  }
  return new Map([...bySHA].map(([sha, { data }]) => [sha, data]));
}

function byteAt(pack: Buffer, at: number): number {
  const byte = pack[at];
  if (byte === undefined) throw new BrokenPack("the pack ends early");
  return byte;
}

/** Inflates one object and tells how many bytes it took, which a pack does not say. */
function inflate(from: Buffer, size: number): { data: Buffer; length: number } {
  try {
    const options = { info: true, maxOutputLength: Math.max(1, size), chunkSize: Math.max(64, size + 1) };
    const { buffer, engine } = inflateSync(from, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (buffer.length === size) return { data: buffer, length: engine.bytesWritten };
  } catch (error) {
    throw new BrokenPack("an object cannot be inflated", { cause: error });
  }
  throw new BrokenPack("an object has another size than the pack says");
}

/** Git's delta: copies from the base, and insertions. */
function applyDelta(base: Buffer, delta: Buffer): Buffer {
  let at = 0;
  const size = () => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = byteAt(delta, at++);
      value += (byte & 127) * factor;
      if (!(byte & 0x80)) return value;
    }
  };
  if (size() !== base.length) throw new BrokenPack("a delta fits another base");
  const length = size();
  const parts: Buffer[] = [];
  let made = 0;
  while (at < delta.length) {
    const code = byteAt(delta, at++);
    if (code & 0x80) {
      let [from, count] = [0, 0];
      for (let bit = 0; bit < 4; bit++) if (code & (1 << bit)) from += byteAt(delta, at++) * 2 ** (8 * bit);
      for (let bit = 0; bit < 3; bit++) if (code & (16 << bit)) count += byteAt(delta, at++) * 2 ** (8 * bit);
      if (count === 0) count = 0x10000;
      parts.push(base.subarray(from, from + count));
      made += count;
    } else if (code > 0) {
      parts.push(delta.subarray(at, at + code));
      at += code;
      made += code;
    } else throw new BrokenPack("a delta with a reserved instruction");
    if (made > length) break;
  }
  const data = Buffer.concat(parts);
  if (data.length !== length) throw new BrokenPack("a delta makes another size than it says");
  return data;
}
