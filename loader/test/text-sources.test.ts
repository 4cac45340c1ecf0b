import { expect } from "chai";
import { load } from "../index.ts";
import type { LoadOptions, LoadReport } from "../index.ts";
import { CsvRecords, csvRows } from "../sources/csv.ts";
import { openCsv } from "../sources/csv-file.ts";
import { recordFormatOf } from "../sources/format.ts";
import { all, city, environment, fileIn, inFolder, recordingTarget, topics } from "./builders.ts";

const at = Date.UTC(2018, 11, 3, 1);

async function sent(
  file: string,
  kind: "readings" | "weather",
  changes: Partial<LoadOptions> = {},
): Promise<{ payloads: string[]; topics: string[]; report: LoadReport }> {
  const target = recordingTarget();
  const given = { environment: environment([city(7), city(11)]), topics, target, [kind]: { file }, ...changes };
  const report = await load(given);
  const { messages } = target;
  return { payloads: messages.map(({ payload }) => payload), topics: messages.map(({ topic }) => topic), report };
}

function reading(building_id: number, changes: object = {}): object {
  return { building_id, meter: 0, timestamp: at, meter_reading: 1.5, ...changes };
}

describe("the form of a file of records", () => {
  it(
    "is told by its name's ending, or else by its beginning",
    inFolder((folder) => {
      const forms: [string, string, string][] = [
        ["a.ndjson", "", "ndjson"],
        ["a.JSONL", "[1]", "ndjson"],
        ["a.csv", "x", "csv"],
        ["a.json", '{"a":1}', "json"],
        ["a.csv", "PAR1", "parquet"],
        ["a", '\uFEFF \n{"a":1}', "ndjson"],
        ["a.txt", "[{}]", "json"],
        ["a.txt", 'timestamp,"building_id", meter_reading\n', "csv"],
        ["a.txt", "hello", "json"],
      ];
      for (const [name, content, form] of forms) {
        expect(recordFormatOf(fileIn(folder, name, content)), `${name}: ${content}`).to.equal(form);
      }
      return Promise.resolve();
    }),
  );
});

describe("an NDJSON file", () => {
  it(
    "is sent line by line as it stands, and what cannot be sent is named with its line",
    inFolder(async (folder) => {
      const lines = [
        JSON.stringify(reading(789)),
        "",
        "  {not JSON}",
        JSON.stringify(reading(790, { meter: 9 })),
        "[]",
        ` ${JSON.stringify(reading(791))}\r`,
      ];
      const { payloads, report } = await sent(fileIn(folder, "a.ndjson", `\uFEFF${lines.join("\n")}`), "readings");
      expect(payloads).to.deep.equal([JSON.stringify(reading(789)), JSON.stringify(reading(791))]);
      expect(report.readings).to.deep.equal({ sent: 2, leftOut: 3 });
      expect(report.problems.map(({ record, line }) => [record, line])).to.deep.equal([
        [2, 3],
        [3, 4],
        [4, 5],
      ]);
      expect(report.problems.map(({ message }) => message.slice(0, 10))).to.deep.equal([
        "not JSON: ",
        "meter is 9",
        "not an obj",
      ]);
    }),
  );

  it(
    "may have a line that is not UTF-8 or longer than a message, which alone is left out",
    inFolder(async (folder) => {
      const good = Buffer.from(`${JSON.stringify(reading(789))}\n`);
      const broken = Buffer.from([0x7b, 0xff, 0x7d, 0x0a]);
      const long = Buffer.alloc(3_000_000, "x");
      long[long.length - 1] = 0x0a;
      const file = fileIn(folder, "a.jsonl", Buffer.concat([good, broken, long, good]));
      const { report } = await sent(file, "readings");
      expect(report.readings).to.deep.equal({ sent: 2, leftOut: 2 });
      expect(report.problems.map(({ line, message }) => `${String(line)}: ${message}`)).to.deep.equal([
        "2: not UTF-8",
        "3: longer than a message may be (131072 bytes)",
      ]);
    }),
  );
});

describe("a CSV file", () => {
  it(
    "has readings with the columns of a message, in any order and among others",
    inFolder(async (folder) => {
      const csv = [
        "note,timestamp,meter,building_id,meter_reading",
        `"a, ""b""\nc",2018-12-03 01:00:00,0,789,1.5`,
        `,${String(at)},3,790.0,2e3`,
        "x,2018-12-03T02:00:00+01:00,1,1028,.5",
      ];
      const { payloads, topics: to, report } = await sent(fileIn(folder, "a.csv", csv.join("\r\n")), "readings");
      expect(payloads.map((payload) => JSON.parse(payload) as unknown)).to.deep.equal([
        reading(789),
        reading(790, { meter: 3, meter_reading: 2000 }),
        reading(1028, { meter: 1, meter_reading: 0.5 }),
      ]);
      expect(to).to.deep.equal([
        "metercast/test/City7/meter/electricity",
        "metercast/test/City7/meter/hotwater",
        "metercast/test/City11/meter/chilledwater",
      ]);
      expect(report.readings).to.deep.equal({ sent: 3, leftOut: 0 });
    }),
  );

  it(
    "has weather whose empty fields are null, and stamps on the clocks of UTC",
    inFolder(async (folder) => {
      const csv = "site_id,timestamp,air_temperature,wind_speed\n7,2018-12-03 01:00:00,-3.5,\n";
      const { payloads } = await sent(fileIn(folder, "a.csv", csv), "weather", { timeZone: "city" });
      expect(payloads.map((payload) => JSON.parse(payload) as unknown)).to.deep.equal([
        { site_id: 7, timestamp: at, air_temperature: -3.5, wind_speed: null },
      ]);
    }),
  );

  it(
    "names what cannot be sent with its row and line",
    inFolder(async (folder) => {
      const csv = [
        "building_id,meter,timestamp,meter_reading,note",
        `789,0,${String(at)},many,`,
        `789,0,${String(at)},1,"two\nlines"`,
        `789,0,${String(at)},1`,
        "789,0,yesterday,1,",
        `,0,${String(at)},1,`,
      ];
      const { report } = await sent(fileIn(folder, "a.csv", `${csv.join("\n")}\n`), "readings");
      expect(report.readings).to.deep.equal({ sent: 1, leftOut: 4 });
      expect(report.problems.map(({ record, line, message }) => [record, line, message.split(";")[0]])).to.deep.equal([
        [1, 2, 'meter_reading is the text "many"'],
        [3, 5, "4 fields where the header has 5"],
        [4, 6, 'timestamp is "yesterday"'],
        [5, 7, "building_id is missing"],
      ]);
    }),
  );

  it(
    "without a column that is needed, or with a quotation mark that is not closed, is refused with the place",
    inFolder(async (folder) => {
      const refusal = (text: string): Promise<unknown> =>
        sent(fileIn(folder, "a.csv", text), "readings").then(
          () => "sent",
          (error: unknown) => (error as Error).message,
        );
      expect(await refusal("building_id,meter,meter_reading\n1,0,1\n")).to.match(/has no column timestamp/);
      const columns = "building_id,meter,timestamp,meter_reading\n";
      expect(await refusal(`${columns}789,0,1,1\n789,0,"1,1\n`)).to.match(/a\.csv, line 3: a quotation mark/);
      expect(await refusal(`${columns}"${"x\n".repeat(1_000_000)}`)).to.match(/a\.csv, line 2: a quotation mark/);
      expect(await refusal("")).to.match(/a\.csv is empty/);
    }),
  );

  it("is read alike in one piece and in pieces of any size", () => {
    const text = 'a,b\r\n1,"x ""y"", z"\n\n2,"two\r\nlines"\n3,';
    const whole = [...csvRows(text)].map(({ row, line }) => [row["a"], row["b"], line]);
    expect(whole).to.deep.equal([
      ["1", 'x "y", z', 2],
      ["2", "two\r\nlines", 4],
      ["3", "", 6],
    ]);
    for (const size of [1, 2, 3, 7]) {
      const records = new CsvRecords();
      const found = [];
      for (let i = 0; i < text.length; i += size) found.push(...records.push(text.slice(i, i + size)));
      found.push(...records.end());
      expect(found.slice(1).map(({ fields, line }) => [...fields, line])).to.deep.equal(whole);
    }
  });

  it(
    "is continued at the row where it stopped, with the same groups of rows",
    inFolder(async (folder) => {
      const rows = Array.from({ length: 70_000 }, (_, i) => String(i));
      const table = await openCsv(fileIn(folder, "a.csv", `n\n${rows.join("\n")}`));
      const groups = await all(table.groups(["n"], 40_000));
      expect(groups.map(({ first, rows: count }) => [first, count])).to.deep.equal([
        [32_768, 32_768],
        [65_536, 4464],
      ]);
      expect(groups[1]?.columns["n"]?.[4463]).to.equal(69_999);
      expect(groups[1]?.lines?.[4463]).to.equal(70_001);
    }),
  );
});
