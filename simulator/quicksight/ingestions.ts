import { randomUUID } from "node:crypto";
import type { DataSet } from "../declared/index.ts";
import type { Spice } from "./spice.ts";

/** What QuickSight's API refuses; `type` is the exception's name (QuickSight API reference, CreateIngestion, Errors). */
export class QuickSightRefusal extends Error {
  override readonly name = "QuickSightRefusal";
  readonly type: "InvalidParameterValueException" | "ResourceExistsException" | "ResourceNotFoundException";

  constructor(type: QuickSightRefusal["type"], message: string) {
    super(message);
    this.type = type;
  }
}

/** As DescribeIngestion answers (QuickSight API reference, Ingestion); times are epoch milliseconds. */
export interface Ingestion {
  Arn: string;
  IngestionId: string;
  IngestionStatus: "RUNNING" | "FAILED" | "COMPLETED";
  ErrorInfo?: { Type: "SQL_EXCEPTION"; Message: string };
  RowInfo?: { RowsIngested: number; RowsDropped: number; TotalRowsInDataset: number };
  CreatedTime: number;
  IngestionTimeInSeconds?: number;
  RequestSource: "MANUAL";
  RequestType: IngestionType;
}

export const ingestionTypes = ["FULL_REFRESH", "INCREMENTAL_REFRESH"] as const;
export type IngestionType = (typeof ingestionTypes)[number];

/** QuickSight API reference, CreateIngestion, IngestionId. */
const validId = /^[a-zA-Z0-9\-_]{1,128}$/;

/** The ingestions of the data sets that SPICE keeps, while the simulator runs. */
export class Ingestions {
  readonly #spice: Spice;
  readonly #dataSets: Map<string, DataSet>;
  /** By data set and id. */
  readonly #ingestions = new Map<string, Ingestion>();

  constructor(spice: Spice, dataSets: Iterable<DataSet>) {
    this.#spice = spice;
    this.#dataSets = new Map([...dataSets].map((dataSet) => [dataSet.id, dataSet]));
  }

  /** Starts an ingestion. @throws QuickSightRefusal */
  create(dataSetId: string, id: string, type: IngestionType): Ingestion {
    const dataSet = this.#find(dataSetId);
    if (!validId.test(id)) {
      throw new QuickSightRefusal("InvalidParameterValueException", `IngestionId ${JSON.stringify(id)} is not valid`);
    }
    if (dataSet.importMode !== "SPICE") {
      const message = `Data set ${dataSetId} is asked directly: there is nothing to ingest`;
      throw new QuickSightRefusal("InvalidParameterValueException", message);
    }
    const key = `${dataSetId}/${id}`;
    if (this.#ingestions.has(key)) {
      throw new QuickSightRefusal("ResourceExistsException", `Ingestion ${id} of data set ${dataSetId} already exists`);
    }
    const ingestion: Ingestion = {
      Arn: `${dataSet.arn}/ingestion/${id}`,
      IngestionId: id,
      IngestionStatus: "RUNNING",
      CreatedTime: Date.now(),
      RequestSource: "MANUAL",
      RequestType: type,
    };
    this.#ingestions.set(key, ingestion);
    this.#spice.import(dataSet, id).then(
      ({ rows }) => {
        ingestion.IngestionStatus = "COMPLETED";
        ingestion.RowInfo = { RowsIngested: rows, RowsDropped: 0, TotalRowsInDataset: rows };
        ingestion.IngestionTimeInSeconds = Math.round((Date.now() - ingestion.CreatedTime) / 1000);
      },
      (error: Error) => {
        ingestion.IngestionStatus = "FAILED";
        ingestion.ErrorInfo = { Type: "SQL_EXCEPTION", Message: error.message };
      },
    );
    return ingestion;
  }

  /** @throws QuickSightRefusal */
  describe(dataSetId: string, id: string): Ingestion {
    this.#find(dataSetId);
    const ingestion = this.#ingestions.get(`${dataSetId}/${id}`);
    if (ingestion) return ingestion;
    throw new QuickSightRefusal("ResourceNotFoundException", `Ingestion ${id} of data set ${dataSetId} is not found`);
  }

  #find(dataSetId: string): DataSet {
    const dataSet = this.#dataSets.get(dataSetId);
    if (dataSet) return dataSet;
    throw new QuickSightRefusal("ResourceNotFoundException", `Dataset ${dataSetId} is not found`);
  }
}

/** What every answer of QuickSight has beside its own. */
export function answered(status: 200 | 201): { RequestId: string; Status: number } {
  return { RequestId: randomUUID(), Status: status };
}
