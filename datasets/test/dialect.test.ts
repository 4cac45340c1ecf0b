import { expect } from "chai";
import { failure } from "../../simulator/test/athena-lake.ts";
import { DatasetLake, sqlOf } from "./dataset-lake.ts";

/** Words of DuckDB's that must not slip into a dataset, each in a change of one. */
const foreign: readonly [string, (sql: string) => string][] = [
  ["EXCLUDE", (sql) => `SELECT * EXCLUDE (city) FROM (${sql})`],
  ["QUALIFY", (sql) => `SELECT * FROM (${sql}) AS t QUALIFY row_number() OVER (ORDER BY dt) = 1`],
  ["::", (sql) => `SELECT dt::varchar FROM (${sql}) AS t`],
  ["list_value", (sql) => `SELECT list_value(dt) FROM (${sql}) AS t`],
  ["GROUP BY ALL", (sql) => `SELECT city, count(*) AS n FROM (${sql}) AS t GROUP BY ALL`],
  ["epoch_ms", (sql) => `SELECT epoch_ms(dt) FROM (${sql}) AS t`],
  ["FROM first", (sql) => `FROM (${sql}) AS t SELECT dt`],
  ["a reserved word", (sql) => `SELECT dt AS order FROM (${sql}) AS t`],
];

describe("A dataset's SQL", () => {
  let lake: DatasetLake;
  before(() => {
    lake = new DatasetLake();
  });
  after(() => lake.remove());

  for (const [word, change] of foreign) {
    it(`is refused with ${word}, which DuckDB would take`, async () => {
      const sql = sqlOf("use_by_day");
      expect(await lake.query(sql)).to.deep.equal([]);
      expect((await failure(lake.query(change(sql)))).name).to.equal("QueryError");
    });
  }
});
