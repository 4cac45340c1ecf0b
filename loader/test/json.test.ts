import { expect } from "chai";
import { kindOfFile } from "../sources/file.ts";
import { jsonBatches } from "../sources/json-file.ts";
import { jsonRecords } from "../sources/json-records.ts";
import { SourceError } from "../sources/source.ts";
import type { Batch, Kind } from "../sources/source.ts";
import { addresses } from "../sources/topics.ts";
import { all, city, environment, fileIn, inFolder, topics } from "./builders.ts";

const reading = { building_id: 106, meter: 2, timestamp: 1544065200000, meter_reading: 63.1 };
const observation = { site_id: 1, timestamp: 1543798800000, air_temperature: 25, cloud_coverage: null };

async function texts(file: string): Promise<(string | undefined)[]> {
  const found = [];
  for await (const records of jsonRecords(file)) found.push(...records.map(({ text }) => text));
  return found;
}

async function failure(run: Promise<unknown>): Promise<Error> {
  try {
    await run;
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}

/** All batches of a file that is sent to an environment with site 1 alone. */
async function batchesOf(file: string, kind: Kind, from = 0, batchSize = 100): Promise<Batch[]> {
  const known = addresses(environment([city(1)]), topics, [], undefined);
  return all(jsonBatches(jsonRecords, file, kind, known, from, batchSize));
}

describe("a JSON file", () => {
  it(
    "is split into the records of its array, wherever commas, brackets and quotes stand in them",
    inFolder(async (folder) => {
      const records = [{ a: '],[{\\"' }, { b: [1, { c: "é" }] }, 5, "x"];
      const compact = fileIn(folder, "compact.json", JSON.stringify(records));
      expect((await texts(compact)).map((text) => JSON.parse(String(text)) as unknown)).to.deep.equal(records);
      const spread = fileIn(folder, "spread.json", `\uFEFF ${JSON.stringify(records, null, 2)}\n`);
      expect((await texts(spread)).map((text) => JSON.parse(String(text)) as unknown)).to.deep.equal(records);
      expect(await texts(fileIn(folder, "empty.json", "[ ]"))).to.deep.equal([]);
    }),
  );

  it(
    "is read in chunks, so that a record may lie across two of them",
    inFolder(async (folder) => {
      const records = Array.from({ length: 6000 }, (_, i) => ({ i, text: "é".repeat(i % 90) }));
      const file = fileIn(folder, "long.json", JSON.stringify(records));
      expect((await texts(file)).map((text) => JSON.parse(String(text)) as unknown)).to.deep.equal(records);
    }),
  );

  it(
    "that is not a JSON array is refused with line and column",
    inFolder(async (folder) => {
      const cases: [string, RegExp][] = [
        ["hello", /a\.json:1:1: not a JSON array of records: it begins with "h" where \[ is needed/],
        ['\n  {"a": 1}', /a\.json:2:3: .*it begins with "\{"/],
        ["", /a\.json:1:1: .*empty/],
        ['[{"a": 1},\n {"a": ', /a\.json:2:8: .*ends inside record 2, which begins at 2:2/],
        ['[{"a": 1}', /a\.json:1:10: .*ends inside record 1/],
        ['[{"a": 1},', /a\.json:1:11: .*ends without \]/],
        ['[{"a": 1},]', /a\.json:1:11: .*"\]" where a record is needed/],
        ["[1] 2", /a\.json:1:5: .*"2" follows the end/],
      ];
      for (const [content, message] of cases) {
        const error = await failure(texts(fileIn(folder, "a.json", content)));
        expect(error, content).to.be.instanceOf(SourceError);
        expect(error.message, content).to.match(message);
      }
    }),
  );

  it("that is not there, or a folder, is one sentence", async () => {
    expect((await failure(texts("/nowhere/a.json"))).message).to.equal(
      "Cannot read /nowhere/a.json: there is no such file",
    );
    expect((await failure(texts("/"))).message).to.equal("Cannot read /: it is a folder, not a file");
  });

  it(
    "gives each record as it stands, to the topic of its city",
    inFolder(async (folder) => {
      const file = fileIn(
        folder,
        "a.json",
        `[${JSON.stringify(reading)}, {"building_id":300,"site_id":1,"meter":0,"timestamp":1,"meter_reading":1.0}]`,
      );
      const [batch] = await batchesOf(file, "readings");
      expect(batch?.texts).to.deep.equal([
        JSON.stringify(reading),
        '{"building_id":300,"site_id":1,"meter":0,"timestamp":1,"meter_reading":1.0}',
      ]);
      expect(batch?.topics).to.deep.equal([
        "metercast/test/City1/meter/steam",
        "metercast/test/City1/meter/electricity",
      ]);
      expect(batch?.times).to.deep.equal([1544065200000, 1]);
    }),
  );

  it(
    "has its faulty records left out with their positions and reasons, and the rest sent",
    inFolder(async (folder) => {
      const faulty: [string, string][] = [
        ["{broken}", "not JSON"],
        ['{"building_id": NaN}', "not JSON"],
        ["[1]", "not an object"],
        [JSON.stringify({ ...reading, meter: undefined }), "meter is missing"],
        [JSON.stringify({ ...reading, timestamp: null }), "timestamp is missing"],
        [JSON.stringify({ ...reading, meter_reading: "63.1" }), 'meter_reading is the text "63.1"; a number is needed'],
        ['{"building_id":1,"meter":0,"timestamp":1,"meter_reading":1e400}', "meter_reading is Infinity"],
        [JSON.stringify({ ...reading, meter: 4 }), "meter is 4; 0, 1, 2 and 3 are allowed"],
        [JSON.stringify({ ...reading, building_id: 1.5 }), "building_id is 1.5; a whole number is needed"],
        [JSON.stringify({ ...reading, timestamp: "2018-12-03" }), 'timestamp is the text "2018-12-03"'],
        [JSON.stringify({ ...reading, building_id: 1 }), "building 1 belongs to no city of test"],
        [JSON.stringify({ ...reading, more: "x".repeat(140_000) }), "longer than a message may be"],
      ];
      const lines = [JSON.stringify(reading), ...faulty.map(([text]) => text), JSON.stringify(reading)];
      const [batch] = await batchesOf(fileIn(folder, "a.json", `[\n${lines.join(",\n")}\n]`), "readings");
      expect(batch?.texts).to.deep.equal([JSON.stringify(reading), JSON.stringify(reading)]);
      expect(batch?.leftOutCount).to.equal(faulty.length);
      batch?.leftOut.forEach(({ record, line, message }, i) => {
        expect({ record, line }).to.deep.equal({ record: i + 2, line: i + 3 });
        expect(message).to.contain(faulty[i]?.[1]);
      });
    }),
  );

  it(
    "of weather may have nulls and lack values, not site or time",
    inFolder(async (folder) => {
      const records = [
        observation,
        { site_id: 1, timestamp: 5 },
        { ...observation, wind_speed: "x" },
        { timestamp: 5 },
      ];
      const [batch] = await batchesOf(fileIn(folder, "a.json", JSON.stringify(records)), "weather");
      expect(batch?.texts).to.have.length(2);
      expect(batch?.leftOut.map(({ message }) => message)).to.deep.equal([
        'wind_speed is the text "x"; a number is needed',
        "site_id is missing",
      ]);
    }),
  );

  it(
    "gives the same batches from any position that a batch ended at",
    inFolder(async (folder) => {
      const records = Array.from({ length: 10 }, (_, i) => ({ ...reading, meter_reading: i }));
      const file = fileIn(folder, "a.json", JSON.stringify(records));
      const whole = await batchesOf(file, "readings", 0, 4);
      expect(whole.map(({ next }) => next)).to.deep.equal([4, 8, 10]);
      expect(await batchesOf(file, "readings", 4, 4)).to.deep.equal(whole.slice(1));
    }),
  );

  it(
    "is known as readings or weather by its fields",
    inFolder(async (folder) => {
      expect(await kindOfFile(fileIn(folder, "r.json", JSON.stringify([{}, reading])))).to.equal("readings");
      expect(await kindOfFile(fileIn(folder, "w.json", JSON.stringify([observation])))).to.equal("weather");
      const neither = await failure(kindOfFile(fileIn(folder, "n.json", '[{"a": 1}]')));
      expect(neither.message).to.match(/neither readings \(building_id, .*\) nor weather/);
    }),
  );
});

describe("topics", () => {
  it("are those of the site in the record, else of the building's", () => {
    const known = addresses(environment([city(1), city(2)]), topics, [], undefined);
    expect(known.ofReading(106, 0, undefined).topic).to.equal("metercast/test/City1/meter/electricity");
    expect(known.ofReading(106, 0, 2).topic).to.equal("metercast/test/City2/meter/electricity");
    const register = {
      building_id: 106,
      site_id: 2,
      primary_use: null,
      square_feet: null,
      year_built: null,
      floor_count: null,
    };
    const registered = addresses(environment([city(1), city(2)]), topics, [register], undefined);
    expect(registered.ofReading(106, 3, undefined).topic).to.equal("metercast/test/City2/meter/hotwater");
  });

  it("exist for a site that is no city of the environment", () => {
    const known = addresses(environment([city(1)]), topics, [], undefined);
    expect(known.ofWeather(5).topic).to.equal("metercast/test/site-5/weather");
    expect(known.ofReading(700, 0, 5).topic).to.equal("metercast/test/site-5/meter/electricity");
  });

  it("need no city where one topic is for all", () => {
    const one = { meters: { electricity: "all", steam: "all" }, weather: undefined };
    const known = addresses(environment([city(1)]), one, [], undefined);
    expect(known.ofReading(5000, 0, undefined).topic).to.equal("all");
    expect(known.ofReading(5000, 1, undefined).problem).to.match(/test has no single topic for chilledwater/);
    expect(known.ofWeather(1).problem).to.match(/no single topic for weather/);
    const given = addresses(environment([city(1)]), one, [], "given");
    expect(given.ofWeather(1).topic).to.equal("given");
    expect(given.ofReading(5000, 1, undefined).topic).to.equal("given");
  });
});
