import { createHash, type Hash } from "node:crypto";
import { open, rm } from "node:fs/promises";
import { crc32 } from "node:zlib";
import { crc32c } from "./crc32c.ts";
import { S3Error } from "./errors.ts";

/** Where the request's head says how its body comes, by header in lower case. */
export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

/** A body that was written to a file, whole and as it was promised. */
export interface Received {
  file: string;
  size: number;
  /** MD5 in hexadecimal. */
  tag: string;
}

/**
 * Writes the body of a request to a file and waits until it is on the disk. A body in chunks with trailers
 * (`aws-chunked`, what AWS's SDKs send of a stream) is taken apart; checksums are held.
 *
 * @throws S3Error where the body is not what the request says; then there is no file
 */
export async function receive(source: AsyncIterable<Buffer>, headers: RequestHeaders, file: string): Promise<Received> {
  const trailers = new Map<string, string>();
  const chunked =
    header(headers, "content-encoding")?.split(/,\s*/).includes("aws-chunked") === true ||
    header(headers, "x-amz-content-sha256")?.startsWith("STREAMING-") === true;
  const md5 = createHash("md5");
  const checksums = checksumsOf(headers);
  let size = 0;
  const handle = await open(file, "w");
  try {
    for await (const chunk of chunked ? dechunked(source, trailers) : source) {
      md5.update(chunk);
      for (const checksum of checksums) checksum.update(chunk);
      for (let written = 0; written < chunk.length;) {
        written += (await handle.write(chunk, written)).bytesWritten;
      }
      size += chunk.length;
    }
    const promised = header(headers, chunked ? "x-amz-decoded-content-length" : "content-length");
    if (promised !== undefined && Number(promised) !== size) {
      const message = "You did not provide the number of bytes specified by the Content-Length HTTP header";
      throw new S3Error(400, "IncompleteBody", message);
    }
    const digest = md5.digest();
    hold("Content-MD5", header(headers, "content-md5"), digest.toString("base64"));
    for (const checksum of checksums) {
      const { name, algorithm } = checksum;
      hold(algorithm, header(headers, name) ?? trailers.get(name), checksum.digest());
    }
    await handle.sync();
    return { file, size, tag: digest.toString("hex") };
  } catch (error) {
    await rm(file, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
}

export function header(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(", ") : value;
}

function hold(what: string, promised: string | undefined, found: string): void {
  if (promised === undefined || promised === found) return;
  throw new S3Error(400, "BadDigest", `The ${what} you specified did not match what we received.`);
}

interface Checksum {
  /** Header or trailer that says what it must be. */
  name: string;
  algorithm: string;
  update(chunk: Buffer): void;
  /** In base64. */
  digest(): string;
}

/** The checksums that a request announces (S3 user guide, "Checking object integrity"). */
function checksumsOf(headers: RequestHeaders): Checksum[] {
  const announced = header(headers, "x-amz-trailer")?.split(/,\s*/) ?? [];
  const names = [...Object.keys(headers), ...announced].filter((name) => name.startsWith("x-amz-checksum-"));
  return [...new Set(names)]
    .filter((name) => name !== "x-amz-checksum-type")
    .map((name) => {
      const algorithm = name.slice("x-amz-checksum-".length);
      return { name, algorithm: algorithm.toUpperCase(), ...checksum(algorithm) };
    });
}

function checksum(algorithm: string): Pick<Checksum, "update" | "digest"> {
  switch (algorithm) {
    case "crc32":
      return cyclic(crc32);
    case "crc32c":
      return cyclic(crc32c);
    case "sha1":
    case "sha256":
      return hashed(createHash(algorithm));
    default:
      throw new S3Error(
        400,
        "InvalidRequest",
        `The checksum ${algorithm.toUpperCase()} is not known here: CRC32, CRC32C, SHA1 and SHA256 are.`,
      );
  }
}

function hashed(hash: Hash): Pick<Checksum, "update" | "digest"> {
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest("base64") };
}

function cyclic(next: (chunk: Buffer, value: number) => number): Pick<Checksum, "update" | "digest"> {
  let value = 0;
  return {
    update: (chunk) => {
      value = next(chunk, value);
    },
    digest: () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

/**
 * The bytes of an `aws-chunked` body: chunks as `<size in hexadecimal>[;chunk-signature=...]\r\n<bytes>\r\n`, the last of
 * none, then trailers as `name:value\r\n` (Signature Version 4 for Amazon S3, "Transferring payload in multiple chunks").
 */
async function* dechunked(
  source: AsyncIterable<Buffer>,
  trailers: Map<string, string>,
): AsyncGenerator<Buffer, void, undefined> {
  const chunks = source[Symbol.asyncIterator]();
  let held: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const { done, value } = (await chunks.next()) as IteratorResult<Buffer, undefined>;
    if (done === true) return false;
    held = held.length === 0 ? value : Buffer.concat([held, value]);
    return true;
  };
  const line = async (): Promise<string | undefined> => {
    let end = held.indexOf("\r\n");
    while (end < 0) {
      if (!(await more())) return undefined;
      end = held.indexOf("\r\n");
    }
    const text = held.toString("latin1", 0, end);
    held = held.subarray(end + 2);
    return text;
  };
  for (;;) {
    const size = /^([0-9a-fA-F]+)(?:;|$)/.exec((await line()) ?? "")?.[1];
    if (size === undefined) throw new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly");
    let left = parseInt(size, 16);
    if (left === 0) break;
    while (left > 0) {
      if (held.length === 0 && !(await more())) {
        throw new S3Error(400, "IncompleteBody", "The request body terminated unexpectedly");
      }
      const part = held.subarray(0, left);
      held = held.subarray(part.length);
      left -= part.length;
      yield part;
    }
    await line();
  }
  for (let trailer = await line(); trailer !== undefined && trailer !== ""; trailer = await line()) {
    const colon = trailer.indexOf(":");
    trailers.set(trailer.slice(0, colon).trim().toLowerCase(), trailer.slice(colon + 1).trim());
  }
}
