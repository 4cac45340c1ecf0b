import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  paginateListObjectsV2,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { StorageError } from "./error.ts";
import type { Location } from "./location.ts";

export interface StoredObject {
  bytes: Uint8Array;
  /** For {@link PutOptions.ifMatch}. */
  etag: string;
  /** User-defined metadata, its names in lower case. */
  metadata: Record<string, string>;
}

export interface ListedObject {
  key: string;
  size: number;
  /** Epoch ms. */
  lastModified: number;
}

export interface PutOptions {
  contentType?: string;
  metadata?: Record<string, string>;
  /** The object is replaced only while its etag is this one. */
  ifMatch?: string;
  /** The object is stored only when there is none of this key. */
  ifAbsent?: boolean;
}

/** DeleteObjects takes at most 1,000 keys (https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html). */
const deletedAtOnce = 1000;

/** Objects in S3, whole and in memory. What is transient is tried again by the client itself. */
export class Storage {
  readonly #client: S3Client;

  constructor(client = new S3Client()) {
    this.#client = client;
  }

  /** undefined where there is no such object. @throws StorageError */
  async find(location: Location): Promise<StoredObject | undefined> {
    const { bucket: Bucket, key: Key } = location;
    try {
      const { Body, ETag = "", Metadata = {} } = await this.#client.send(new GetObjectCommand({ Bucket, Key }));
      return { bytes: (await Body?.transformToByteArray()) ?? new Uint8Array(0), etag: ETag, metadata: Metadata };
    } catch (error) {
      const failure = failed("read", location, error);
      if (failure.code === "NoSuchKey") return undefined;
      throw failure;
    }
  }

  /** @throws StorageError also where there is no such object */
  async get(location: Location): Promise<StoredObject> {
    const object = await this.find(location);
    if (object === undefined) throw new StorageError("read", location, "NoSuchKey", "");
    return object;
  }

  /**
   * Stores an object in one piece: a reader sees the old or the new one.
   *
   * @returns false where a condition of the options does not hold, and nothing was stored
   * @throws StorageError
   */
  async put(location: Location, body: Uint8Array | string, options: PutOptions = {}): Promise<boolean> {
    try {
      await this.#client.send(
        new PutObjectCommand({
          Bucket: location.bucket,
          Key: location.key,
          Body: body,
          ContentType: options.contentType,
          Metadata: options.metadata,
          IfMatch: options.ifMatch,
          IfNoneMatch: options.ifAbsent ? "*" : undefined,
        }),
      );
      return true;
    } catch (error) {
      const failure = failed("write", location, error);
      const conditional = options.ifMatch !== undefined || options.ifAbsent === true;
      if (conditional && conditionFailed.has(failure.code)) return false;
      throw failure;
    }
  }

  /** Copies an object within S3, without reading it. @throws StorageError also where there is no such object */
  async copy(from: Location, to: Location): Promise<void> {
    const source = [from.bucket, ...from.key.split("/")].map(encodeURIComponent).join("/");
    try {
      await this.#client.send(new CopyObjectCommand({ Bucket: to.bucket, Key: to.key, CopySource: source }));
    } catch (error) {
      throw failed("copy", from, error);
    }
  }

  /** All objects whose keys begin with a prefix, in the order of their keys. @throws StorageError */
  async list(bucket: string, prefix: string): Promise<ListedObject[]> {
    const objects: ListedObject[] = [];
    try {
      for await (const { Contents = [] } of paginateListObjectsV2(
        { client: this.#client },
        { Bucket: bucket, Prefix: prefix },
      )) {
        for (const { Key = "", Size = 0, LastModified } of Contents) {
          objects.push({ key: Key, size: Size, lastModified: LastModified?.getTime() ?? NaN });
        }
      }
    } catch (error) {
      throw failed("list", { bucket, key: prefix }, error);
    }
    return objects;
  }

  /** Deletes objects; one that is not there is none to delete. @throws StorageError naming the first that stays */
  async delete(bucket: string, keys: readonly string[]): Promise<void> {
    for (let first = 0; first < keys.length; first += deletedAtOnce) {
      const batch = keys.slice(first, first + deletedAtOnce);
      const location = { bucket, key: batch[0] ?? "" };
      let kept;
      try {
        const Delete = { Objects: batch.map((Key) => ({ Key })), Quiet: true };
        ({ Errors: kept } = await this.#client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete })));
      } catch (error) {
        throw failed("delete", location, error);
      }
      const [refused] = kept ?? [];
      if (refused !== undefined) {
        const { Key: key = location.key, Code: code = "InternalError", Message: detail = "" } = refused;
        throw new StorageError("delete", { bucket, key }, code, detail);
      }
    }
  }
}

/**
 * The object has changed, or another write is under way, or it is gone
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html).
 */
const conditionFailed: ReadonlySet<string> = new Set(["PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"]);

function failed(action: string, location: Location, error: unknown): StorageError {
  if (error instanceof S3ServiceException) {
    return new StorageError(action, location, error.name, error.message, error);
  }
  const { name, message } = error instanceof Error ? error : { name: "Error", message: String(error) };
  return new StorageError(action, location, name, message, error);
}
