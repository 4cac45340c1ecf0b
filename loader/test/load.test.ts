import { join } from "node:path";
import { expect } from "chai";
import { load, LoadError, registerKey } from "../index.ts";
import type { LoadOptions } from "../index.ts";
import { city, environment, fileIn, inFolder, recordingTarget, topics } from "./builders.ts";

const hour = 3_600_000;
const from = Date.UTC(2018, 11, 3);
const day = { from, to: from + 24 * hour };

/** One day of two small cities. */
function options(changes: Partial<LoadOptions> = {}): LoadOptions & { target: ReturnType<typeof recordingTarget> } {
  return {
    environment: environment([city(7), city(11)]),
    topics,
    readings: "generated",
    weather: "generated",
    window: day,
    ...changes,
    target: (changes.target as ReturnType<typeof recordingTarget> | undefined) ?? recordingTarget(),
  };
}

interface Message {
  building_id?: number;
  meter?: number;
  site_id?: number;
  timestamp: number;
}

describe("a load of generated data", () => {
  it("sends readings and weather to their cities' topics, and counts them", async () => {
    const given = options();
    const report = await load(given);
    const bodies = given.target.messages.map(({ payload }) => JSON.parse(payload) as Message);
    const weather = bodies.filter(({ site_id }) => site_id !== undefined);
    expect(report).to.deep.include({ problems: [], finished: true });
    expect(report.weather).to.deep.equal({ sent: weather.length, leftOut: 0 });
    expect(report.readings).to.deep.equal({ sent: bodies.length - weather.length, leftOut: 0 });
    expect(weather.length).to.be.within(40, 48);
    given.target.messages.forEach(({ topic }, i) => {
      const { building_id, meter, site_id } = bodies[i] as Message;
      const name = building_id === undefined ? `City${String(site_id)}` : building_id < 1000 ? "City7" : "City11";
      const type = ["electricity", "chilledwater", "steam", "hotwater"][meter ?? 0] ?? "";
      expect(topic).to.equal(`metercast/test/${name}/${building_id === undefined ? "weather" : `meter/${type}`}`);
    });
    const stamps = bodies.map(({ timestamp }) => timestamp);
    expect(Math.min(...stamps)).to.equal(from);
    expect(Math.max(...stamps)).to.be.lessThan(day.to);
    const identities = new Set(
      bodies.map(({ building_id, meter, site_id, timestamp }) => [building_id, meter, site_id, timestamp].join()),
    );
    expect(identities.size).to.equal(bodies.length);
  });

  it("has the same content in envelopes", async () => {
    const single = options();
    await load(single);
    const enveloped = options({ envelope: 50 });
    const report = await load(enveloped);
    const texts = enveloped.target.messages.flatMap(({ topic, payload }) =>
      (JSON.parse(payload) as unknown[]).map((record) => topic + JSON.stringify(record)),
    );
    expect(texts.sort()).to.deep.equal(single.target.messages.map(({ topic, payload }) => topic + payload).sort());
    expect(report.readings.sent + report.weather.sent).to.equal(texts.length);
  });

  it("puts the register of its buildings", async () => {
    const given = options();
    await load(given);
    const rows = (given.target.objects.get(registerKey) ?? "")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows).to.have.length(20);
    expect(Object.keys(rows[0] ?? {})).to.deep.equal([
      "building_id",
      "site_id",
      "primary_use",
      "square_feet",
      "year_built",
      "floor_count",
    ]);
    const weatherOnly = options({ readings: undefined });
    await load(weatherOnly);
    expect([...weatherOnly.target.objects]).to.deep.equal([]);
  });

  it("has a reading a minute where it is asked for", async () => {
    const given = options({ window: { from, to: from + 10 * 60_000 }, stepMinutes: 1, weather: undefined });
    await load(given);
    const minutes = new Set(
      given.target.messages.map(({ payload }) => Math.floor((JSON.parse(payload) as Message).timestamp / 60_000)),
    );
    expect([...minutes].map((minute) => minute - from / 60_000)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it("refuses a step or an envelope that is no whole number from 1 on", async () => {
    for (const wrong of [{ stepMinutes: 0 }, { envelope: 1.5 }]) {
      let failure: unknown;
      await load(options(wrong)).catch((error: unknown) => (failure = error));
      expect(failure).to.be.instanceOf(LoadError);
    }
  });

  it("refuses to generate for a rule without a single topic", async () => {
    const meters = { ...topics.meters, steam: undefined };
    let failure: unknown;
    await load(options({ topics: { ...topics, meters } })).catch((error: unknown) => (failure = error));
    expect((failure as Error).message).to.match(/no single topic for steam/);
  });
});

describe("a load beside a file", () => {
  const observations = Array.from({ length: 30 }, (_, i) => ({
    site_id: i % 2 === 0 ? 7 : 5,
    timestamp: from + (1 + Math.floor(i / 2)) * hour,
    air_temperature: 35,
  }));

  it(
    "generates the other kind over the file's span",
    inFolder(async (folder) => {
      const file = fileIn(folder, "weather.json", JSON.stringify(observations));
      const given = options({ weather: { file }, window: undefined });
      const report = await load(given);
      expect(report.weather).to.deep.equal({ sent: 30, leftOut: 0 });
      const stamps = given.target.messages
        .map(({ payload }) => JSON.parse(payload) as Message)
        .filter(({ building_id }) => building_id !== undefined)
        .map(({ timestamp }) => Math.floor(timestamp / hour));
      expect(Math.min(...stamps)).to.equal(from / hour + 1);
      expect(Math.max(...stamps)).to.equal(from / hour + 15);
    }),
  );

  it(
    "does not generate back to a stamp that is no plausible time",
    inFolder(async (folder) => {
      const seconds = { site_id: 7, timestamp: 1543798800, air_temperature: 1 };
      const file = fileIn(folder, "weather.json", JSON.stringify([...observations, seconds]));
      const given = options({ weather: { file }, window: undefined });
      expect((await load(given)).weather.sent).to.equal(31);
      expect(given.target.messages.length).to.be.lessThan(2000);
    }),
  );

  it(
    "lets generated readings respond to the file's weather",
    inFolder(async (folder) => {
      const total = async (degrees: number): Promise<number> => {
        const hours = Array.from({ length: 48 }, (_, i) => from + i * hour);
        const weather = hours.map((timestamp) => ({ site_id: 7, timestamp, air_temperature: degrees }));
        const file = fileIn(folder, `${String(degrees)}.json`, JSON.stringify(weather));
        const given = options({ environment: environment([city(7, { meterTypes: ["steam"] })]), weather: { file } });
        await load({ ...given, window: { from: from + 30 * hour, to: from + 40 * hour } });
        return given.target.messages
          .map(({ payload }) => JSON.parse(payload) as { meter_reading?: number })
          .reduce((sum, { meter_reading = 0 }) => sum + meter_reading, 0);
      };
      expect(await total(-20)).to.be.greaterThan(1.5 * (await total(20)));
    }),
  );

  it(
    "sends what a faulty file has that can be sent, and names the rest",
    inFolder(async (folder) => {
      const readings = [
        { building_id: 790, meter: 0, timestamp: from, meter_reading: 1 },
        { building_id: 790, meter: 0, timestamp: from },
      ];
      const file = fileIn(folder, "readings.json", JSON.stringify(readings));
      const report = await load(options({ readings: { file }, weather: undefined }));
      expect(report.readings).to.deep.equal({ sent: 1, leftOut: 1 });
      expect(report.problems).to.deep.equal([{ file, record: 2, line: 1, message: "meter_reading is missing" }]);
    }),
  );

  it(
    "sends a file of one kind to a topic of the caller's choice, and nothing else",
    inFolder(async (folder) => {
      const file = fileIn(folder, "weather.json", JSON.stringify(observations));
      const given = options({ weather: { file }, readings: undefined, topic: "jh-weather" });
      await load(given);
      expect(given.target.messages.map(({ topic }) => topic)).to.deep.equal(observations.map(() => "jh-weather"));
    }),
  );

  it(
    "refuses a file of the other kind",
    inFolder(async (folder) => {
      const file = fileIn(folder, "weather.json", JSON.stringify(observations));
      let failure: unknown;
      await load(options({ readings: { file } })).catch((error: unknown) => (failure = error));
      expect((failure as Error).message).to.equal(`${file} has weather, not readings.`);
    }),
  );

  it(
    "takes buildings from a register, puts it, and generates for those buildings",
    inFolder(async (folder) => {
      const csv =
        "building_id,site_id,primary_use,square_feet,meters\n5000,7,Office,10000,0+2\n5001,7,,,0\n5002,3,Office,1,0\n";
      const buildingsFile = fileIn(folder, "buildings.csv", csv);
      const given = options({ buildingsFile, weather: undefined, window: { from, to: from + hour } });
      await load(given);
      expect(given.target.messages.map(({ topic }) => topic).sort()).to.deep.equal([
        "metercast/test/City7/meter/electricity",
        "metercast/test/City7/meter/electricity",
        "metercast/test/City7/meter/steam",
      ]);
      expect((given.target.objects.get(registerKey) ?? "").trim().split("\n")).to.have.length(3);
    }),
  );
});

describe("a load that was interrupted", () => {
  it(
    "continues where it stopped, and when it is done sends nothing",
    inFolder(async (folder) => {
      for (const envelope of [1, 20]) {
        const resumeFile = join(folder, `resume-${String(envelope)}.json`);
        const whole = options({ envelope });
        const expected = await load(whole);

        const stop = new AbortController();
        const count = Math.floor(whole.target.messages.length / 3);
        const first = options({
          envelope,
          resumeFile,
          signal: stop.signal,
          target: recordingTarget((number) => {
            if (number === count) stop.abort();
            return Promise.resolve();
          }),
        });
        const interrupted = await load(first);
        expect(interrupted.finished).to.be.false;

        const second = options({ envelope, resumeFile });
        const { elapsedSeconds, ...report } = await load(second);
        expect(elapsedSeconds).to.be.greaterThan(0);
        expect(report).to.deep.equal({
          readings: expected.readings,
          weather: expected.weather,
          problems: [],
          finished: true,
        });
        const both = [...first.target.messages, ...second.target.messages];
        expect(new Set(both.map(({ payload }) => payload)).size).to.equal(both.length);
        expect(both).to.have.length(whole.target.messages.length);

        const third = options({ envelope, resumeFile });
        expect((await load(third)).readings).to.deep.equal(expected.readings);
        expect(third.target.messages).to.have.length(0);
      }
    }),
  );

  it(
    "starts anew with other options, or a file that has changed",
    inFolder(async (folder) => {
      const resumeFile = join(folder, "resume.json");
      const record = { site_id: 7, timestamp: from, air_temperature: 1 };
      const weather = { file: fileIn(folder, "weather.json", JSON.stringify([record])) };
      const sent = async (changes: Partial<LoadOptions>): Promise<number> => {
        const given = options({ readings: undefined, weather, resumeFile, ...changes });
        await load(given);
        return given.target.messages.length;
      };
      expect(await sent({})).to.equal(1);
      expect(await sent({})).to.equal(0);
      expect(await sent({ topic: "other" })).to.equal(1);
      fileIn(folder, "weather.json", JSON.stringify([record, { ...record, timestamp: from + hour }]));
      expect(await sent({ topic: "other" })).to.equal(2);
    }),
  );
});
