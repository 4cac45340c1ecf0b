import { expect } from "chai";
import { failure, Lake, table, view, database, type TableOptions } from "./athena-lake.ts";

const projected: TableOptions = {
  partitionKeys: "dt date",
  parameters: {
    "projection.enabled": "true",
    "projection.dt.type": "date",
    "projection.dt.format": "yyyy-MM-dd",
    "projection.dt.range": "2018-12-01,NOW+1DAYS",
    "storage.location.template": "s3://lake/readings/dt=${dt}/",
  },
};

describe("Glue tables and views as Athena reads them", () => {
  let lake: Lake;
  afterEach(() => lake.remove());

  describe("a Parquet table", () => {
    it("has its declared columns, whatever its files hold", async () => {
      lake = new Lake(table("t", "id int, name string, value double"));
      await lake.parquet("t/a.parquet", "SELECT 1::BIGINT AS ID, 2::SMALLINT AS value, 'x' AS other");
      await lake.parquet("t/deep/er/b.parquet", "SELECT 2 AS id, 'two' AS name");
      expect(await lake.query("SELECT * FROM t ORDER BY id")).to.deep.equal([
        { id: 1, name: null, value: 2 },
        { id: 2, name: "two", value: null },
      ]);
    });

    it("without a file is an empty table with its columns", async () => {
      lake = new Lake(table("t", "id int, tags array<string>, at timestamp"));
      expect(await lake.query('SELECT count(*) AS n, max(id) AS id, max("at") AS t FROM t')).to.deep.equal([
        { n: 0, id: null, t: null },
      ]);
    });

    it("shows a file that came after it was opened", async () => {
      lake = new Lake(table("t", "id int"));
      expect(await lake.query("SELECT * FROM t")).to.deep.equal([]);
      await lake.parquet("t/a.parquet", "SELECT 1 AS id");
      expect(await lake.query("SELECT * FROM t")).to.deep.equal([{ id: 1 }]);
    });

    it("leaves out files and folders that Hive ignores", async () => {
      lake = new Lake(table("t", "id int"));
      lake.write("t/_SUCCESS", "").write("t/.part.parquet.tmp", "half").write("t/_temporary/x.parquet", "half");
      expect(await lake.query("SELECT * FROM t")).to.deep.equal([]);
    });
  });

  describe("partition projection", () => {
    it("gives the partition column from the folder and reads folders in range only", async () => {
      lake = new Lake(table("readings", "id int", projected)).at("2018-12-04T12:00:00Z");
      for (const day of ["2018-11-30", "2018-12-01", "2018-12-05", "2018-12-06", "2018-12-5", "x"]) {
        await lake.parquet(`readings/dt=${day}/a.parquet`, "SELECT 1 AS id");
      }
      await lake.parquet("readings/stray.parquet", "SELECT 1 AS id");
      expect(await lake.query("SELECT * FROM readings ORDER BY dt")).to.deep.equal([
        { id: 1, dt: "2018-12-01" },
        { id: 1, dt: "2018-12-05" },
      ]);
      expect(
        await lake.query("SELECT count(*) AS n FROM readings WHERE dt >= DATE '2018-12-07' - INTERVAL '2' DAY"),
      ).to.deep.equal([{ n: 1 }]);
    });

    it("counts a relative bound by whole days", async () => {
      const parameters = { ...projected.parameters, "projection.dt.range": "NOW-2DAYS,NOW" };
      lake = new Lake(table("readings", "id int", { ...projected, parameters })).at("2018-12-04T12:00:00Z");
      for (const day of ["01", "02", "04", "05"]) {
        await lake.parquet(`readings/dt=2018-12-${day}/a.parquet`, "SELECT 1 AS id");
      }
      expect(await lake.query("SELECT dt FROM readings ORDER BY dt")).to.deep.equal([
        { dt: "2018-12-02" },
        { dt: "2018-12-04" },
      ]);
    });

    it("takes any template, and a date that goes over several folders", async () => {
      lake = new Lake(
        table("t", "id int", {
          partitionKeys: "site int, kind string, day string",
          parameters: {
            "projection.enabled": "true",
            "projection.site.type": "integer",
            "projection.site.range": "0,15",
            "projection.site.digits": "2",
            "projection.kind.type": "enum",
            "projection.kind.values": "steam,hotwater",
            "projection.day.type": "date",
            "projection.day.format": "yyyy/MM/dd",
            "projection.day.range": "2018/12/01,2018/12/31",
            "storage.location.template": "s3://lake/by/${kind}/${day}/site-${site}/",
          },
        }),
      );
      await lake.parquet("by/steam/2018/12/03/site-07/a.parquet", "SELECT 1 AS id");
      expect(await lake.query("SELECT * FROM t")).to.deep.equal([{ id: 1, site: 7, kind: "steam", day: "2018/12/03" }]);
    });

    it("takes whole numbers and lists", async () => {
      lake = new Lake(
        table("t", "id int", {
          partitionKeys: "site int, kind string",
          parameters: {
            "projection.enabled": "true",
            "projection.site.type": "integer",
            "projection.site.range": "0,15",
            "projection.site.digits": "2",
            "projection.kind.type": "enum",
            "projection.kind.values": "steam, hotwater",
            "storage.location.template": "s3://lake/by/${kind}/site-${site}",
          },
        }),
      );
      for (const place of ["steam/site-07", "steam/site-7", "hotwater/site-15", "hotwater/site-16", "gas/site-01"]) {
        await lake.parquet(`by/${place}/a.parquet`, "SELECT 1 AS id");
      }
      expect(await lake.query("SELECT * FROM t ORDER BY site")).to.deep.equal([
        { id: 1, site: 7, kind: "steam" },
        { id: 1, site: 15, kind: "hotwater" },
      ]);
    });
  });

  describe("a table of JSON lines", () => {
    it("finds keys in any case, casts, and leaves out keys that it does not declare", async () => {
      lake = new Lake(
        table(
          "t",
          "errorcode string, attempts int, at timestamp, tags array<string>, place struct<lat:double,lon:double>",
          { format: "json" },
        ),
      );
      lake.write(
        "t/a.json",
        [
          { errorCode: "A", attempts: "3", at: 1544065200000, tags: ["x"], place: { lat: 1, lon: 2 }, more: 1 },
          { ERRORCODE: { deep: 1 }, at: "2018-12-03 00:00:00" },
        ]
          .map((row) => JSON.stringify(row))
          .join("\n"),
      );
      expect(await lake.query('SELECT * FROM t ORDER BY "at" DESC')).to.deep.equal([
        { errorcode: "A", attempts: 3, at: "2018-12-06T03:00:00.000Z", tags: ["x"], place: { lat: 1, lon: 2 } },
        { errorcode: '{"deep":1}', attempts: null, at: "2018-12-03T00:00:00.000Z", tags: null, place: null },
      ]);
    });

    it("fails on a line that is not JSON, unless ignore.malformed.json says otherwise", async () => {
      const serDeInfo = (parameters: Record<string, string>) => ({
        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        parameters,
      });
      lake = new Lake(
        table("strict", "id int", { format: "json", storage: { location: "s3://lake/t/" } }),
        table("lenient", "id int", {
          format: "json",
          storage: { location: "s3://lake/t/", serDeInfo: serDeInfo({ "ignore.malformed.json": "true" }) },
        }),
      );
      lake.write("t/a.json", '{"id":1}\n{"id":\n');
      expect((await failure(lake.query("SELECT * FROM strict"))).message).to.match(/malformed json/i);
      expect(await lake.query("SELECT * FROM lenient WHERE id IS NOT NULL")).to.deep.equal([{ id: 1 }]);
    });
  });

  describe("a view", () => {
    it("is run as it is declared, over other views too", async () => {
      lake = new Lake(
        view("twice", "id int:integer, n bigint:bigint", "SELECT id, count(*) AS n FROM latest GROUP BY id"),
        view("latest", "id int:integer", "SELECT id FROM t WHERE id > 0"),
        table("t", "id int"),
      );
      await lake.parquet("t/a.parquet", "SELECT unnest([0, 1, 1]) AS id");
      expect(await lake.query("SELECT * FROM twice")).to.deep.equal([{ id: 1, n: 2 }]);
    });

    it("whose columns are not what its SQL gives is refused by name", async () => {
      lake = new Lake(table("t", "id int"), view("v", "id bigint:bigint", "SELECT id FROM t"));
      expect((await failure(lake.open())).message)
        .to.contain('"energy-v"')
        .and.to.contain("declared as id bigint, and its SQL gives id integer");
    });
  });

  describe("databases", () => {
    it("are named in a query where there are several", async () => {
      lake = new Lake(
        database("a"),
        database("b"),
        table("t", "id int", { database: "a" }),
        table("t", "id int", { database: "b", storage: { location: "s3://lake/other/" } }),
      );
      await lake.parquet("other/a.parquet", "SELECT 2 AS id");
      expect(await lake.query('SELECT * FROM "b"."t"')).to.deep.equal([{ id: 2 }]);
      expect((await failure(lake.query("SELECT * FROM t"))).message).to.contain("a or b");
    });
  });
});
