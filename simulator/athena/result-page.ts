import type { Caller } from "../permissions/index.ts";
import type { ObjectStore } from "../s3/index.ts";
import { AthenaRefusal } from "./query-execution.ts";
import type { Inputs } from "./requests.ts";
import { readCsv } from "./result-file.ts";
import type { AthenaService } from "./service.ts";

/**
 * A page of a result: its header first, as Athena has it for a SELECT (Athena API reference, GetQueryResults).
 *
 * @throws AthenaRefusal
 */
export async function resultPage(
  service: AthenaService,
  store: ObjectStore,
  { QueryExecutionId: one, MaxResults: most = 1000, NextToken: token = "0" }: Inputs["GetQueryResults"],
  caller: Caller | undefined,
): Promise<object> {
  const { bucket, key, columns, isSelect } = service.resultOf(one, caller);
  const from = Number(token);
  if (!Number.isInteger(from) || from < 0) {
    throw new AthenaRefusal("InvalidRequestException", `Invalid NextToken: ${token}`);
  }
  const rows: object[] = [];
  let next: string | undefined;
  let at = 0;
  // an UNLOAD has no rows to show
  const lines = columns.length === 0 ? [] : readCsv(store.fileOf(bucket, key));
  for await (const line of lines) {
    if (at++ < from) continue;
    if (rows.length === most) {
      next = String(at - 1);
      break;
    }
    rows.push({ Data: line.map((value) => (value === undefined ? {} : { VarCharValue: value })) });
  }
  const info = columns.map(({ name, type }) => ({
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: 0,
    Scale: 0,
    Nullable: "UNKNOWN",
    CaseSensitive: isSelect && type === "varchar",
  }));
  return {
    UpdateCount: 0,
    ResultSet: { Rows: rows, ResultSetMetadata: { ColumnInfo: info } },
    ...(next !== undefined && { NextToken: next }),
  };
}
