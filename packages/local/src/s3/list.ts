import { AwsError } from "../endpoint.ts";
import type { Objects } from "./objects.ts";
import { element, xml } from "./xml.ts";

const maxKeys = 1000;

/** The body of a ListObjectsV2 response. */
export function listObjects(objects: Objects, bucket: string, query: URLSearchParams): string {
  if (query.has("delimiter")) throw new AwsError(501, "NotImplemented", "Delimiters are not served locally.");
  const prefix = query.get("prefix") ?? "";
  const asked = Number(query.get("max-keys") ?? maxKeys);
  if (!Number.isInteger(asked) || asked < 0) throw new AwsError(400, "InvalidArgument", "max-keys is not a number.");
  const limit = Math.min(maxKeys, asked);
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString();
  const found = objects.list(bucket, prefix, after, limit + 1);
  const page = found.slice(0, limit);
  const last = page.at(-1);
  const more = found.length > limit && last !== undefined;
  const text = query.get("encoding-type") === "url" ? encodeURIComponent : (name: string) => name;
  const contents = page.map((object) => {
    const fields = [
      element("Key", text(object.key)),
      element("LastModified", new Date(object.at).toISOString()),
      element("ETag", `"${object.etag}"`),
      element("Size", object.size),
      element("StorageClass", "STANDARD"),
    ];
    return `<Contents>${fields.join("")}</Contents>`;
  });
  return xml(
    "ListBucketResult",
    [
      element("Name", bucket),
      element("Prefix", text(prefix)),
      element("MaxKeys", limit),
      element("KeyCount", page.length),
      element("IsTruncated", String(more)),
      more ? element("NextContinuationToken", Buffer.from(last.key).toString("base64url")) : "",
      ...contents,
    ].join(""),
  );
}
