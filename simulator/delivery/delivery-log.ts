import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { DataFolder } from "../data-folder.ts";
import type { DeliveryStream, Destination } from "../declared/index.ts";
import { calls, streamCaller, type Permissions } from "../permissions/index.ts";

/** An error as a delivery stream logs it (Firehose developer guide, "Monitor Firehose using CloudWatch Logs"). */
export interface LoggedError {
  errorCode: string;
  message: string;
  /** ARN of the function that failed, where it was one. */
  processor?: string | undefined;
}

/**
 * The error log that a delivery stream declares, as a file of JSON lines for each of its log streams. Like Firehose it
 * takes a sample where many records fail: the first of each kind until the next delivery.
 */
export class DeliveryLog {
  readonly #stream: DeliveryStream;
  readonly #permissions: Permissions;
  readonly #folder: string;
  readonly #written = new Set<string>();

  constructor(stream: DeliveryStream, permissions: Permissions, folder: DataFolder) {
    this.#stream = stream;
    this.#permissions = permissions;
    this.#folder = folder.deliveryLogs;
  }

  /** Logs an error where the destination says; without a declared log stream, or a role that allows it, it is lost. */
  write(destination: Destination, error: LoggedError): void {
    const { log, bucket, roleArn } = destination;
    if (!log || this.#written.has(`${log.logStream} ${error.errorCode}`)) return;
    this.#written.add(`${log.logStream} ${error.errorCode}`);
    if (this.#permissions.refusal(calls.streamLogsError, streamCaller(this.#stream, roleArn), log)) return;
    const { message, errorCode, processor } = error;
    const line = {
      timestamp: new Date().toISOString(),
      deliveryStreamARN: this.#stream.arn,
      destination: `arn:aws:s3:::${bucket}`,
      deliveryStreamVersionId: 1,
      message,
      errorCode,
      processor,
    };
    mkdirSync(this.#folder, { recursive: true });
    appendFileSync(join(this.#folder, `${this.#stream.name}-${log.logStream}.log`), `${JSON.stringify(line)}\n`);
  }

  /** Begins a new sample. */
  renew(): void {
    this.#written.clear();
  }
}
