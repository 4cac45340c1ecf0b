import { hash } from "node:crypto";

/** Rows are told apart by the bucket that their hash falls into. */
const buckets = 4096;
const modulus = 2 ** 48;

/** A row as text: its table and values. */
export function keyOf(table: string, row: readonly unknown[]): string {
  return JSON.stringify([table, ...row]);
}

export function bucketOf(key: string): number {
  return hash("md5", key, "buffer").readUInt16LE(0) % buckets;
}

/**
 * A collection of rows in which order does not matter and repetition does, of a size that does not grow: two ledgers with
 * the same rows are equal, and where they are not, the buckets say which rows to look at.
 */
export class Ledger {
  readonly #counts = new Float64Array(buckets);
  readonly #sums = new Float64Array(buckets);

  add(key: string): void {
    const digest = hash("md5", key, "buffer");
    const bucket = digest.readUInt16LE(0) % buckets;
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#sums[bucket] = ((this.#sums[bucket] ?? 0) + digest.readUIntLE(2, 6)) % modulus;
  }

  /** The buckets in which two ledgers differ. */
  differences(other: Ledger): number[] {
    return [...this.#counts.keys()].filter(
      (bucket) => this.#counts[bucket] !== other.#counts[bucket] || this.#sums[bucket] !== other.#sums[bucket],
    );
  }
}
