import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

/** A message of a queue, as ReceiveMessage gives it. */
export interface QueueMessage {
  messageId: string;
  /** Epoch milliseconds. */
  sent: number;
  body: string;
  attributes: Record<string, string>;
}

/** Adds a message to a queue of the data folder, which is a file of JSON lines; it is on the disk when this returns. */
export function sendMessage(root: string, queue: string, message: QueueMessage): void {
  mkdirSync(root, { recursive: true });
  appendFileSync(join(root, `${queue}.jsonl`), `${JSON.stringify(message)}\n`, { flush: true });
}
