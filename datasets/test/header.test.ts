import { expect } from "chai";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parseHeader } from "../header.ts";
import { columnsOf, dataset, readDatasets, teamDataset } from "../index.ts";

const header = [
  "-- name: use",
  "-- what: Use of a day,",
  "--   in the unit of the meter type.",
  "-- parameters: from date, to date, zones rows(text, text)",
  "-- trigger: readings_by_day",
  "-- delta: touched days",
  "-- reach: 1 before, 2 after",
  "-- stored: by day",
  "-- keep: 5 days, 3 versions",
  "-- column: meter int, the code, 0 to 3",
  "-- column: :reading_columns",
];
const body = "SELECT 1 AS meter FROM (:zones) AS t WHERE dt >= :from AND dt < :to AND x <> ':no' -- :no";

function parsed(change: (lines: string[]) => string[] = (lines) => lines) {
  return parseHeader([...change([...header]), body].join("\n"), "datasets/use.sql");
}

/** With a line in the place of the one that begins by the same key. */
function withLine(line: string) {
  const key = line.slice(0, line.indexOf(":") + 1);
  return () => parsed((lines) => lines.map((one) => (one.startsWith(key) ? line : one)));
}

describe("A dataset's header", () => {
  it("says how the dataset is kept up to date", () => {
    expect(parsed()).to.deep.equal({
      name: "use",
      what: "Use of a day, in the unit of the meter type.",
      parameters: [
        { name: "from", type: "date" },
        { name: "to", type: "date" },
        { name: "zones", type: { rows: ["text", "text"] } },
      ],
      trigger: { on: "dataset", name: "readings_by_day" },
      delta: { of: "touched days" },
      reach: { before: 1, after: 2 },
      stored: "by day",
      keep: { days: 5, versions: 3 },
      columns: [{ name: "meter", type: "int", comment: "the code, 0 to 3" }, { listedBy: "reading_columns" }],
    });
  });

  it("ends at a line of dashes alone; what follows is comment", () => {
    expect(parsed((lines) => [...lines, "--", "-- Not: a key"]).name).to.equal("use");
  });

  it("is told wrong by file and line", () => {
    expect(withLine("-- name: Use It")).to.throw(
      'datasets/use.sql:1: "name" must be lower-case letters, digits and _, not "Use It"',
    );
    expect(withLine("-- trigger: every day")).to.throw(/^datasets\/use\.sql:5: "trigger" must be arrivals/);
    expect(withLine("-- delta: 2 weeks")).to.throw(/^datasets\/use\.sql:6: "delta" must be/);
    expect(withLine("-- reach: 1")).to.throw(/^datasets\/use\.sql:7: "reach" must be such as: 1 before, 13 after/);
    expect(withLine("-- stored: hourly")).to.throw(/^datasets\/use\.sql:8: "stored" must be by day, whole or no/);
    expect(withLine("-- keep: forever")).to.throw(/^datasets\/use\.sql:9: "keep" must be/);
    expect(withLine("-- column: meter varchar")).to.throw(
      /^datasets\/use\.sql:10: "column" must be .*one of int, bigint/,
    );
  });

  it("has known keys only, and those that it needs", () => {
    expect(() => parsed((lines) => [...lines, "-- owner: me"])).to.throw(
      /^datasets\/use\.sql:12: there is no "owner"; there are name/,
    );
    expect(() => parsed((lines) => lines.filter((line) => !line.startsWith("-- trigger")))).to.throw(
      'the header has no "trigger"',
    );
    expect(() => parsed((lines) => [...lines, "-- name: again"])).to.throw(
      /^datasets\/use\.sql:12: "name" stands twice/,
    );
    expect(() => parsed((lines) => [...lines, "--name: use"])).to.throw(
      /^datasets\/use\.sql:12: a line of the header is/,
    );
  });

  it("declares the parameters that the SQL names, and no others; colons in texts and comments are none", () => {
    expect(withLine("-- parameters: from date, zones rows(text, text)")).to.throw(
      /^datasets\/use\.sql:4: the SQL names :to/,
    );
    expect(withLine("-- parameters: from date, to date, zones rows(text, text), city text")).to.throw(
      /^datasets\/use\.sql:4: the SQL does not name the parameter :city/,
    );
    expect(withLine("-- parameters: from date, to date, zones rows()")).to.throw(
      /^datasets\/use\.sql:4: "parameters" must be/,
    );
    expect(withLine("-- parameters: from date, from date")).to.throw(/"parameters" must be/);
    expect(withLine("-- parameters: from day")).to.throw(/"parameters" must be/);
  });

  it("delivers only what is not stored by day", () => {
    expect(() => parsed((lines) => [...lines, "-- deliver: dataset/use/!{versionId}.csv"])).to.throw(
      /^datasets\/use\.sql:12: a dataset that is stored by day is not delivered/,
    );
  });
});

describe("A folder of datasets", () => {
  it("has files that are called as their datasets", () => {
    const folder = mkdtempSync(join(tmpdir(), "datasets-"));
    try {
      writeFileSync(join(folder, "other.sql"), [...header, body].join("\n"));
      expect(() => readDatasets(pathToFileURL(`${folder}/`))).to.throw(
        /^datasets\/other\.sql:1: the dataset is called use/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe("The project's datasets", () => {
  it("are found by name", () => {
    expect(dataset("monitor").name).to.equal("monitor");
    expect(() => dataset("monitors")).to.throw(/no dataset monitors; there are .*monitor/);
  });

  it("have the columns of an environment's tables where they list them", () => {
    const own = [{ name: "kwh", type: "double" }] as const;
    expect(columnsOf(dataset("readings_by_day"), { reading_columns: own })).to.deep.equal(own);
    expect(() => columnsOf(dataset("readings_by_day"), {})).to.throw(/columns :reading_columns, which were not given/);
  });
});

describe("A team's own dataset", () => {
  const team = { name: "own", sql: "SELECT * FROM readings WHERE dt >= :from", windowDays: 2, keep: { days: 90 } };

  it("asks for the dates that its SQL names, over its window", () => {
    const made = teamDataset(team);
    expect(made.parameters).to.deep.equal([{ name: "from", type: "date" }]);
    expect(made.delta).to.deep.equal({ of: "days", days: 2 });
    expect(made.trigger).to.deep.equal({ on: "demand" });
    expect(made).not.to.have.property("deliver");
  });

  it("is made by its schedule, and delivered", () => {
    const made = teamDataset({ ...team, schedule: "rate(1 day)", deliver: "dataset/own/!{versionId}.csv" });
    expect(made.trigger).to.deep.equal({ on: "schedule" });
    expect(made.deliver).to.equal("dataset/own/!{versionId}.csv");
  });
});
