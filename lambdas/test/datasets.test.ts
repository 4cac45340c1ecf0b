import { expect } from "chai";
import fc from "fast-check";
import { deliveryKey } from "../datasets/delivery-key.ts";
import type { Parameter } from "../datasets/dataset.ts";
import { literal, type ParameterValue } from "../datasets/literal.ts";
import { parametersIn, render } from "../datasets/render.ts";
import { select, unload } from "../datasets/statement.ts";

function written(type: Parameter["type"], value: ParameterValue): string {
  return literal({ name: "p", type }, value);
}

function refused(type: Parameter["type"], ...values: unknown[]): void {
  for (const value of values) {
    expect(() => written(type, value as ParameterValue), JSON.stringify(value))
      .to.throw(/^The parameter :p must be /)
      .with.property("name", "InvalidParameter");
  }
}

describe("A parameter's value", () => {
  it("is a date of the calendar", () => {
    expect(written("date", "2018-12-03")).to.equal("DATE '2018-12-03'");
    refused("date", "2018-02-30", "2018-13-01", "2018-12-3", "' OR 1 = 1 --", "2018-12-03T00:00:00Z", 20181203, null);
  });

  it("is an instant in UTC, to the millisecond", () => {
    expect(written("timestamp", "2018-12-03T10:00:00Z")).to.equal("TIMESTAMP '2018-12-03 10:00:00.000'");
    expect(written("timestamp", "2018-12-03T10:00:00.123Z")).to.equal("TIMESTAMP '2018-12-03 10:00:00.123'");
    refused(
      "timestamp",
      "2018-12-03 10:00:00",
      "2018-12-03T10:00:00",
      "2018-12-03T25:00:00Z",
      "2018-02-30T10:00:00Z",
      0,
    );
  });

  it("is a number, and written so that it is no decimal and no operator comes of its sign", () => {
    expect(written("integer", 12)).to.equal("12");
    expect(written("integer", -12)).to.equal("(-12)");
    expect(written("double", 0.25)).to.equal("0.25E0");
    expect(written("double", 1e-7)).to.equal("1E-7");
    expect(written("double", -3)).to.equal("(-3E0)");
    refused("integer", 1.5, NaN, Infinity, "1", 2 ** 53);
    refused("double", NaN, Infinity, "1");
  });

  it("is a text, whose quotation marks stay within it", () => {
    expect(written("text", 'O\'Hare -- ; "x" :y')).to.equal(`'O''Hare -- ; "x" :y'`);
    refused("text", "a\nb", "a\u0000b", "\ud800", 1, true);
  });

  it("is true or false", () => {
    expect([written("boolean", true), written("boolean", false)]).to.deep.equal(["TRUE", "FALSE"]);
    refused("boolean", "true", 1);
  });

  it("is a list of columns, quoted", () => {
    expect(written("columns", ["timestamp", 'a"b'])).to.equal('"timestamp", "a""b"');
    refused("columns", [], [""], ["a", "a"], "a", ["a\nb"], [1]);
  });

  it("is rows of values, each of its type", () => {
    const type = { rows: ["integer", "text"] as const };
    expect(
      written({ rows: [...type.rows] }, [
        [0, "a"],
        [1, "b'c"],
      ]),
    ).to.equal("VALUES (0, 'a'), (1, 'b''c')");
    refused({ rows: [...type.rows] }, [], [[0]], [["0", "a"]], [[0, "a", 1]], [0], "rows", [[0, null]]);
  });

  it("whatever the text, is one literal", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        let sql: string;
        try {
          sql = written("text", text);
        } catch {
          return;
        }
        expect(/^'(?:[^']|'')*'$/.test(sql)).to.equal(true);
        expect(sql.slice(1, -1).replaceAll("''", "'")).to.equal(text);
      }),
    );
  });
});

describe("A dataset's SQL", () => {
  const parameters: Parameter[] = [
    { name: "city", type: "text" },
    { name: "from", type: "date" },
  ];
  const dataset = {
    name: "d",
    parameters,
    sql: "-- name: d\n--\n-- about :city\nSELECT ':city', \":from\" /* :from */ -- :from\nFROM t WHERE c = :city AND dt >= :from;\n",
  };

  it("has values where its parameters stood, and in no text, quoted name or comment; without header and semicolon", () => {
    expect(render(dataset, { city: "a:from", from: "2018-12-03" })).to.equal(
      "SELECT ':city', \":from\" /* :from */ -- :from\nFROM t WHERE c = 'a:from' AND dt >= DATE '2018-12-03'",
    );
  });

  it("tells which parameters it names", () => {
    expect(parametersIn(dataset.sql)).to.deep.equal(["city", "from"]);
  });

  it("lacks no value, and is given none that it does not have", () => {
    expect(() => render(dataset, { city: "a" })).to.throw(
      "Dataset d: the parameter :from has no value. It has :city, :from.",
    );
    expect(() => render(dataset, { city: "a", from: "2018-12-03", to: "x" })).to.throw("there is no parameter :to");
    expect(() => render({ ...dataset, parameters: [] }, {})).to.throw("its SQL names :city, which is not declared");
    expect(() => render(dataset, { city: "a", from: "2018-12-03", toString: 1 })).to.throw(
      "there is no parameter :toString",
    );
  });
});

describe("A statement", () => {
  it("that unloads writes below a folder of its attempt, split by day where that is asked", () => {
    const { before, after } = unload("SELECT 1 AS dt -- one", "lake", "datasets/use/versions/v/0", "by day");
    expect(`${before}2${after}`).to.equal(
      "UNLOAD (\nSELECT 1 AS dt -- one\n) TO 's3://lake/datasets/use/versions/v/0-2/' WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])",
    );
    expect(unload("SELECT 1", "lake", "a'b", "whole").before).to.match(/'s3:\/\/lake\/a''b-$/);
    expect(unload("SELECT 1", "lake", "a", "whole").after).not.to.include("partitioned_by");
  });

  it("that selects is the same whatever the attempt", () => {
    const { before, after } = select("SELECT 1 -- one");
    expect(`${before}3${after}`).to.equal("SELECT 1 -- one\n-- attempt 3");
  });
});

describe("A delivery's key", () => {
  const moment = { scheduleTime: "2018-12-16T00:00:00Z", versionId: "20181216T000000000Z-run" };

  it("has the schedule's time and the version filled in, and says the format", () => {
    expect(deliveryKey("dataset/use/!{scheduleTime}/!{versionId}.csv", moment)).to.deep.equal({
      key: "dataset/use/2018-12-16T00:00:00Z/20181216T000000000Z-run.csv",
      format: "csv",
    });
    expect(deliveryKey("dataset/use/latest.parquet", moment).format).to.equal("parquet");
  });

  it("is refused where it would be none, or lie among the lake's own folders", () => {
    const refuse = (template: string, message: RegExp) =>
      expect(() => deliveryKey(template, moment))
        .to.throw(message)
        .with.property("name", "InvalidKey");
    refuse("dataset/use/!{version}.csv", /!\{version\} is not known: there are !\{scheduleTime\} and !\{versionId\}/);
    refuse("dataset/use/!{versionId.csv", /is not known/);
    refuse("dataset/use/!{toString}.csv", /is not known/);
    refuse("datasets/use/current/manifest.csv", /must begin by dataset\//);
    refuse("dataset/use.json", /must end in \.csv or \.parquet/);
    refuse("dataset/../readings/a.csv", /dotted folder/);
    refuse("dataset//a.csv", /empty or dotted folder/);
    refuse("dataset/a b.csv", /space/);
    refuse(`dataset/${"a".repeat(1100)}.csv`, /1112 characters; S3 takes 1024/);
  });
});
