import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import { expect } from "chai";
import type { DigestConfig } from "../digest/config.ts";
import type { Lake } from "../digest/datasets.ts";
import { compileDigest } from "../digest/digest.ts";
import type { DigestFigures } from "../digest/figures.ts";
import { gather } from "../digest/gather.ts";
import { letterOf } from "../digest/letter.ts";
import { writeParquet, type WrittenColumn } from "../parquet/index.ts";
import { formatLocation, type Location } from "../storage/index.ts";

const millisecondsOfHour = 3_600_000;
const bucket = "lake";

const config: DigestConfig = {
  environment: "test",
  from: "energy@example.com",
  recipients: ["jane@example.com", "joe@example.com"],
  timeZone: "America/New_York",
  cities: [
    { name: "Jacksonville", label: "Jacksonville, FL", timeZone: "America/New_York" },
    { name: "London", label: "London, England", timeZone: "Europe/London" },
  ],
  meterTypes: [
    { code: 0, name: "electricity", unit: "kWh" },
    { code: 2, name: "steam", unit: "kWh" },
  ],
};

type Cell = number | string | null;

/** A lake in memory, with datasets as their rows. */
class MemoryLake implements Lake {
  readonly #objects = new Map<string, Uint8Array>();

  /** A day of a dataset in two files, as an UNLOAD may leave it. */
  async day(dataset: string, day: string, names: readonly string[], rows: readonly Cell[][]): Promise<this> {
    const half = Math.ceil(rows.length / 2);
    const files = [rows.slice(0, half), rows.slice(half)].filter((part) => part.length > 0);
    const urls = files.map((part, index) => {
      const key = `datasets/${dataset}/versions/v/0-0/dt=${day}/${index}`;
      this.#objects.set(key, parquet(names, part));
      return `s3://${bucket}/${key}\n`;
    });
    this.#objects.set(`datasets/${dataset}/current/dt=${day}/manifest`, new TextEncoder().encode(urls.join("")));
    return Promise.resolve(this);
  }

  forecast(day: string, name: string, names: readonly string[], rows: readonly Cell[][]): void {
    this.#objects.set(`predictions/dt=${day}/${name}.parquet`, parquet(names, rows));
  }

  find({ key }: Location) {
    const bytes = this.#objects.get(key);
    return Promise.resolve(bytes && { bytes, etag: "1", metadata: {} });
  }

  async get(location: Location) {
    const found = await this.find(location);
    if (found === undefined) throw new Error(`no ${formatLocation(location)}`);
    return found;
  }

  list(_bucket: string, prefix: string) {
    const keys = [...this.#objects].filter(([key]) => key.startsWith(prefix));
    return Promise.resolve(
      keys
        .map(([key, { length }]) => ({ key, size: length, lastModified: 0 }))
        .sort((a, b) => (a.key < b.key ? -1 : 1)),
    );
  }
}

const ints = new Set(["building_id", "meter", "hours_ahead"]);
const times = new Set(["timestamp", "hour"]);

function parquet(names: readonly string[], rows: readonly Cell[][]): Uint8Array {
  return writeParquet(
    names.map((name, index): WrittenColumn => {
      const cells = rows.map((row) => row[index] ?? null);
      if (name === "city" || name === "primary_use")
        return { name, kind: "text", data: cells.map((cell) => cell as string) };
      const data = Float64Array.from(cells, (cell) => (cell === null ? NaN : Number(cell)));
      if (times.has(name)) return { name, kind: "timestamp", data };
      return ints.has(name) ? { name, kind: "int", data } : { name, kind: "double", data };
    }),
  );
}

const dayColumns = ["building_id", "meter", "city", "primary_use", "use", "hours"];
const hourColumns = ["building_id", "meter", "city", "primary_use", "hour"];
const comparedColumns = ["building_id", "meter", "city", "timestamp", "hours_ahead", "predicted", "reading"];
const forecastColumns = ["building_id", "meter", "city", "timestamp", "predicted"];

const figures = (lake: Lake, asked = "2018-12-16"): Promise<DigestFigures> =>
  gather(
    lake,
    bucket,
    asked,
    config.cities.map(({ name }) => name),
  );

const at = (iso: string) => Date.parse(iso);

describe("The digest's figures", () => {
  it("are the use of the day per city and meter type, beside that of a week before", async () => {
    const lake = new MemoryLake();
    await lake.day("use_by_day", "2018-12-16", dayColumns, [
      [1, 0, "Jacksonville", "Office", 100, 24],
      [2, 0, "Jacksonville", "Office", 50, 20],
      [105, 2, "London", null, 7, 17],
      [3, 0, "Jacksonville", "Office", null, 0],
    ]);
    await lake.day("use_by_day", "2018-12-09", dayColumns, [[1, 0, "Jacksonville", "Office", 120, 23]]);
    expect((await figures(lake)).use).to.deep.equal([
      { city: "Jacksonville", meter: 0, use: 150, hours: 24, weekBefore: { use: 120, hours: 23 }, buildings: 2 },
      { city: "London", meter: 2, use: 7, hours: 17, weekBefore: undefined, buildings: 1 },
    ]);
  });

  it("are of the latest day that there is where the one that was asked for has none", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-14", dayColumns, [[1, 0, "London", null, 1, 24]]);
    await lake.day("use_by_day", "2018-12-17", dayColumns, [[1, 0, "London", null, 2, 24]]);
    const { day, asked, use } = await figures(lake);
    expect([day, asked, use[0]?.use]).to.deep.equal(["2018-12-14", "2018-12-16", 1]);
  });

  it("have what each city's latest forecast expects, though a city's name begins with another's", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-16", dayColumns, [[1, 0, "London", null, 1, 24]]);
    await lake.day("predictions_vs_readings", "2018-12-17", comparedColumns, [[1, 0, "London", 0, 1, 1, null]]);
    const [first, second] = [at("2018-12-17T00:00Z"), at("2018-12-17T01:00Z")];
    lake.forecast("2018-12-17", "London-20181217T00", forecastColumns, [[105, 0, "London", first, 99]]);
    lake.forecast("2018-12-17", "London-20181217T01", forecastColumns, [
      [105, 0, "London", first, 10],
      [105, 0, "London", second, 20],
    ]);
    lake.forecast("2018-12-17", "London-2-20181217T09", forecastColumns, [[500, 0, "London-2", second, 1]]);
    expect((await figures(lake)).expected).to.deep.equal([
      { city: "London", meter: 0, expected: 30, from: first, to: second + millisecondsOfHour },
    ]);
  });

  it("name the three meters that were most off, each hour by its earliest forecast of at most a day ahead", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-16", dayColumns, [
      [1, 0, "London", "Office", 1, 24],
    ]);
    const hours = Array.from({ length: 12 }, (_, hour) => at("2018-12-16T00:00Z") + hour * millisecondsOfHour);
    const series = (building: number, predicted: number, ahead: number, reading: number | null = 10, count = 12) =>
      hours.slice(0, count).map((hour) => [building, 0, "London", hour, ahead, predicted, reading]);
    await lake.day("predictions_vs_readings", "2018-12-16", comparedColumns, [
      ...series(1, 100, 24),
      ...series(1, 11, 1),
      ...series(1, 9999, 25),
      ...series(2, 12, 24),
      ...series(3, 1, 24),
      ...series(4, 10.5, 24),
      ...series(5, 1e6, 24, 10, 11),
      ...series(6, 1e6, 24, null),
    ]);
    const { mostOff } = await figures(lake);
    expect(mostOff.map(({ building }) => building)).to.deep.equal([1, 3, 2]);
    expect(mostOff[0]).to.deep.include({ measured: 120, expected: 1200, hours: 12, primaryUse: "Office" });
    expect(mostOff[0]?.error).to.be.closeTo(Math.log(101 / 11), 1e-12);
  });

  it("name the meters that lie a day behind half of their city's", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-16", dayColumns, [[1, 0, "London", null, 1, 24]]);
    const last = at("2018-12-16T20:00Z");
    await lake.day("use_by_hour", "2018-12-15", hourColumns, [
      [1, 0, "London", null, last - 25 * millisecondsOfHour],
      [4, 0, "London", "Office", last - 24 * millisecondsOfHour],
      [9, 0, "Jacksonville", null, last - 30 * millisecondsOfHour],
    ]);
    await lake.day("use_by_hour", "2018-12-16", hourColumns, [
      [1, 0, "London", null, last],
      [2, 0, "London", null, last],
      [3, 0, "London", null, last + 10 * millisecondsOfHour],
    ]);
    expect((await figures(lake)).silent).to.deep.equal([
      { building: 4, meter: 0, city: "London", primaryUse: "Office", since: last - 23 * millisecondsOfHour, hours: 24 },
    ]);
  });
});

const told: DigestFigures = {
  day: "2018-12-16",
  asked: "2018-12-16",
  use: [
    { city: "Jacksonville", meter: 0, use: 12345.6, hours: 24, weekBefore: { use: 10000, hours: 24 }, buildings: 20 },
  ],
  expected: [{ city: "London", meter: 2, expected: 7.25, from: at("2018-12-17T00:00Z"), to: at("2018-12-18T00:00Z") }],
  mostOff: [],
  silent: [],
};

describe("The digest's letter", () => {
  it("says the same in text and in HTML, with numbers and times for people", () => {
    const { subject, text, html } = letterOf(config, told);
    expect(subject).to.equal("Energy use of Sunday, December 16, 2018 (test)");
    for (const part of [text, html]) {
      for (const words of ["Jacksonville, FL", "12,346 kWh", "+23 %", "7.3 kWh", "Dec 17, 00:00 to Dec 18, 00:00"]) {
        expect(part, words).to.contain(words);
      }
      expect(part).to.contain("No meter is silent.").and.to.contain("No meter has been compared");
    }
  });

  it("shows hostile names as text, on one line", () => {
    const hostile = `<script>alert("1")</script>\r\nBcc: <eve@example.com>'&`;
    const series = { building: 7, meter: 0, city: "Evil", primaryUse: hostile };
    const { subject, text, html } = letterOf(
      { ...config, environment: "test", cities: [{ name: "Evil", label: hostile, timeZone: "UTC" }] },
      {
        ...told,
        silent: [{ ...series, since: 0, hours: 30 }],
        mostOff: [{ ...series, measured: 1, expected: 2, error: 1, hours: 24 }],
      },
    );
    expect(html).not.to.contain("<script>").and.not.to.contain("<eve");
    expect(html).to.contain("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; Bcc: &lt;eve@example.com&gt;&#39;&amp;");
    expect(text.split("\n").some((line) => line.startsWith("Bcc"))).to.equal(false);
    expect(subject).not.to.match(/[\r\n]/);
  });

  it("says what to do where there are no readings, and what it tells of where they are old", () => {
    const none = letterOf(config, { ...told, day: undefined, use: [], expected: [] });
    expect(none.text).to.contain("nothing has been loaded, or no run has made the datasets yet");
    expect(letterOf(config, { ...told, day: "2018-12-10" }).text).to.contain(
      "There are no readings of Sunday, December 16, 2018; the latest day that has any is Monday, December 10, 2018.",
    );
  });

  it("compares no day with one that has other hours: of yesterday not all may be there", () => {
    const [use] = told.use;
    if (use === undefined) throw new Error("there is a figure");
    const cell = (hours: number) => letterOf(config, { ...told, use: [{ ...use, hours }] }).text;
    expect(cell(23)).to.contain("+23 %");
    expect(cell(25)).to.contain("+23 %");
    expect(cell(17)).to.contain("17 hours, not 24").and.not.contain("%");
  });

  it("counts all silent meters and lists the twenty that have been silent longest", () => {
    const silent = Array.from({ length: 21 }, (_, building) => ({
      ...{ building, meter: 0, city: "London", primaryUse: undefined },
      ...{ since: at("2018-12-14T00:00Z"), hours: 60 - building },
    }));
    const { text } = letterOf(config, { ...told, silent });
    expect(text).to.contain("Silent: 21").and.to.contain("The 20 that");
    expect(text.split("\n").filter((line) => line.includes("Dec 14"))).to.have.length(20);
  });
});

describe("The digest", () => {
  it("is one message to all recipients, of yesterday by the clock of its zone", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-16", dayColumns, [[1, 0, "London", null, 1, 24]]);
    const sent: SendEmailCommand[] = [];
    const client = {
      send: (command: SendEmailCommand) => {
        sent.push(command);
        return Promise.resolve({ MessageId: "m-1" });
      },
    };
    // Already the 18th in London, still the 17th in New York.
    const now = () => at("2018-12-18T01:00Z");
    const digest = compileDigest(config, bucket, lake, client as never, now);
    expect(await digest({})).to.deep.include({ messageId: "m-1", day: "2018-12-16" });
    expect(sent).to.have.length(1);
    expect(sent[0]?.input).to.deep.include({
      FromEmailAddress: "energy@example.com",
      Destination: { ToAddresses: ["jane@example.com", "joe@example.com"] },
    });
  });

  it("tells of a day that it is asked for, and refuses one that there is not", async () => {
    const lake = await new MemoryLake().day("use_by_day", "2018-12-03", dayColumns, [[1, 0, "London", null, 1, 24]]);
    const client = { send: () => Promise.resolve({ MessageId: "m-2" }) };
    const digest = compileDigest(config, bucket, lake, client as never, Date.now);
    expect((await digest({ day: "2018-12-03" })).day).to.equal("2018-12-03");
    const refused = await digest({ day: "2018-02-30" }).catch((error: unknown) => error);
    expect(refused).to.be.instanceOf(RangeError).and.have.property("message").that.contains("2018-02-30");
  });
});
