import { createHash, randomUUID } from "node:crypto";
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { AwsError } from "../endpoint.ts";
import { flush, type Objects, type StoredObject } from "./objects.ts";

/** Multipart uploads: parts are stored as objects of their own bucket until the upload completes. */

/** No bucket of S3 can have this name. */
const parts = "\u0000parts";
/** S3's minimum for every part but the last. */
const minPart = 5 * 1024 * 1024;

export interface Multipart {
  create(bucket: string, key: string, headers: Record<string, string>): string;
  /** Registers a part whose bytes are already in a blob. */
  put(upload: Named, part: number, blob: { name: string; size: number; etag: string }): void;
  /** Assembles the named parts. @throws AwsError */
  complete(upload: Named, wanted: readonly { part: number; etag: string }[]): StoredObject;
  abort(upload: Named): void;
}
export interface Named {
  bucket: string;
  key: string;
  id: string;
}

export function createMultipart(objects: Objects): Multipart {
  const partKey = (id: string, part: number) => `${id}/${String(part).padStart(5, "0")}`;

  function find({ bucket, key, id }: Named): StoredObject {
    const upload = objects.find(parts, id);
    if (upload?.headers["x-of"] !== `${bucket}/${key}`)
      throw new AwsError(404, "NoSuchUpload", "The specified upload does not exist.");
    return upload;
  }

  function remove(id: string): void {
    const keys = objects.list(parts, `${id}/`, "", 10_000).map(({ key }) => key);
    objects.remove(parts, [...keys, id]);
  }

  return {
    create(bucket, key, headers) {
      const id = randomUUID();
      const blob = objects.newBlob();
      writeFileSync(blob.path, "");
      const of = { ...headers, "x-of": `${bucket}/${key}` };
      objects.put(parts, { key: id, blob: blob.name, size: 0, etag: "", at: Date.now(), headers: of }, () => {});
      return id;
    },
    put(upload, part, { name, size, etag }) {
      find(upload);
      const row = { key: partKey(upload.id, part), blob: name, size, etag, at: Date.now(), headers: {} };
      objects.put(parts, row, () => {});
    },
    complete(upload, wanted) {
      const { headers } = find(upload);
      const blob = objects.newBlob();
      writeFileSync(blob.path, "");
      const digest = createHash("md5");
      let size = 0;
      for (const [index, { part, etag }] of wanted.entries()) {
        const stored = objects.find(parts, partKey(upload.id, part));
        if (stored === undefined || stored.etag !== etag)
          throw new AwsError(400, "InvalidPart", `Part ${part} is not there, or is another one.`);
        if (index > 0 && part <= (wanted[index - 1]?.part ?? 0))
          throw new AwsError(400, "InvalidPartOrder", "The parts are not in order.");
        if (stored.size < minPart && index < wanted.length - 1)
          throw new AwsError(400, "EntityTooSmall", `Part ${part} has less than 5 MB.`);
        appendFileSync(blob.path, readFileSync(objects.path(stored.blob)));
        digest.update(Buffer.from(etag, "hex"));
        size += stored.size;
      }
      flush(blob.path);
      const { "x-of": _, ...kept } = headers;
      const etag = `${digest.digest("hex")}-${wanted.length}`;
      const object = { key: upload.key, blob: blob.name, size, etag, at: Date.now(), headers: kept };
      objects.put(upload.bucket, object, () => {});
      remove(upload.id);
      return object;
    },
    abort(upload) {
      find(upload);
      remove(upload.id);
    },
  };
}
