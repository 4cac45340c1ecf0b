import { expect } from "chai";
import fc from "fast-check";
import { value } from "./message.ts";

/** One value of each type, as an expression. */
const samples = [
  "5",
  "-1.5",
  "true",
  "'abc'",
  "'-1.5'",
  "'5E-1'",
  "'TRUE'",
  "[1,'a']",
  "{'a':null}",
  "NULL",
  "missing",
];

function table(conversion: (sample: string) => string): (string | undefined)[] {
  return samples.map((sample) => value(conversion(sample)));
}

describe("a conversion", () => {
  it("to Decimal takes numbers and texts of numbers", () => {
    expect(table((sample) => `abs(${sample})`)).to.deep.equal(["5", "1.5", "", "", "1.5", "0.5", "", "", "", "", ""]);
  });

  it("to Boolean takes Booleans and their texts in any case", () => {
    expect(table((sample) => `NOT ${sample}`)).to.deep.equal(["", "", "false", "", "", "", "false", "", "", "", ""]);
  });

  it("to String takes all but Null and Undefined", () => {
    expect(table((sample) => `'' + ${sample}`)).to.deep.equal(
      ["5", "-1.5", "true", "abc", "-1.5", "5E-1", "TRUE", '[1,"a"]', '{"a":null}']
        .map((text) => JSON.stringify(text))
        .concat("", ""),
    );
  });

  it("to Int rounds a Decimal to the nearest and cuts a String", () => {
    expect(value("get(['a','b','c'], 1.5)")).to.equal('"c"');
    expect(value("get(['a','b','c'], '1.5')")).to.equal('"b"');
    expect(value("get(['a','b','c'], 0.4)")).to.equal('"a"');
  });

  it("takes text for a number only if it is one by the documented pattern", () => {
    for (const text of ["0", "-1.2", "5E-12", "5e3", "007"]) expect(value(`abs('${text}')`), text).not.to.equal("");
    for (const text of ["", " 1", "+1", ".5", "5.", "1e+3", "0x10", "1_000", "Infinity", "NaN", "١"]) {
      expect(value(`abs('${text}')`), text).to.equal("");
    }
  });
});

describe("cast()", () => {
  it("goes by its tables, Booleans to numbers and back, Null to Undefined", () => {
    expect(table((sample) => `cast(${sample} AS Int)`)).to.deep.equal([
      "5",
      "-2",
      "1",
      "",
      "-2",
      "0",
      "",
      "",
      "",
      "",
      "",
    ]);
    expect(table((sample) => `cast(${sample} AS Decimal)`)).to.deep.equal([
      "5",
      "-1.5",
      "1",
      "",
      "-1.5",
      "0.5",
      "",
      "",
      "",
      "",
      "",
    ]);
    expect(table((sample) => `cast(${sample} AS Boolean)`)).to.deep.equal([
      "true",
      "true",
      "true",
      "",
      "",
      "",
      "true",
      "",
      "",
      "",
      "",
    ]);
    expect(value("cast(0 AS Bool)")).to.equal("false");
    expect(value("cast(0.0 AS Bool)")).to.equal("false");
    expect(value("cast(NULL AS String)")).to.equal("");
    expect(value("cast([1] AS Text)")).to.equal('"[1]"');
  });

  it("to Double has double precision", () => {
    expect(value("cast('0.12345678901234567890' AS Double)")).to.equal("0.12345678901234568");
    expect(value("cast('0.12345678901234567890' AS Decimal)")).to.equal("0.1234567890123456789");
    expect(value("cast('1E400' AS Double)")).to.equal("");
  });

  it("takes every documented name of a type", () => {
    for (const type of ["String", "Nvarchar", "Text", "Ntext", "varchar"])
      expect(value(`cast(1 as ${type})`)).to.equal('"1"');
    for (const type of ["Int", "INTEGER", "Double", "Decimal"]) expect(value(`cast('1' as ${type})`)).to.equal("1");
  });
});

describe("the conversions of any value", () => {
  const json = fc.jsonValue({ maxDepth: 3 });

  it("give the JSON back that came", () => {
    fc.assert(
      fc.property(json, (payload) => {
        expect(JSON.parse(value("v", { v: payload }) ?? "")).to.deep.equal(JSON.parse(JSON.stringify(payload)));
      }),
    );
  });

  it("to String and back to Decimal keep every number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (number) => {
        expect(value("abs(cast(v AS String))", { v: Math.abs(number) })).to.equal(value("v", { v: Math.abs(number) }));
      }),
    );
  });

  it("never make Undefined equal to anything, and make any other value equal to itself", () => {
    fc.assert(
      fc.property(json, (payload) => {
        expect(value("a = b", { a: payload, b: payload })).to.equal("true");
        expect(value("a <> b", { a: payload, b: payload })).to.equal("false");
        expect(value("a = missing", { a: payload })).to.equal("");
      }),
    );
  });

  it("make isUndefined() and isNull() say what came", () => {
    fc.assert(
      fc.property(json, (payload) => {
        expect(value("isUndefined(v)", { v: payload })).to.equal("false");
        expect(value("isNull(v)", { v: payload })).to.equal(String(payload === null));
      }),
    );
  });

  it("leave nothing but Booleans or Undefined to a logical or a comparing operator", () => {
    fc.assert(
      fc.property(json, json, fc.constantFrom("AND", "OR", "=", "<>", "<", "<=", ">", ">="), (a, b, operator) => {
        expect(["true", "false", ""]).to.include(value(`a ${operator} b`, { a, b }));
      }),
    );
  });

  it("leave nothing but numbers or Undefined to arithmetic", () => {
    fc.assert(
      fc.property(json, json, fc.constantFrom("-", "*", "/", "%"), (a, b, operator) => {
        expect(value(`a ${operator} b`, { a, b })).to.match(/^(-?\d+(\.\d+)?(E-?\d+)?)?$/);
      }),
    );
  });
});
