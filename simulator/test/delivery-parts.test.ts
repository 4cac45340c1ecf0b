import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { parquetReadObjects } from "hyparquet";
import { splitObjects } from "../delivery/json-records.ts";
import { ParquetObject } from "../delivery/parquet-object.ts";
import { evaluatePrefix, PrefixError } from "../delivery/prefix.ts";
import { temporaryFolder } from "./declare.ts";

const arrival = Date.UTC(2026, 10, 24, 23, 5);

describe("a prefix of objects", () => {
  it("takes the arrival in UTC by a java.time pattern", () => {
    expect(evaluatePrefix("readings/dt=!{timestamp:yyyy-MM-dd}/", arrival)).to.equal("readings/dt=2026-11-24/");
  });

  it("gets year, month, day and hour when it says no time", () => {
    expect(evaluatePrefix("readings/", arrival)).to.equal("readings/2026/11/24/23/");
  });

  it("says which error it is for", () => {
    const prefix = "errors/!{firehose:error-output-type}/!{timestamp:yyyy}/";
    expect(evaluatePrefix(prefix, arrival, "processing-failed")).to.equal("errors/processing-failed/2026/");
  });

  it("refuses what Firehose does not know", () => {
    expect(() => evaluatePrefix("a/!{partitionKeyFromLambda:x}/", arrival)).to.throw(
      PrefixError,
      "partitionKeyFromLambda",
    );
    expect(() => evaluatePrefix("a/!{firehose:error-output-type}/", arrival)).to.throw(
      PrefixError,
      "error-output-type",
    );
  });
});

describe("the objects of a record", () => {
  const split = (text: string) => [...splitObjects(text)];

  it("stand one after the other, with or without white space", () => {
    expect(split('{"a":1}{"b":{"c":2}}\n {"d":3}\n')).to.deep.equal(['{"a":1}', '{"b":{"c":2}}', '{"d":3}']);
  });

  it("may have braces and quotes in their texts", () => {
    expect(split('{"a":"}{"}{"b":"\\"}{"}')).to.deep.equal(['{"a":"}{"}', '{"b":"\\"}{"}']);
  });

  it("are nothing but objects", () => {
    expect(() => split("[{}]")).to.throw(SyntaxError, "character 0");
    expect(() => split('{"a":1')).to.throw(SyntaxError, "no end");
  });
});

describe("a Parquet object", () => {
  const columns = [
    { name: "id", type: "int" },
    { name: "at", type: "timestamp" },
    { name: "value", type: "double" },
    { name: "text", type: "string" },
    { name: "received", type: "bigint" },
  ];
  const rowsOf = async (path: string) => {
    const bytes = readFileSync(path);
    const file = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length);
    return (await parquetReadObjects({ file })) as Record<string, unknown>[];
  };

  it("has the rows with the types of the table; what is absent is null, what has no column is left out", async () => {
    const file = join(temporaryFolder(), "object");
    const object = new ParquetObject(file, columns, "SNAPPY");
    object.add([
      { id: 1, at: 1_544_065_200_000, value: 63.1, text: "ä", received: 5, other: 1 },
      { ID: "2", value: null },
    ]);
    object.finish();
    expect(await rowsOf(file)).to.deep.equal([
      { id: 1, at: new Date(1_544_065_200_000), value: 63.1, text: "ä", received: 5n },
      { id: 2, at: null, value: null, text: null, received: null },
    ]);
  });

  it("takes all objects of a record or none", async () => {
    const file = join(temporaryFolder(), "object");
    const object = new ParquetObject(file, columns, "SNAPPY");
    expect(() => object.add([{ id: 1 }, { id: 1.5 }])).to.throw("id: 1.5 is no int");
    object.add([{ id: 3 }]);
    object.finish();
    expect((await rowsOf(file)).map(({ id }) => id)).to.deep.equal([3]);
  });

  it("holds many row groups", async () => {
    const file = join(temporaryFolder(), "object");
    const object = new ParquetObject(file, columns, "SNAPPY");
    for (let id = 0; id < 150_000; id++) object.add([{ id }]);
    object.finish();
    const rows = await rowsOf(file);
    expect(rows).to.have.length(150_000);
    expect(rows[149_999]).to.include({ id: 149_999 });
  });
});
