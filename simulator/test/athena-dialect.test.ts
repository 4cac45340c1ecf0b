import { expect } from "chai";
import { failure, Lake, table } from "./athena-lake.ts";

/** What DuckDB takes and Athena does not, or takes with another meaning, with a part of what the error says. */
const refused: Record<string, [string, string][]> = {
  "more than a query": [
    ["SELECT 1; SELECT 2", "One statement"],
    ["INSERT INTO t VALUES (1)", "cannot start with INSERT"],
    ["CREATE TABLE x AS SELECT 1", "cannot start with CREATE"],
    ["COPY t TO 'x'", "cannot start with COPY"],
    ["ATTACH 'x'", "cannot start with ATTACH"],
    ["INSTALL httpfs", "cannot start with INSTALL"],
    ["SET threads = 1", "cannot start with SET"],
    ["PRAGMA version", "cannot start with PRAGMA"],
    ["", "empty"],
    ["EXPLAIN ANALYZE SELECT 1", "EXPLAIN"],
    ["SHOW FUNCTIONS", "SHOW takes"],
  ],
  "files and DuckDB's own tables": [
    ["SELECT * FROM read_parquet('x')", "read_parquet"],
    ["SELECT * FROM read_csv('/etc/passwd')", "read_csv"],
    ["SELECT * FROM '/etc/passwd'", "no table /etc/passwd"],
    ["SELECT * FROM glob('/*')", "glob"],
    ["SELECT * FROM query('SELECT 1')", "query"],
    ["SELECT * FROM duckdb_settings()", "duckdb_settings"],
    ["SELECT * FROM information_schema.tables", "no database information_schema"],
    ["SELECT * FROM sqlite_master", "no table sqlite_master"],
    ["SELECT * FROM memory.energy.t", "no catalog memory"],
    ["SELECT current_setting('threads')", "current_setting"],
    ["SELECT getenv('HOME')", "getenv"],
    ["SELECT main.upper('a')", "upper"],
    ["SELECT constructor(1)", "constructor"],
  ],
  "clauses": [
    ["FROM t", "starts with SELECT"],
    ["FROM t SELECT id", "starts with SELECT"],
    ["SELECT * FROM (FROM t)", "starts with SELECT"],
    ["SELECT id FROM t QUALIFY row_number() OVER () = 1", "QUALIFY"],
    ["SELECT id FROM t GROUP BY ALL", "GROUP BY ALL"],
    ["SELECT id FROM t ORDER BY ALL", "ORDER BY ALL"],
    ["SELECT id FROM t LIMIT 10%", "LIMIT"],
    ["SELECT id FROM t LIMIT 1 OFFSET 1", "OFFSET before LIMIT"],
    ["SELECT DISTINCT ON (id) id FROM t", "DISTINCT ON"],
    ["SELECT id FROM t USING SAMPLE 1", "Samples"],
    ["SELECT id FROM t TABLESAMPLE BERNOULLI (10)", "Samples"],
    ["SELECT id FROM t UNION BY NAME SELECT id FROM t", "BY NAME"],
    ["SELECT id FROM t UNION ALL SELECT name FROM t", "integer and varchar"],
    ["SELECT * FROM t ASOF JOIN u ON t.id >= u.id", "ASOF"],
    ["SELECT * FROM t POSITIONAL JOIN u", "POSITIONAL"],
    ["SELECT * FROM t SEMI JOIN u USING (id)", "SEMI"],
    ["SELECT * FROM t ANTI JOIN u USING (id)", "ANTI"],
    ["SELECT * FROM t NATURAL JOIN u", "NATURAL"],
    ["WITH RECURSIVE r AS (SELECT 1) SELECT * FROM r", "RECURSIVE"],
    ["WITH r AS MATERIALIZED (SELECT 1) SELECT * FROM r", "MATERIALIZED"],
    ["SELECT id, FROM t", "comma"],
    ["SELECT unnest(tags) FROM t", "CROSS JOIN UNNEST"],
    ["SELECT x FROM t CROSS JOIN UNNEST(parts) AS u(x)", "unnest one field"],
    ["SELECT sum(id) OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t", "EXCLUDE"],
    ["SELECT first_value(id IGNORE NULLS) OVER () FROM t", "ignore nulls"],
    ["SELECT row_number() FROM t", "OVER"],
  ],
  "columns": [
    ["SELECT * EXCLUDE (id) FROM t", "EXCLUDE"],
    ["SELECT * REPLACE (1 AS id) FROM t", "REPLACE"],
    ["SELECT COLUMNS('i.*') FROM t", "COLUMNS"],
    ["SELECT a: 1", "x AS name"],
    ["SELECT #1 FROM t", "#"],
    ["SELECT id AS order FROM t", '"order"'],
    ["SELECT by FROM t", '"by"'],
    ["SELECT prepare FROM t", '"prepare"'],
    ["SELECT id + 1 AS b, b + 1 FROM t", "SELECT names b"],
    ["SELECT id + 1 AS b FROM t WHERE b > 1", "WHERE names b"],
    ["SELECT name AS b, count(*) FROM t GROUP BY b", "GROUP BY names b"],
    ["SELECT name AS x, sum(id) AS b FROM t GROUP BY 1 HAVING b > 1", "HAVING names b"],
    ["SELECT max(id) AS id FROM t ORDER BY max(id)", "ORDER BY"],
    ["SELECT current_user", "CURRENT_USER"],
  ],
  "operators": [
    ["SELECT id::varchar FROM t", "CAST(x AS type)"],
    ["SELECT 7 // 2", "//"],
    ["SELECT 2 ** 3", "power"],
    ["SELECT 2 ^ 3", "power"],
    ["SELECT 1 << 2", "bitwise_left_shift"],
    ["SELECT 1 & 2", "bitwise_and"],
    ["SELECT 1 == 1", "write ="],
    ["SELECT name ~ 'x' FROM t", "regexp_like"],
    ["SELECT name ILIKE 'x' FROM t", "lower(x) LIKE"],
    ["SELECT name GLOB 'x' FROM t", "LIKE"],
    ["SELECT name SIMILAR TO 'x' FROM t", "regexp_like"],
    ["SELECT name COLLATE nocase FROM t", "COLLATE"],
    ["SELECT id IS TRUE FROM t", "IS TRUE"],
    ["SELECT id ISNULL FROM t", "IS NULL"],
    ["SELECT id IN tags FROM t", "contains"],
    ["SELECT name -> '$.a' FROM t", "json_extract"],
    ["SELECT name.upper() FROM t", "behind a dot"],
    ["SELECT ts AT TIME ZONE 'UTC' FROM t", "AT TIME ZONE"],
  ],
  "literals": [
    ["SELECT [1, 2]", "ARRAY[x, y]"],
    ["SELECT {'a': 1}", "ROW"],
    ["SELECT MAP {'a': 1}", "MAP(ARRAY"],
    ["SELECT [x FOR x IN tags] FROM t", "IN takes"],
    ["SELECT tags[1:2] FROM t", "slice"],
    ["SELECT $$a$$", "single quotes"],
    ["SELECT $1", "parameters"],
    ["SELECT ?", "parameters"],
    ["SELECT E'a'", "plain text"],
    ["SELECT X'61'", "plain text"],
    ["SELECT 'a' 'b'", "side by side"],
    ["SELECT 1_000", "no number"],
    ["SELECT 99999999999999999999", "larger than a bigint"],
    ["SELECT `id` FROM t", "double quotes"],
    ["SELECT 'a", "does not end"],
    ["SELECT INTERVAL 2 DAY", "INTERVAL '2' DAY"],
    ["SELECT INTERVAL '2 days'", "INTERVAL '2' DAY"],
    ["SELECT INTERVAL '2' DAYS", "INTERVAL '2' DAY"],
    ["SELECT TIMESTAMP '2020-01-01T10:00:00Z'", "from_iso8601_timestamp"],
  ],
  "types": [
    ["SELECT CAST(id AS string) FROM t", "varchar"],
    ["SELECT CAST(id AS float) FROM t", "real"],
    ["SELECT CAST(id AS int8) FROM t", "bigint"],
    ["SELECT CAST(name AS varchar(2)) FROM t", "substr"],
    ["SELECT CAST(name AS json) FROM t", "json_parse"],
    ["SELECT CAST(ts AS time) FROM t", "date_format"],
    ["SELECT CAST(ts AS timestamp(0)) FROM t", "date_trunc"],
    ["SELECT CAST(id AS nosuch) FROM t", "nosuch"],
    ["SELECT CAST(value AS varchar) FROM t", "1.0E0"],
    ["SELECT CAST('1.5' AS integer)", "no whole number"],
    ["SELECT CAST('2020/01/01' AS date)", "no date"],
    ["SELECT id FROM t WHERE d >= '2020-01-01'", "DATE and type VARCHAR"],
    ["SELECT id FROM t WHERE d BETWEEN '2020-01-01' AND '2020-02-01'", "DATE and VARCHAR"],
    ["SELECT id FROM t WHERE name = 1", "not compared with a number"],
    ["SELECT id FROM t WHERE id = '1'", "not compared with a text"],
    ["SELECT id FROM t WHERE id IN ('1')", "not compared with a text"],
    ["SELECT id FROM t WHERE id", "condition is boolean"],
    ["SELECT id FROM t WHERE id AND true", "condition is boolean"],
    ["SELECT name || id FROM t", "cast the rest to varchar"],
    ["SELECT name + 1 FROM t", "+(VARCHAR"],
    ["SELECT coalesce(id, name) FROM t", "COALESCE"],
    ["SELECT upper(id) FROM t", "upper"],
    ["SELECT hour('2020-01-01')", "hour"],
    ["SELECT d + 1 FROM t", "INTERVAL"],
    ["SELECT d - DATE '2020-01-01' FROM t", "date_diff"],
    ["SELECT d + INTERVAL '1' HOUR FROM t", "whole days"],
    ["SELECT avg(price) FROM t", "cast it to double"],
    ["SELECT sum(id > 1) FROM t", "count_if"],
  ],
  "values": [
    ["SELECT 1/0", "Division by zero"],
    ["SELECT id % 0 FROM t", "Division by zero"],
    ["SELECT 1.0/0", "Division by zero"],
    ["SELECT 2147483647 + 1", "Overflow"],
    ["SELECT ARRAY[1][2]", "element_at"],
    ["SELECT split_part('a', ',', 0)", "counts from 1"],
  ],
  "functions": [
    ["SELECT median(id) FROM t", "approx_percentile"],
    ["SELECT list(id) FROM t", "array_agg"],
    ["SELECT string_agg(name, ',') FROM t", "array_join"],
    ["SELECT listagg(name, ',') WITHIN GROUP (ORDER BY name) FROM t", "array_join"],
    ["SELECT strftime(ts, '%Y') FROM t", "date_format"],
    ["SELECT date_part('year', ts) FROM t", "extract"],
    ["SELECT epoch_ms(ts) FROM t", "to_unixtime"],
    ["SELECT dayofweek(ts) FROM t", "Monday"],
    ["SELECT first(id) FROM t", "min_by"],
    ["SELECT nosuch(id) FROM t", "docs/sql.md"],
    ["SELECT to_days(3)", "to_days"],
    ["SELECT extract(EPOCH FROM ts) FROM t", "no epoch"],
    ["SELECT date_trunc('decade', ts) FROM t", "no unit"],
    ["SELECT date_trunc(name, ts) FROM t", "constant"],
    ["SELECT date_parse(name, '%Q') FROM t", "%Q"],
    ["SELECT format_datetime(ts, 'w') FROM t", "w"],
    ["SELECT json_extract_scalar(name, '$.*') FROM t", "path"],
    ["SELECT substr(name) FROM t", "substr(text, start[, length])"],
  ],
};

describe("the gate to DuckDB", () => {
  let lake: Lake;
  before(async () => {
    lake = new Lake(
      table(
        "t",
        "id int, name string, value double, price decimal(10,2), d date, ts timestamp, tags array<string>, parts array<struct<a:int>>",
      ),
      table("u", "id int, k string"),
    );
    await lake.parquet("t/a.parquet", "SELECT 1 AS id, 'one' AS name, 1.5 AS value, DATE '2020-01-31' AS d");
    await lake.parquet("t/b.parquet", "SELECT 2 AS id, NULL::VARCHAR AS name");
    await lake.parquet("u/a.parquet", "SELECT 1 AS id, 'k' AS k");
  });
  after(() => lake.remove());

  for (const [what, queries] of Object.entries(refused)) {
    it(`refuses ${what} that Athena does not have`, async () => {
      for (const [sql, message] of queries) {
        const error = await failure(lake.query(sql));
        expect(error.name, `${sql}: ${error.stack}`).to.equal("QueryError");
        expect(error.message, sql).to.contain(message);
      }
    });
  }

  it("says where a query does not parse", async () => {
    expect((await failure(lake.query("SELECT é\nFROM t WHERE WHERE"))).message).to.contain("line 2, column 14");
  });

  it("names columns as Athena does", async () => {
    const [row] = await lake.query('SELECT id, 1 + 1, count(*) OVER (), t.id, id AS "Id" FROM t WHERE id = 1');
    expect(row).to.deep.equal({ id: 1, _col1: 2, _col2: 1, id_1: 1, Id: 1 });
    expect(await lake.query("VALUES (1, 'a')")).to.deep.equal([{ _col0: 1, _col1: "a" }]);
  });

  it("resolves names of HAVING and ORDER BY as Athena does, where DuckDB does otherwise", async () => {
    expect(await lake.query("SELECT -id AS id FROM t ORDER BY id + 0")).to.deep.equal([{ id: -2 }, { id: -1 }]);
    expect(await lake.query("SELECT name, -sum(id) AS id FROM t GROUP BY name HAVING max(id) > 1")).to.deep.equal([
      { name: null, id: -2 },
    ]);
    expect(
      await lake.query("SELECT upper(name) AS name, count(*) AS n FROM t GROUP BY name ORDER BY name"),
    ).to.deep.equal([
      { name: "ONE", n: 1 },
      { name: null, n: 1 },
    ]);
  });

  it("puts NULLs last in either direction", async () => {
    expect(await lake.query("SELECT id FROM t ORDER BY name DESC")).to.deep.equal([{ id: 1 }, { id: 2 }]);
  });

  it("takes joins, common tables, set operations and subqueries", async () => {
    const rows = await lake.query(`
      WITH a AS (SELECT id FROM t), b (x) AS (SELECT id + 1 FROM a)
      SELECT a.id, k FROM a LEFT JOIN u USING (id) WHERE EXISTS (SELECT 1 FROM b WHERE x = a.id + 1) AND a.id IN (SELECT id FROM t)
      UNION ALL (SELECT max(x), 'max' FROM b)
      ORDER BY 1 OFFSET 1 LIMIT 2`);
    expect(rows).to.deep.equal([
      { id: 2, k: null },
      { id: 3, k: "max" },
    ]);
  });

  it("takes a cast inside a cast", async () => {
    expect(
      await lake.query("SELECT CAST(date_diff('day', CAST('2018-12-03' AS date), DATE '2018-12-05') AS varchar) AS n"),
    ).to.deep.equal([{ n: "2" }]);
  });

  it("takes UNNEST of arrays, with places", async () => {
    expect(
      await lake.query("SELECT id, x, n FROM u CROSS JOIN UNNEST(ARRAY['a', 'b']) WITH ORDINALITY AS w(x, n)"),
    ).to.deep.equal([
      { id: 1, x: "a", n: 1 },
      { id: 1, x: "b", n: 2 },
    ]);
  });

  it("groups by an expression, a position, and sets", async () => {
    expect(
      await lake.query(
        "SELECT date_trunc('month', d), try(1/count(d)) FROM t GROUP BY date_trunc('month', d) ORDER BY 1",
      ),
    ).to.deep.equal([
      { _col0: "2020-01-01", _col1: 1 },
      { _col0: null, _col1: null },
    ]);
    expect(
      await lake.query(
        "SELECT name, grouping(name) AS g, count(*) AS n FROM t GROUP BY ROLLUP(name) ORDER BY g, n, name",
      ),
    ).to.deep.equal([
      { name: "one", g: 0, n: 1 },
      { name: null, g: 0, n: 1 },
      { name: null, g: 1, n: 2 },
    ]);
    expect(await lake.query("SELECT try(CAST(name AS integer)), count(*) FROM t GROUP BY 1")).to.deep.equal([
      { _col0: null, _col1: 2 },
    ]);
  });

  it("hands a condition on to the scan, its checks gone", async () => {
    const [row] = await lake.query("EXPLAIN SELECT id FROM t WHERE id / 1 > 0 AND name = 'one' AND value < 2.5");
    expect(row?.["Query Plan"]).to.contain("name='one'").and.not.to.contain("CASE");
  });

  it("shows what the catalog holds", async () => {
    expect(await lake.query("SHOW TABLES")).to.deep.equal([{ tab_name: "t" }, { tab_name: "u" }]);
    expect(await lake.query("SHOW DATABASES")).to.deep.equal([{ database_name: "energy" }]);
    expect(await lake.query('DESCRIBE "energy"."u";')).to.deep.equal([
      { col_name: "id", data_type: "int" },
      { col_name: "k", data_type: "string" },
    ]);
    expect(await lake.query("SHOW COLUMNS IN u")).to.deep.equal([{ field: "id" }, { field: "k" }]);
  });
});
