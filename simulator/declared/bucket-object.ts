import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const bucketObject = z.strictObject({
  bucket: z.string(),
  key: z.string(),
  source: z.strictObject({ $asset: z.string() }),
  contentType: withoutLocalMeaning, // for a browser
  overrideProvider: withoutLocalMeaning, // which tags it has
  tags: withoutLocalMeaning, // for the bill
});

/** An object that the program itself puts into a bucket. */
export interface BucketObject {
  bucket: string;
  key: string;
  /** Hash of its content. */
  asset: string;
}

export function bucketObjectOf(resource: Resource): BucketObject {
  const { bucket, key, source } = read(bucketObject, resource);
  return { bucket, key, asset: source.$asset };
}
