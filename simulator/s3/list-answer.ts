import type { DataFolder } from "../data-folder.ts";
import { S3Error } from "./errors.ts";
import { listed } from "./listing.ts";
import { quoted } from "./object-request.ts";
import type { ObjectStore } from "./object-store.ts";
import { documentOf } from "./xml.ts";

/**
 * A page of a bucket's objects (S3 API reference, ListObjectsV2).
 *
 * @throws S3Error
 */
export async function listDocument(
  store: ObjectStore,
  folder: DataFolder,
  bucket: string,
  query: URLSearchParams,
): Promise<string> {
  const prefix = query.get("prefix") ?? "";
  const delimiter = query.get("delimiter") ?? "";
  const token = query.get("continuation-token");
  const after = token === null ? (query.get("start-after") ?? "") : Buffer.from(token, "base64url").toString("utf8");
  const limit = Math.min(1000, wholeNumber("max-keys", query.get("max-keys") ?? "1000"));
  const page = await listed(folder, bucket, { prefix, delimiter, after, limit });
  const encode = (text: string) =>
    query.get("encoding-type") === "url" ? encodeURIComponent(text).replaceAll("%2F", "/") : text;
  const contents = [];
  for (const key of page.keys) {
    const object = await store.open(bucket, key);
    if (!object) continue; // removed meanwhile
    await object.file.close();
    contents.push({
      Key: encode(key),
      LastModified: object.modified.toISOString(),
      ETag: quoted(object.tag),
      Size: object.size,
      StorageClass: "STANDARD",
    });
  }
  const result = {
    Name: bucket,
    Prefix: encode(prefix),
    ...(delimiter !== "" && { Delimiter: encode(delimiter) }),
    ...(query.get("encoding-type") === "url" && { EncodingType: "url" }),
    ...(token !== null && { ContinuationToken: token }),
    ...(query.has("start-after") && { StartAfter: encode(query.get("start-after") ?? "") }),
    MaxKeys: limit,
    KeyCount: contents.length + page.commonPrefixes.length,
    IsTruncated: page.next !== undefined,
    NextContinuationToken: page.next === undefined ? undefined : Buffer.from(page.next).toString("base64url"),
    Contents: contents,
    CommonPrefixes: page.commonPrefixes.map((one) => ({ Prefix: encode(one) })),
  };
  return documentOf("ListBucketResult", result);
}

function wholeNumber(name: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new S3Error(400, "InvalidArgument", `Provided ${name} not an integer or within integer range`);
}
