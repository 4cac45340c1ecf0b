import { expect } from "chai";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { QueryError } from "../athena/index.ts";
import { failure, Lake, table } from "./athena-lake.ts";

const symlinks = {
  inputFormat: "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat",
  outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
};
const byDay = {
  partitionKeys: "dt date",
  storage: symlinks,
  parameters: {
    "projection.enabled": "true",
    "projection.dt.type": "date",
    "projection.dt.format": "yyyy-MM-dd",
    "projection.dt.range": "2018-12-01,2018-12-31",
  },
};

const days = () => new Lake(table("days", "id int", byDay));

describe("a table of manifests", () => {
  it("has the rows of the files that they list, in the partition of the manifest", async () => {
    const lake = days();
    await lake.parquet("versions/1/dt=2018-12-03/a", "SELECT 1 AS id");
    await lake.parquet("versions/1/dt=2018-12-04/a", "SELECT 2 AS id");
    await lake.parquet("elsewhere/b.parquet", "SELECT 3 AS id, 'more' AS note");
    lake.write("days/dt=2018-12-03/manifest", "s3://lake/versions/1/dt=2018-12-03/a\ns3://lake/elsewhere/b.parquet\n");
    lake.write("days/dt=2018-12-04/manifest", "s3://lake/versions/1/dt=2018-12-04/a");
    expect(await lake.query("SELECT id, dt FROM days ORDER BY id")).to.deep.equal([
      { id: 1, dt: "2018-12-03" },
      { id: 2, dt: "2018-12-04" },
      { id: 3, dt: "2018-12-03" },
    ]);
    expect(await lake.query("SELECT id FROM days WHERE dt = DATE '2018-12-03' ORDER BY id")).to.deep.equal([
      { id: 1 },
      { id: 3 },
    ]);
    lake.remove();
  });

  it("reads only the files of the days that a query asks for", async () => {
    const lake = days();
    for (const day of ["03", "04", "05"]) {
      await lake.parquet(`versions/1/dt=2018-12-${day}/a`, "SELECT 1 AS id");
      lake.write(`days/dt=2018-12-${day}/manifest`, `s3://lake/versions/1/dt=2018-12-${day}/a\n`);
    }
    const plan = await lake.query("EXPLAIN SELECT id FROM days WHERE dt >= DATE '2018-12-05'");
    expect(plan[0]?.["Query Plan"]).to.include("Scanning Files: 1/3");
    lake.remove();
  });

  it("has a new version as soon as its manifest is replaced, and no rows where there is none or an empty one", async () => {
    const lake = days();
    expect(await lake.query("SELECT id FROM days")).to.deep.equal([]);
    await lake.parquet("versions/1/a", "SELECT 1 AS id");
    await lake.parquet("versions/2/a", "SELECT 2 AS id");
    lake.write("days/dt=2018-12-03/manifest", "s3://lake/versions/1/a\n");
    lake.write("days/dt=2018-12-04/manifest", "");
    expect(await lake.query("SELECT id FROM days")).to.deep.equal([{ id: 1 }]);
    lake.write("days/dt=2018-12-03/manifest", "s3://lake/versions/2/a\n");
    expect(await lake.query("SELECT id FROM days")).to.deep.equal([{ id: 2 }]);
    lake.remove();
  });

  it("of one folder needs no partitions", async () => {
    const lake = new Lake(table("whole", "id int", { storage: symlinks }));
    await lake.parquet("versions/1/a", "SELECT 1 AS id");
    await lake.parquet("versions/1/b", "SELECT 2 AS id");
    lake.write("whole/manifest", "s3://lake/versions/1/a\ns3://lake/versions/1/b\n");
    expect(await lake.query("SELECT sum(id) AS s FROM whole")).to.deep.equal([{ s: 3 }]);
    lake.remove();
  });

  const broken: [string, string, string, string][] = [
    [
      "a file that is not there",
      "s3://lake/versions/1/a",
      "HIVE_CANNOT_OPEN_SPLIT",
      "Error opening Hive split s3://lake/versions/1/a, which s3://lake/days/dt=2018-12-03/manifest lists: the file does not exist.",
    ],
    [
      "a file of a bucket that is not declared",
      "s3://other/a",
      "HIVE_FILESYSTEM_ERROR",
      "Failed to read s3://other/a, which s3://lake/days/dt=2018-12-03/manifest lists: the specified bucket does not exist.",
    ],
    [
      "what is no address",
      "../secret",
      "HIVE_BAD_DATA",
      's3://lake/days/dt=2018-12-03/manifest lists "../secret", which is no s3://bucket/key.',
    ],
  ];
  for (const [what, line, code, message] of broken) {
    it(`that lists ${what} fails the queries that read its day, and no others`, async () => {
      const lake = days();
      await lake.parquet("versions/1/b", "SELECT 2 AS id");
      lake.write("days/dt=2018-12-03/manifest", `${line}\n`);
      lake.write("days/dt=2018-12-04/manifest", "s3://lake/versions/1/b\n");
      const error = await failure(lake.query("SELECT id FROM days WHERE dt <= DATE '2018-12-03'"));
      expect({ code: (error as QueryError).code, message: error.message }).to.deep.equal({ code, message });
      expect(await lake.query("SELECT id FROM days WHERE dt = DATE '2018-12-04'")).to.deep.equal([{ id: 2 }]);
      lake.remove();
    });
  }

  it("fails once a file that it lists is gone", async () => {
    const lake = days();
    await lake.parquet("versions/1/a", "SELECT 1 AS id");
    lake.write("days/dt=2018-12-03/manifest", "s3://lake/versions/1/a\n");
    expect(await lake.query("SELECT id FROM days")).to.deep.equal([{ id: 1 }]);
    rmSync(join(lake.folder, "lake/versions/1/a"));
    expect((await failure(lake.query("SELECT id FROM days"))).message).to.match(/^Error opening Hive split/);
    lake.remove();
  });
});
