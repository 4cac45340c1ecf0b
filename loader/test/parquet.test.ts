import { expect } from "chai";
import { parquetWriteBuffer } from "hyparquet-writer";
import type { ColumnSource } from "hyparquet-writer";
import { localToUtc, zoneClock } from "../generator/calendar.ts";
import { openFile } from "../sources/file.ts";
import { readRegister } from "../sources/register.ts";
import type { Batch, Kind } from "../sources/source.ts";
import { stampReader } from "../sources/stamps.ts";
import type { TimeZoneOption } from "../sources/stamps.ts";
import { addresses } from "../sources/topics.ts";
import { all, city, environment, fileIn, inFolder, topics } from "./builders.ts";

function parquet(columns: ColumnSource[], rowGroupSize = 1000): Uint8Array {
  return new Uint8Array(parquetWriteBuffer({ columnData: columns, rowGroupSize }));
}

const columns: Record<string, ColumnSource> = {
  building_id: { name: "building_id", data: [106, 106, 200], type: "INT32" },
  meter: { name: "meter", data: [0, 2, 0], type: "INT32" },
  timestamp: { name: "timestamp", data: [1544065200000n, 1544068800000n, 1544065200000n], type: "INT64" },
  meter_reading: { name: "meter_reading", data: [1.5, 2, 3.25], type: "DOUBLE" },
};

/** Of an environment with sites 1, 2 (buildings 105 to 290) and 14, whose meters' clocks are on UTC. */
async function batchesOf(file: string, kind: Kind, timeZone: TimeZoneOption = "UTC", from = 0): Promise<Batch[]> {
  const known = addresses(environment([city(1), city(2), city(14)]), topics, [], undefined);
  const accepted = { from: 0, to: Date.UTC(2030, 0, 1) };
  const source = await openFile({ file, kind, addresses: known, timeZone, batchSize: 100, accepted });
  return all(source.batches(from));
}

async function stampsOf(
  folder: string,
  data: unknown[],
  timeZone: TimeZoneOption,
  buildings = [200, 200, 200],
): Promise<number[]> {
  const type = typeof data[0] === "string" ? ("STRING" as const) : ("TIMESTAMP" as const);
  const file = fileIn(
    folder,
    "stamps.parquet",
    parquet([
      { name: "building_id", data: buildings.slice(0, data.length), type: "INT32" },
      { name: "meter", data: data.map(() => 0), type: "INT32" },
      { name: "timestamp", data, type },
      { name: "meter_reading", data: data.map(() => 1), type: "DOUBLE" },
    ]),
  );
  const [batch] = await batchesOf(file, "readings", timeZone);
  return (batch?.texts ?? []).map((text) => (JSON.parse(text) as { timestamp: number }).timestamp);
}

describe("a Parquet file", () => {
  it(
    "gives its rows as messages with the fields of their kind, to the topic of the building's city",
    inFolder(async (folder) => {
      const extra: ColumnSource = { name: "remark", data: ["a", "b", "c"], type: "STRING" };
      const file = fileIn(folder, "a.parquet", parquet([...Object.values(columns), extra]));
      const [batch] = await batchesOf(file, "readings");
      expect(batch?.texts).to.deep.equal([
        '{"building_id":106,"meter":0,"timestamp":1544065200000,"meter_reading":1.5}',
        '{"building_id":106,"meter":2,"timestamp":1544068800000,"meter_reading":2}',
        '{"building_id":200,"meter":0,"timestamp":1544065200000,"meter_reading":3.25}',
      ]);
      expect(batch?.topics).to.deep.equal([
        "metercast/test/City1/meter/electricity",
        "metercast/test/City1/meter/steam",
        "metercast/test/City2/meter/electricity",
      ]);
    }),
  );

  it(
    "is read a row group at a time, from any row",
    inFolder(async (folder) => {
      const count = 2500;
      const data = (of: (i: number) => number): number[] => Array.from({ length: count }, (_, i) => of(i));
      const file = fileIn(
        folder,
        "a.parquet",
        parquet([
          { name: "building_id", data: data(() => 106), type: "INT32" },
          { name: "meter", data: data(() => 0), type: "INT32" },
          { name: "timestamp", data: data((i) => i * 3_600_000).map(BigInt), type: "INT64" },
          { name: "meter_reading", data: data((i) => i), type: "DOUBLE" },
        ]),
      );
      const whole = await batchesOf(file, "readings");
      expect(whole.flatMap(({ times }) => times)).to.deep.equal(data((i) => i * 3_600_000));
      expect(await batchesOf(file, "readings", "UTC", 1500)).to.deep.equal(
        whole.slice(whole.findIndex(({ next }) => next === 1500) + 1),
      );
    }),
  );

  it(
    "has rows without a value, or with one that is no number, left out",
    inFolder(async (folder) => {
      const values: ColumnSource = { name: "meter_reading", data: [1, null, Number.NaN], type: "DOUBLE" };
      const file = fileIn(folder, "a.parquet", parquet([...Object.values({ ...columns, meter_reading: values })]));
      const [batch] = await batchesOf(file, "readings");
      expect(batch?.texts).to.have.length(1);
      expect(batch?.leftOut.map(({ record, message }) => `${String(record)}: ${message}`)).to.deep.equal([
        "2: meter_reading is missing",
        "3: meter_reading is NaN; a number is needed",
      ]);
    }),
  );

  it(
    "that lacks a column is refused with the columns that it needs and has",
    inFolder(async (folder) => {
      const { meter, ...others } = columns;
      expect(meter).not.to.be.undefined;
      const file = fileIn(folder, "a.parquet", parquet(Object.values(others)));
      let message = "";
      await batchesOf(file, "readings").catch((error: unknown) => (message = (error as Error).message));
      expect(message).to.match(
        /has no column meter: readings need building_id, meter, timestamp, meter_reading\. It has building_id, timestamp/,
      );
    }),
  );

  it(
    "may be of weather, with nulls",
    inFolder(async (folder) => {
      const file = fileIn(
        folder,
        "a.parquet",
        parquet([
          { name: "site_id", data: [1, 9], type: "INT32" },
          { name: "timestamp", data: [new Date(1543798800000), new Date(1543802400000)], type: "TIMESTAMP" },
          { name: "air_temperature", data: [25, null], type: "DOUBLE" },
        ]),
      );
      const [batch] = await batchesOf(file, "weather", "city");
      expect(batch?.texts).to.deep.equal([
        '{"site_id":1,"timestamp":1543798800000,"air_temperature":25}',
        '{"site_id":9,"timestamp":1543802400000,"air_temperature":null}',
      ]);
      expect(batch?.topics[1]).to.equal("metercast/test/site-9/weather");
    }),
  );

  it(
    "that is damaged is one sentence",
    inFolder(async (folder) => {
      const whole = parquet(Object.values(columns));
      const file = fileIn(folder, "a.parquet", whole.subarray(0, whole.length - 20));
      let message = "";
      await batchesOf(file, "readings").catch((error: unknown) => (message = (error as Error).message));
      expect(message).to.match(/^Cannot read .*a\.parquet as Parquet: /);
    }),
  );
});

describe("stamps", () => {
  const texts = ["2016-07-01 12:00:00", "2016-07-01T12:00:00Z", "2016-07-01T12:00:00-07:00"];
  const noon = Date.UTC(2016, 6, 1, 12);
  const hour = 3_600_000;

  it(
    "without a zone are UTC, or their city's wall clock",
    inFolder(async (folder) => {
      expect(await stampsOf(folder, texts, "UTC")).to.deep.equal([noon, noon, noon + 7 * hour]);
      // Phoenix is seven hours behind all the year.
      expect(await stampsOf(folder, texts, "city")).to.deep.equal([noon + 7 * hour, noon, noon + 7 * hour]);
    }),
  );

  it(
    "of a site whose meters' clocks are on UTC stay as they are",
    inFolder(async (folder) => {
      expect(await stampsOf(folder, [texts[0]], "city", [1230])).to.deep.equal([noon]);
    }),
  );

  it(
    "of a column that is adjusted to UTC are UTC whatever the option",
    inFolder(async (folder) => {
      expect(await stampsOf(folder, [new Date(noon)], "city")).to.deep.equal([noon]);
    }),
  );

  it("that are no times are told so", () => {
    const read = stampReader("UTC");
    expect(read("yesterday", true, undefined)).to.deep.equal({
      problem: 'timestamp is "yesterday"; 2018-12-03T01:00:00Z is a valid form',
    });
    expect(read("2016-02-30 00:00", true, undefined)).to.have.property("problem");
    expect(read("2016-02-29 24:00", true, undefined)).to.have.property("problem");
    expect(read("2016-02-29", true, undefined)).to.equal(Date.UTC(2016, 1, 29));
    expect(stampReader("city")(noon, true, undefined)).to.have.property("problem");
  });

  it("on a wall clock become UTC: the first of two in autumn, by the offset before the change in the gap in spring", () => {
    const cases: [string, string, string][] = [
      ["America/New_York", "2016-03-13T02:00:00", "2016-03-13T07:00:00Z"],
      ["America/New_York", "2016-03-13T01:00:00", "2016-03-13T06:00:00Z"],
      ["America/New_York", "2016-11-06T01:00:00", "2016-11-06T05:00:00Z"],
      ["America/New_York", "2016-11-06T02:00:00", "2016-11-06T07:00:00Z"],
      ["Europe/London", "2016-03-27T01:00:00", "2016-03-27T01:00:00Z"],
      ["Europe/London", "2016-10-30T01:00:00", "2016-10-30T00:00:00Z"],
      ["America/Phoenix", "2016-03-13T02:00:00", "2016-03-13T09:00:00Z"],
      ["Asia/Kolkata", "2018-10-07T02:15:00", "2018-10-06T20:45:00Z"],
      ["Australia/Lord_Howe", "2018-10-07T02:15:00", "2018-10-06T15:45:00Z"],
    ];
    for (const [zone, local, utc] of cases) {
      expect(localToUtc(zoneClock(zone), Date.parse(`${local}Z`)), `${zone} ${local}`).to.equal(Date.parse(utc));
    }
  });
});

describe("a register of buildings", () => {
  const header = "building_id,site_id,primary_use,square_feet,year_built,floor_count,meters";
  const expected = [
    {
      building_id: 1,
      site_id: 0,
      primary_use: "Food, sales",
      square_feet: 100.5,
      year_built: 1999,
      floor_count: null,
      meters: [0, 2],
    },
    { building_id: 2, site_id: 0, primary_use: null, square_feet: null, year_built: null, floor_count: 3 },
  ];

  it(
    "is read from CSV",
    inFolder(async (folder) => {
      const csv = `${header}\r\n1,0,"Food, sales",100.5,1999,,0+2\r\n2,0,,,,3,\r\n`;
      expect(await readRegister(fileIn(folder, "b.csv", csv))).to.deep.equal(expected);
    }),
  );

  it(
    "is read from JSON and Parquet",
    inFolder(async (folder) => {
      expect(await readRegister(fileIn(folder, "b.json", JSON.stringify(expected)))).to.deep.equal(expected);
      const file = parquet([
        { name: "building_id", data: [1n, 2n], type: "INT64" },
        { name: "site_id", data: [0, 0], type: "INT32" },
        { name: "primary_use", data: ["Food, sales", null], type: "STRING" },
        { name: "square_feet", data: [100.5, null], type: "DOUBLE" },
        { name: "year_built", data: [1999, null], type: "INT32" },
        { name: "floor_count", data: [null, 3], type: "INT32" },
        { name: "meters", data: ["0+2", null], type: "STRING" },
      ]);
      expect(await readRegister(fileIn(folder, "b.parquet", file))).to.deep.equal(expected);
    }),
  );

  it(
    "with a fault is refused with its position",
    inFolder(async (folder) => {
      const cases: [string, RegExp][] = [
        [`${header}\n1,x,,,,,`, /b\.csv, line 2: site_id is "x"; a number is needed/],
        [`${header}\n1,,,,,,`, /line 2: site_id is null; a register needs building_id and site_id/],
        [`${header}\n1,0,,,,,\n1,0,,,,,`, /line 3: building 1 occurs a second time/],
        [`${header}\n1,0,,,,,0+9`, /line 2: meters are "0\+9"/],
        [`${header}\n1,0,"a,,,`, /line 2: a quotation mark/],
        [header, /has no buildings/],
      ];
      for (const [content, pattern] of cases) {
        let message = "";
        await readRegister(fileIn(folder, "b.csv", content)).catch(
          (error: unknown) => (message = (error as Error).message),
        );
        expect(message, content).to.match(pattern);
      }
    }),
  );
});
