import type { Pipeline } from "./transform/config.ts";

/**
 * One reading or observation that did not reach its table: `dropped` by a named activity, or `rejected` with a reason.
 * (record_id, position) identifies it, so that a repeated invocation gives the same row.
 */
export interface LeftOutRow {
  record_id: string;
  /** Place in the envelope; 0 for a single message and for one that cannot be taken apart. */
  position: number;
  /** Null where the message's way does not tell which pipeline it was meant for. */
  pipeline: Pipeline | null;
  ended: "dropped" | "rejected";
  /** The activity that dropped or failed it. */
  by: string | null;
  /** Short and stable, so that counts can group by it; null for what a filter dropped. */
  reason: string | null;
  /** Base64 of the element's bytes as they were published. */
  payload: string;
  topic: string | null;
  client: string | null;
  city: string | null;
  /** Arrival, epoch ms. */
  received: number;
}

/** The row as a line of JSON. */
export function leftOutLine(row: LeftOutRow): string {
  return JSON.stringify(row) + "\n";
}
