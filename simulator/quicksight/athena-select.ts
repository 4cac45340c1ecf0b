import { AthenaRefusal, type AthenaService } from "../athena/index.ts";
import type { DataSet, DataSource } from "../declared/index.ts";
import { calls, dataSourceCaller, type Permissions } from "../permissions/index.ts";
import { DataSetError } from "./spice.ts";

/**
 * Asks Athena for all rows of a data set, as its data source does.
 *
 * @param take gets a Parquet file with the declared columns, which it moves away
 * @throws DataSetError with Athena's reason
 */
export type AthenaSelect = (dataSet: DataSet, take: (file: string) => Promise<void>) => Promise<void>;

/** QuickSight's types of columns, in DuckDB's words. */
const types = { STRING: "VARCHAR", INTEGER: "BIGINT", DECIMAL: "DOUBLE", DATETIME: "TIMESTAMP" } as const;

/** With the role of the data source, and in its workgroup. */
export function athenaSelect(
  athena: AthenaService,
  dataSources: ReadonlyMap<string, DataSource>,
  permissions: Permissions,
): AthenaSelect {
  return async ({ sql, columns, dataSourceArn }, take) => {
    const source = dataSources.get(dataSourceArn);
    if (!source) throw new DataSetError(`Its data source ${dataSourceArn} is not declared.`);
    const request = { QueryString: sql, WorkGroup: source.workgroup };
    const wanted = columns.map(({ name, type }) => ({ name, duckdbType: types[type] }));
    try {
      const caller = dataSourceCaller(source.arn, source.roleArn);
      const refused =
        permissions.refusal(calls.dataSourceReadsResults, caller, { workgroup: source.workgroup }) ??
        permissions.refusal(calls.dataSourceLooksThroughCatalog, caller, {});
      if (refused) throw new DataSetError(refused.message);
      const { Status: status } = await athena.select(request, caller, { columns: wanted, take });
      if (status.State !== "SUCCEEDED") throw new DataSetError(status.StateChangeReason ?? `It was ${status.State}.`);
    } catch (error) {
      if (error instanceof AthenaRefusal) throw new DataSetError(error.message, { cause: error });
      throw error;
    }
  };
}
