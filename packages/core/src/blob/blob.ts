import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NotFound,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { resource } from "../config/config.ts";

/** S3: bytes by key. The nouns that write them define the keys. */

let client: S3Client | undefined;

function s3(): S3Client {
  // By default the SDK would sign the checksum of an empty body into a presigned PUT.
  client ??= new S3Client({ requestChecksumCalculation: "WHEN_REQUIRED", maxAttempts: 4 });
  return client;
}

function bucket(): { Bucket: string } {
  return { Bucket: resource("Blobs").name };
}

export async function put(
  key: string,
  body: Uint8Array | string,
  headers: { type?: string; encoding?: "gzip" } = {},
): Promise<void> {
  await s3().send(
    new PutObjectCommand({
      ...bucket(),
      Key: key,
      Body: body,
      ...(headers.type ? { ContentType: headers.type } : {}),
      ...(headers.encoding ? { ContentEncoding: headers.encoding } : {}),
    }),
  );
}

/** Uploads a stream of unknown length in parts of 8 MB, two at a time. */
export async function putStream(key: string, body: Readable, headers: { type: string }): Promise<void> {
  // Only archives are streamed.
  const { Upload } = await import("@aws-sdk/lib-storage");
  const upload = new Upload({
    client: s3(),
    params: { ...bucket(), Key: key, Body: body, ContentType: headers.type },
    partSize: 8 * 1024 * 1024,
    queueSize: 2,
  });
  await upload.done();
}

/** Every key under a prefix with its modification time. One request per 1,000. */
export async function list(prefix: string): Promise<{ key: string; at: number }[]> {
  const found: { key: string; at: number }[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3().send(new ListObjectsV2Command({ ...bucket(), Prefix: prefix, ContinuationToken }));
    for (const { Key = "", LastModified } of page.Contents ?? [])
      found.push({ key: Key, at: LastModified?.getTime() ?? 0 });
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  return found;
}

export async function getStream(key: string): Promise<Readable> {
  const { Body } = await s3().send(new GetObjectCommand({ ...bucket(), Key: key }));
  if (!(Body instanceof Readable)) throw new Error(`no body for ${key}`);
  return Body;
}

/** @throws the SDK's NoSuchKey */
export async function get(key: string): Promise<Uint8Array> {
  const { Body } = await s3().send(new GetObjectCommand({ ...bucket(), Key: key }));
  return (await Body?.transformToByteArray()) ?? new Uint8Array();
}

/** Size in bytes; undefined if the key does not exist. */
export async function size(key: string): Promise<number | undefined> {
  try {
    const { ContentLength } = await s3().send(new HeadObjectCommand({ ...bucket(), Key: key }));
    return ContentLength ?? 0;
  } catch (error) {
    if (error instanceof NotFound) return undefined;
    throw error;
  }
}

export async function remove(key: string): Promise<void> {
  await s3().send(new DeleteObjectCommand({ ...bucket(), Key: key }));
}

export async function removePrefix(prefix: string): Promise<void> {
  for (;;) {
    const { Contents = [], IsTruncated } = await s3().send(new ListObjectsV2Command({ ...bucket(), Prefix: prefix }));
    const Objects = Contents.flatMap(({ Key }) => (Key === undefined ? [] : [{ Key }]));
    if (Objects.length > 0)
      await s3().send(new DeleteObjectsCommand({ ...bucket(), Delete: { Objects, Quiet: true } }));
    if (IsTruncated !== true) return;
  }
}

/** A presigned URL to PUT exactly `length` bytes, valid for `seconds`. */
export function uploadURL(key: string, length: number, seconds: number): Promise<string> {
  const command = new PutObjectCommand({ ...bucket(), Key: key, ContentLength: length });
  return getSignedUrl(s3(), command, { expiresIn: seconds });
}

/** A presigned URL to PUT bytes of any length that S3 takes at once (5 GB), valid for `seconds`. */
export function putURL(key: string, seconds: number): Promise<string> {
  return getSignedUrl(s3(), new PutObjectCommand({ ...bucket(), Key: key }), { expiresIn: seconds });
}

/** A presigned URL to read it, valid for `seconds`. The explicit type keeps browsers from sniffing and running markup. */
export function downloadURL(
  key: string,
  options: { type: string; seconds: number; fileName?: string },
): Promise<string> {
  const { type, fileName } = options;
  const command = new GetObjectCommand({
    ...bucket(),
    Key: key,
    ResponseContentType: type,
    ...(fileName ? { ResponseContentDisposition: `attachment; filename*=UTF-8''${encodeURIComponent(fileName)}` } : {}),
  });
  return getSignedUrl(s3(), command, { expiresIn: options.seconds });
}
