import { existsSync, readFileSync } from "node:fs";
import type { DataFolder } from "../data-folder.ts";
import type { BucketObject } from "../declared/index.ts";
import { replaceFile } from "../durable-file.ts";
import type { ObjectStore } from "./object-store.ts";

/**
 * Puts the objects that the program declares, as a deployment does; one that is there as declared stays.
 *
 * @throws S3Error for a bucket that is not declared
 */
export function putDeclaredObjects(objects: readonly BucketObject[], folder: DataFolder, store: ObjectStore): void {
  for (const { bucket, key, asset } of objects) {
    const file = store.fileOf(bucket, key);
    const content = readFileSync(folder.asset(asset));
    if (!existsSync(file) || !readFileSync(file).equals(content)) replaceFile(file, content);
  }
}
