import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

import { datasets } from "../../datasets/index.ts";
import { takenNames } from "../dataset-checks.ts";
import { checkEnvironment } from "../index.ts";
import { environmentOf, problemAtMark, right } from "./build.ts";

const list = (text: string) => `${right}datasets:\n${text}`;
const one = (sql: string) => list(`  - name: mine\n    sql: ${sql}\n`);

describe("A dataset of the team's own", () => {
  it("is as teams had it: a SELECT, a schedule, a window, a delivery's key, and how long versions are kept", () => {
    const { datasets: found } = environmentOf(
      list(`  - name: jh_dataset
    sql: select * from readings
    schedule: cron(0/15 * * * ? *)
    window: 2 days
    deliver: dataset/jh_dataset/!{scheduleTime}/!{versionId}.csv
    keep: { versions: 10, days: 30 }
`),
    );
    expect(found).to.deep.equal([
      {
        name: "jh_dataset",
        sql: "select * from readings",
        schedule: "cron(0/15 * * * ? *)",
        timeZone: "UTC",
        windowDays: 2,
        deliver: "dataset/jh_dataset/!{scheduleTime}/!{versionId}.csv",
        keep: { versions: 10, days: 30 },
      },
    ]);
  });

  it("needs a name and a SELECT only", () => {
    expect(environmentOf(one("SELECT 1 AS one")).datasets).to.deep.equal([
      { name: "mine", sql: "SELECT 1 AS one", timeZone: "UTC", windowDays: 1, keep: { days: 90 } },
    ]);
    expect(environmentOf(right).datasets).to.deep.equal([]);
  });

  it("has a name of lower-case letters that nothing else has", () => {
    expect(problemAtMark(list("  - name: ▸Mine\n    sql: SELECT 1\n")).message).to.match(
      /lower-case letters, digits and _/,
    );
    expect(problemAtMark(list("  - { name: a, sql: SELECT 1 }\n  - { name: ▸a, sql: SELECT 2 }\n")).message).to.match(
      /the name a is taken by datasets\[0\]\.name/,
    );
    expect(problemAtMark(list("  - { name: ▸readings_by_day, sql: SELECT 1 }\n")).message).to.match(
      /a table or dataset of the project's own/,
    );
  });

  it("may not have the name of any of the project's own", () => {
    expect(takenNames).to.include.members(datasets.map(({ name }) => name));
    expect(new Set(takenNames)).to.have.property("size", takenNames.length);
  });

  it("has a name that its schedule can be named by", () => {
    const name = "a".repeat(64 - "metercast_test_".length);
    const scheduled = (text: string) => list(`  - { name: ${text}, sql: SELECT 1, schedule: rate(1 day) }\n`);
    expect(environmentOf(scheduled(name)).datasets).to.have.length(1);
    expect(problemAtMark(scheduled(`▸${name}a`)).message).to.match(/its schedule would be .*64 characters.*by 1$/);
  });

  it("has either SQL or a file", () => {
    expect(problemAtMark(list("  - ▸name: mine\n")).message).to.match(/has neither sql nor file/);
    expect(problemAtMark(list("  - { name: mine, sql: SELECT 1, ▸file: a.sql }\n")).message).to.match(
      /has sql and file; keep one/,
    );
  });

  it("is one SELECT, whose faults are shown within it", () => {
    expect(problemAtMark(one("▸DROP TABLE readings")).message).to.match(/a dataset is a SELECT.*begins by DROP/);
    expect(problemAtMark(one('"▸-- nothing"')).message).to.match(/holds no SQL/);
    expect(problemAtMark(one("SELECT 1▸; SELECT 2")).message).to.match(/a second statement/);
    expect(problemAtMark(one("SELECT ▸(1 AS a")).message).to.match(/bracket is not closed/);
    expect(problemAtMark(one("SELECT 1▸) AS a")).message).to.match(/closes nothing/);
    expect(problemAtMark(one("SELECT ▸'it AS a")).message).to.match(/text in '...' has no end/);
    expect(problemAtMark(one("SELECT 1 ▸/* one")).message).to.match(/comment has no end/);
  });

  it("may begin by WITH, end by a semicolon, and hold what looks like a fault in texts, names and comments", () => {
    const sql = `>-
      WITH a AS (SELECT 'it''s; (:x' AS "b;(" /* ; :y ( */ FROM readings
      WHERE "timestamp" >= CAST(:from AS timestamp) AND dt < :to)
      SELECT * FROM a;`;
    expect(environmentOf(one(sql)).datasets).to.have.length(1);
  });

  it("has :from and :to for parameters, and no others", () => {
    expect(problemAtMark(one("SELECT * FROM readings WHERE dt >= ▸:fom")).message).to.equal(
      "there is no parameter :fom; did you mean from?; there are :from and :to",
    );
  });

  it("has a schedule whose fault is shown within it", () => {
    const scheduled = list("  - { name: mine, sql: SELECT 1, schedule: rate(1 ▸days) }\n");
    expect(problemAtMark(scheduled).message).to.equal("must be written rate(1 day)");
  });

  it("has a window of days that one query can write", () => {
    const window = (text: string) => list(`  - { name: mine, sql: SELECT 1, window: ${text} }\n`);
    expect(environmentOf(window("60 days")).datasets[0]?.windowDays).to.equal(60);
    expect(problemAtMark(window("▸61 days")).message).to.match(/1 day to 60 days/);
    expect(problemAtMark(window("▸2 weeks")).message).to.match(/a number of days, such as 2 days/);
  });

  describe("has a delivery's key", () => {
    const deliver = (key: string) => list(`  - { name: mine, sql: SELECT 1, deliver: "${key}" }\n`);

    it("of the schedule's time and the version, with the nearest name for a typo", () => {
      expect(problemAtMark(deliver("dataset/mine/▸!{sheduleTime}/a.csv")).message).to.match(
        /there is no !\{sheduleTime\}; did you mean scheduleTime\?/,
      );
      expect(problemAtMark(deliver("dataset/mine/▸!{iotanalytics:versionId}.csv")).message).to.match(
        /write !\{versionId\}/,
      );
      expect(problemAtMark(deliver("dataset/mine/▸!{versionId.csv")).message).to.match(/no closing bracket/);
    });

    it("in the deliveries' folder, and nowhere among the lake's own", () => {
      expect(problemAtMark(deliver("▸readings/!{versionId}.csv")).message).to.match(/must begin by dataset\//);
      expect(
        problemAtMark(list(`  - { name: mine, sql: SELECT 1, deliver: ▸"dataset/../readings/a.csv" }\n`)).message,
      ).to.match(/no empty or dotted folder/);
    });

    it("that says its format", () => {
      expect(problemAtMark(deliver("dataset/mine/▸!{versionId}.json")).message).to.match(/\.csv or \.parquet/);
      expect(environmentOf(deliver("dataset/mine/!{versionId}.parquet")).datasets).to.have.length(1);
    });
  });

  describe("in a file", () => {
    const folder = mkdtempSync(join(tmpdir(), "metercast-sql-"));
    const checked = (file: string) =>
      checkEnvironment(list(`  - { name: mine, file: ${file} }\n`), join(folder, "test.yaml"));
    before(() => {
      writeFileSync(join(folder, "use.sql"), "SELECT *\nFROM readings\n");
      writeFileSync(join(folder, "bad.sql"), "SELECT *\nFROM (readings\n");
    });
    after(() => rmSync(folder, { recursive: true }));

    it("has the file's text", () => {
      expect(checked("use.sql").environment?.datasets[0]?.sql).to.equal("SELECT *\nFROM readings\n");
    });

    it("is told at its line where the file is not there, and by the file's own where that is faulty", () => {
      const [missing] = checked("none.sql").problems;
      expect(missing).to.deep.include({
        path: "datasets[0].file",
        message: `there is no file ${join(folder, "none.sql")}`,
      });
      expect(checked("bad.sql").problems[0]?.message).to.equal(
        `${join(folder, "bad.sql")}:2:6: this bracket is not closed`,
      );
    });
  });
});
