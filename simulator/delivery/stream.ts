import { randomUUID } from "node:crypto";
import type { Column, DeliveryStream, Destination } from "../declared/index.ts";
import type { FunctionHost } from "../lambda/function-host.ts";
import { ConversionError } from "./columns.ts";
import { splitObjects } from "./json-records.ts";
import { LinesObject } from "./lines-object.ts";
import { ParquetObject } from "./parquet-object.ts";
import { evaluatePrefix, objectName } from "./prefix.ts";
import type { DeliveryLog, LoggedError } from "./delivery-log.ts";
import { RecordIndex } from "./record-index.ts";
import type { StagedObject, Staging } from "./stage.ts";
import type { StreamAccess } from "./stream-access.ts";
import { processingFailed, transformBatch, type StreamRecord, type Transformed } from "./transform.ts";

/**
 * Batches that may be in the function or waiting for it before the stream takes no more: one of each, so that neither
 * waits for the other, and no more of them are in memory.
 */
const batchesUnderWay = 2;

type ErrorOutputType = "processing-failed" | "format-conversion-failed";

/** An object in the making, with the arrival of its first record, which names it. */
interface Open<Content> {
  file: string;
  arrival: number;
  content: Content;
}

export interface StreamParts {
  declared: DeliveryStream;
  stage: Staging;
  host: FunctionHost | undefined;
  access: StreamAccess;
  log: DeliveryLog;
  /** The columns of the table that records are converted by. */
  columns: readonly Column[];
  region: string;
  /** The share of a declared interval that is waited here. */
  timeScale: number;
  now: () => number;
}

/** A delivery stream: buffers records, transforms and converts them, and delivers objects, each record once. */
export class Stream {
  readonly #parts: StreamParts;
  #batch: StreamRecord[] = [];
  #batchBytes = 0;
  /** Results are applied in the order of the records, whichever invocation ends first. */
  #results: Promise<void> = Promise.resolve();
  /** Of the batches under way, the oldest first. */
  readonly #underWay: Promise<void>[] = [];
  #firstRecordAt: number | undefined;
  #deliveredBytes = 0;
  #output: Open<ParquetObject | LinesObject> | undefined;
  #backup: (Open<LinesObject> & { index: RecordIndex }) | undefined;
  #errors = new Map<ErrorOutputType, Open<LinesObject>>();

  constructor(parts: StreamParts) {
    this.#parts = parts;
  }

  /** Records before this position of the log are delivered. */
  get position(): number {
    return this.#parts.stage.position;
  }

  get isEmpty(): boolean {
    return this.#firstRecordAt === undefined;
  }

  /** Epoch milliseconds when the buffer interval ends. */
  get dueAt(): number {
    if (this.#firstRecordAt === undefined) return Infinity;
    return this.#firstRecordAt + this.#parts.declared.bufferSeconds * 1000 * this.#parts.timeScale;
  }

  get isFull(): boolean {
    return this.#deliveredBytes >= this.#parts.declared.bufferBytes;
  }

  get isBusy(): boolean {
    return this.#underWay.length >= batchesUnderWay;
  }

  /** Resolves when the oldest batch is through, and the stream may take more. */
  async ready(): Promise<void> {
    await this.#underWay[0];
  }

  add(record: StreamRecord): void {
    this.#firstRecordAt ??= this.#parts.now();
    if (this.#parts.declared.backup) {
      const { gzip } = this.#parts.declared.backup;
      this.#backup ??= {
        ...this.#open(record.arrival, (file) => new LinesObject(file, gzip)),
        index: new RecordIndex(this.#parts.stage.newFile()),
      };
      this.#backup.content.add(record.data);
      this.#backup.index.add(record);
    }
    this.#batch.push(record);
    this.#batchBytes += record.data.byteLength;
    const limit = this.#parts.declared.transform?.bufferBytes ?? this.#parts.declared.bufferBytes;
    if (this.#batchBytes >= limit) this.#sendBatch();
  }

  /** Delivers all that was added. @param position the position of the log up to which records were added */
  async deliver(position: number): Promise<void> {
    this.#sendBatch();
    await this.#results;
    const { declared, stage, access, log } = this.#parts;
    const objects: StagedObject[] = [];
    const put = (
      open: Open<ParquetObject | LinesObject>,
      destination: Destination,
      prefix: string,
      extension: string,
      index?: RecordIndex,
    ) => {
      const key = `${prefix}${objectName(declared.name, open.arrival, randomUUID())}${extension}`;
      access.write(destination, key);
      open.content.finish();
      index?.finish();
      objects.push({ file: open.file, bucket: destination.bucket, key, ...(index && { index: index.file }) });
    };
    if (this.#output) {
      const { prefix } = declared.destination;
      const extension = declared.fileExtension ?? (declared.conversion ? ".parquet" : "");
      put(this.#output, declared.destination, evaluatePrefix(prefix, this.#output.arrival), extension);
    }
    if (this.#backup && declared.backup) {
      const prefix = evaluatePrefix(declared.backup.prefix, this.#backup.arrival);
      put(this.#backup, declared.backup, prefix, declared.backup.gzip ? ".gz" : "", this.#backup.index);
    }
    for (const [type, open] of this.#errors) {
      // without an error prefix Firehose writes below the type's own name
      const prefix = evaluatePrefix(declared.destination.errorPrefix ?? `${type}/`, open.arrival, type);
      put(open, declared.destination, prefix, "");
    }
    stage.commit(position, objects);
    log.renew();
    this.#output = undefined;
    this.#backup = undefined;
    this.#errors.clear();
    this.#firstRecordAt = undefined;
    this.#deliveredBytes = 0;
  }

  #sendBatch(): void {
    if (this.#batch.length === 0) return;
    const { declared, host, region, access } = this.#parts;
    const batch = this.#batch;
    this.#batch = [];
    this.#batchBytes = 0;
    const functionArn = declared.transform?.functionArn;
    const transformed: Promise<Transformed[]> | undefined =
      host && functionArn !== undefined
        ? transformBatch(declared, (event) => access.invoke(functionArn, host, event), batch, region)
        : undefined;
    this.#results = Promise.all([this.#results, transformed]).then(([, results]) => {
      if (results) for (const result of results) this.#take(result);
      else for (const record of batch) this.#deliver(record, Buffer.from(record.data));
      void this.#underWay.shift();
    });
    this.#underWay.push(this.#results);
  }

  #take(transformed: Transformed): void {
    if (transformed.result === "Dropped") return;
    if (transformed.result === "ProcessingFailed") {
      const { record, errorCode, errorMessage, attempts } = transformed;
      const lambdaArn = this.#parts.declared.transform?.functionArn;
      if (errorCode !== processingFailed) this.#log({ errorCode, message: errorMessage, processor: lambdaArn });
      this.#fail("processing-failed", record.arrival, {
        attemptsMade: attempts,
        arrivalTimestamp: record.arrival,
        errorCode,
        errorMessage,
        attemptEndingTimestamp: this.#parts.now(),
        rawData: Buffer.from(record.data).toString("base64"),
        lambdaArn,
      });
      return;
    }
    this.#deliver(transformed.record, Buffer.from(transformed.base64, "base64"));
  }

  #deliver(record: StreamRecord, data: Buffer): void {
    this.#deliveredBytes += data.length;
    if (this.#parts.declared.conversion) this.#convert(record, data);
    else this.#lines(record.arrival).add(data);
  }

  /** Format conversion; a record that does not fit the table goes to the error output with its transformed data. */
  #convert(record: StreamRecord, data: Buffer): void {
    const { schemaRefusal } = this.#parts.access;
    if (schemaRefusal) return this.#failConversion(record, data, schemaRefusal);
    try {
      const objects: Record<string, unknown>[] = [];
      for (const text of splitObjects(data.toString("utf8"))) objects.push(JSON.parse(text) as Record<string, unknown>);
      this.#parquet(record.arrival).add(objects, data.length);
    } catch (error) {
      if (!(error instanceof SyntaxError || error instanceof ConversionError)) throw error;
      const { message } = error;
      this.#failConversion(record, data, { errorCode: "DataFormatConversion.ParseError", message });
    }
  }

  #failConversion(record: StreamRecord, data: Buffer, error: LoggedError): void {
    const { conversion } = this.#parts.declared;
    this.#log(error);
    this.#fail("format-conversion-failed", record.arrival, {
      attemptsMade: 1,
      arrivalTimestamp: record.arrival,
      lastErrorCode: error.errorCode,
      lastErrorMessage: error.message,
      attemptEndingTimestamp: this.#parts.now(),
      rawData: data.toString("base64"),
      dataCatalogTable: {
        databaseName: conversion?.database,
        tableName: conversion?.table,
        region: this.#parts.region,
        versionId: "LATEST",
      },
    });
  }

  #log(error: LoggedError): void {
    this.#parts.log.write(this.#parts.declared.destination, error);
  }

  #fail(type: ErrorOutputType, arrival: number, row: object): void {
    let open = this.#errors.get(type);
    if (!open) this.#errors.set(type, (open = this.#open(arrival, (file) => new LinesObject(file, false))));
    open.content.add(`${JSON.stringify(row)}\n`);
  }

  #parquet(arrival: number): ParquetObject {
    const compression = this.#parts.declared.conversion?.compression ?? "SNAPPY";
    this.#output ??= this.#open(arrival, (file) => new ParquetObject(file, this.#parts.columns, compression));
    return this.#output.content as ParquetObject;
  }

  #lines(arrival: number): LinesObject {
    this.#output ??= this.#open(arrival, (file) => new LinesObject(file, false));
    return this.#output.content as LinesObject;
  }

  #open<Content>(arrival: number, make: (file: string) => Content): Open<Content> {
    const file = this.#parts.stage.newFile();
    return { file, arrival, content: make(file) };
  }
}
