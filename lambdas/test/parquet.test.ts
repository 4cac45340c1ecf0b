import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBConnection } from "@duckdb/node-api";
import { expect } from "chai";
import { ParquetError, readParquet, writeParquet } from "../parquet/index.ts";
import type { ParquetFile } from "../parquet/index.ts";

let folder: string;
let duckdb: DuckDBConnection;

async function query(sql: string): Promise<Record<string, unknown>[]> {
  return (await duckdb.runAndReadAll(sql)).getRowObjectsJson();
}

async function written(select: string, options = ""): Promise<ParquetFile> {
  const file = join(folder, "written.parquet");
  await duckdb.run(`COPY (${select}) TO '${file}' (FORMAT parquet${options})`);
  return { name: "written.parquet", bytes: readFileSync(file) };
}

async function failure(promise: Promise<unknown>): Promise<ParquetError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(ParquetError);
    return error as ParquetError;
  }
  throw new Error("Nothing was thrown.");
}

describe("Parquet", () => {
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "metercast-parquet-"));
    duckdb = await DuckDBConnection.create();
  });
  after(() => {
    duckdb.closeSync();
    rmSync(folder, { recursive: true });
  });

  describe("read", () => {
    const readings = `
      SELECT 7 AS building_id, 9007199254740991::BIGINT AS large, TIMESTAMP '2018-12-03 01:00:00' AS stamp,
        1.5::DOUBLE AS reading, 'Jacksonville' AS city, DATE '2018-12-03' AS day, true AS open, 2.25::DECIMAL(10, 2) AS price
      UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL`;
    const wanted = {
      building_id: "number",
      large: "number",
      stamp: "number",
      reading: "number",
      city: "text",
      day: "number",
      open: "number",
      price: "number",
    } as const;

    it("gives numbers with NaN, texts with null, and times in epoch ms", async () => {
      const { rows, columns } = await readParquet([await written(readings)], wanted);
      expect(rows).to.equal(2);
      const first = Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, values[0]]));
      expect(first).to.deep.equal({
        building_id: 7,
        large: 9007199254740991,
        stamp: Date.parse("2018-12-03T01:00:00Z"),
        reading: 1.5,
        city: "Jacksonville",
        day: Date.parse("2018-12-03T00:00:00Z"),
        open: 1,
        price: 2.25,
      });
      for (const [name, values] of Object.entries(columns)) {
        if (name === "city") expect(values[1]).to.equal(null);
        else expect(values[1], name).to.be.NaN;
      }
    });

    it("reads timestamps of any unit, with a zone and without, before 1970 too", async () => {
      const stamp = "'1969-12-31 23:59:59.999'";
      const { columns } = await readParquet(
        [
          await written(
            `SELECT ${stamp}::TIMESTAMP_S s, ${stamp}::TIMESTAMP_MS ms, ${stamp}::TIMESTAMP us,
              '2018-12-03 01:00:00.123'::TIMESTAMP_NS ns, '2018-12-03 01:00:00+02'::TIMESTAMPTZ tz`,
          ),
        ],
        { s: "number", ms: "number", us: "number", ns: "number", tz: "number" },
      );
      expect(columns.s[0]).to.be.oneOf([-1000, 0]);
      expect(columns.ms[0]).to.equal(-1);
      expect(columns.us[0]).to.equal(-1);
      expect(columns.ns[0]).to.equal(Date.parse("2018-12-03T01:00:00.123Z"));
      expect(columns.tz[0]).to.equal(Date.parse("2018-12-02T23:00:00Z"));
    });

    for (const codec of ["UNCOMPRESSED", "SNAPPY", "GZIP", "ZSTD", "BROTLI"]) {
      it(`reads ${codec}`, async () => {
        const file = await written(
          "SELECT range::DOUBLE / 7 AS x, 'city ' || range % 3 AS city FROM range(1000)",
          `, COMPRESSION ${codec}`,
        );
        const { columns } = await readParquet([file], { x: "number", city: "text" });
        for (const row of [0, 1, 500, 999]) {
          expect(columns.x[row]).to.equal(row / 7);
          expect(columns.city[row]).to.equal(`city ${row % 3}`);
        }
      });
    }

    it("says which compression it does not know", async () => {
      const file = await written("SELECT range AS x FROM range(1000)", ", COMPRESSION LZ4_RAW");
      const error = await failure(readParquet([file], { x: "number" }));
      expect(error.message).to.match(/written\.parquet: cannot be read: .*LZ4_RAW/);
    });

    it("puts files one after the other, and row groups too", async () => {
      const part = (from: number) =>
        written(
          `SELECT CASE WHEN range % 5 = 0 THEN NULL ELSE range END AS x FROM range(${from}, ${from + 5000})`,
          ", ROW_GROUP_SIZE 2048",
        );
      const { rows, columns } = await readParquet([await part(0), await part(5000)], { x: "number" });
      expect(rows).to.equal(10_000);
      columns.x.forEach((value, row) => {
        if (row % 5 === 0) expect(value).to.be.NaN;
        else expect(value).to.equal(row);
      });
    });

    it("reads no file, no row and no column as nothing", async () => {
      expect((await readParquet([], { x: "number" })).columns.x).to.have.length(0);
      const empty = await written("SELECT 1 AS x WHERE false");
      expect((await readParquet([empty], { x: "number" })).rows).to.equal(0);
      expect((await readParquet([await written("SELECT 1 AS x")], {})).rows).to.equal(1);
    });

    it("names the column that is not there, and those that are", async () => {
      const file = await written("SELECT 1 AS x, {'a': 1, 'b': [2]} AS nested, 'c' AS y");
      const error = await failure(readParquet([file], { z: "number" }));
      expect(error.message).to.equal("Parquet file written.parquet: there is no column z; it has x, nested, y.");
    });

    it("says where there are texts in the place of numbers, and the other way round", async () => {
      const file = await written("SELECT 1 AS x, 'c' AS y, [1] AS z");
      expect((await failure(readParquet([file], { y: "number" }))).message).to.include(
        "column y has texts where numbers are needed",
      );
      expect((await failure(readParquet([file], { x: "text" }))).message).to.include(
        "column x has numbers where texts are needed",
      );
      expect((await failure(readParquet([file], { z: "text" }))).message).to.include("column z has nested values");
    });

    it("says which file is cut short, or none at all", async () => {
      const { name, bytes } = await written("SELECT range::DOUBLE AS x FROM range(1000)");
      for (const damaged of [bytes.subarray(0, 300), bytes.subarray(200), new Uint8Array(0), Buffer.from("PAR1")]) {
        const error = await failure(readParquet([{ name, bytes: damaged }], { x: "number" }));
        expect(error.message).to.match(/^Parquet file written\.parquet: cannot be read: /);
      }
    });

    it("reads a view of a larger buffer", async () => {
      const { name, bytes } = await written("SELECT 5 AS x");
      const larger = new Uint8Array(bytes.length + 10);
      larger.set(bytes, 4);
      const { columns } = await readParquet([{ name, bytes: larger.subarray(4, 4 + bytes.length) }], { x: "number" });
      expect([...columns.x]).to.deep.equal([5]);
    });
  });

  describe("written", () => {
    it("is read by DuckDB, with null for NaN", async () => {
      const file = join(folder, "own.parquet");
      const stamp = Date.parse("2018-12-03T01:00:00Z");
      writeFileSync(
        file,
        writeParquet([
          { name: "building_id", kind: "int", data: Float64Array.of(7, 8) },
          { name: "meter", kind: "int", data: Float64Array.of(NaN, 3) },
          { name: "timestamp", kind: "timestamp", data: Float64Array.of(stamp, NaN) },
          { name: "predicted", kind: "double", data: Float64Array.of(0.1, NaN) },
          { name: "feature", kind: "double", data: Float64Array.of(0.1, NaN), missing: "NaN" },
          { name: "city", kind: "text", data: ["Montréal", null] },
        ]),
      );
      expect(await query(`SELECT * FROM '${file}'`)).to.deep.equal([
        {
          building_id: 7,
          meter: null,
          timestamp: "2018-12-03 01:00:00",
          predicted: 0.1,
          feature: 0.1,
          city: "Montréal",
        },
        { building_id: 8, meter: 3, timestamp: null, predicted: null, feature: "NaN", city: null },
      ]);
      const types = await query(`SELECT column_name, column_type FROM (DESCRIBE FROM '${file}')`);
      expect(types.map(({ column_type }) => column_type)).to.deep.equal([
        "INTEGER",
        "INTEGER",
        "TIMESTAMP",
        "DOUBLE",
        "DOUBLE",
        "VARCHAR",
      ]);
    });

    it("comes back as it was, bit by bit, with its metadata", async () => {
      const rows = 120_000;
      const x = Float64Array.from({ length: rows }, (_, row) =>
        row % 11 === 0 ? NaN : Math.sin(row) * 10 ** (row % 30),
      );
      const city = Array.from({ length: rows }, (_, row) => (row % 7 === 0 ? null : `city ${row % 5}`));
      const bytes = writeParquet(
        [
          { name: "null", kind: "double", data: x },
          { name: "nan", kind: "double", data: x, missing: "NaN" },
          { name: "city", kind: "text", data: city },
        ],
        { features: "1" },
      );
      const table = await readParquet([{ name: "own", bytes }], { null: "number", nan: "number", city: "text" });
      expect(Buffer.from(table.columns.null.buffer).equals(Buffer.from(x.buffer))).to.be.true;
      expect(Buffer.from(table.columns.nan.buffer).equals(Buffer.from(x.buffer))).to.be.true;
      expect(table.columns.city).to.deep.equal(city);
      expect(table.metadata.get("features")).to.equal("1");
    });

    it("may have no row", async () => {
      const bytes = writeParquet([{ name: "x", kind: "double", data: new Float64Array(0) }]);
      expect((await readParquet([{ name: "own", bytes }], { x: "number" })).rows).to.equal(0);
    });

    it("refuses columns of different length, and what is no whole number of 32 bits", () => {
      const x = { name: "x", kind: "double", data: Float64Array.of(1, 2) } as const;
      expect(() => writeParquet([x, { name: "y", kind: "double", data: Float64Array.of(1) }])).to.throw(
        RangeError,
        "Column y has 1 rows, column x has 2.",
      );
      for (const value of [1.5, 2 ** 31, Infinity]) {
        expect(() => writeParquet([{ name: "z", kind: "int", data: Float64Array.of(value) }])).to.throw(
          RangeError,
          `Column z: ${value} is no whole number of 32 bits.`,
        );
      }
    });
  });
});
