import { expect } from "chai";
import { responseLimit } from "../response.ts";
import { compileTransform } from "../transform/transform.ts";
import {
  event,
  hour,
  leftOutRows,
  observation,
  reading,
  received,
  record,
  storedRows,
  text,
  wrapped,
} from "./builders.ts";
import { transformConfig } from "./builders.ts";

const transform = compileTransform(transformConfig("readings"));

describe("transform of readings", () => {
  it("makes a row of a reading: its fields, the city of the topic, its arrival and its place", () => {
    const result = transform(event(wrapped(JSON.stringify(reading()))));
    expect(result.records.map(({ recordId, result }) => [recordId, result])).to.deep.equal([["4954001", "Ok"]]);
    expect(storedRows(result)).to.deep.equal([
      { ...reading(), city: "Jacksonville", received, record_id: "4954001", position: 0 },
    ]);
    expect(result.leftOut).to.deep.equal([]);
  });

  it("writes one line of JSON per element, and numbers exactly as they came", () => {
    const values = [0, -1.5, 0.1, 1e-7, 1e21, 21_889_900.123456789, Number.MIN_VALUE, Number.MAX_VALUE, 2 ** 53];
    const result = transform(event(wrapped(JSON.stringify(values.map((meter_reading) => reading({ meter_reading }))))));
    expect(text(result.records[0]?.data).endsWith("}\n")).to.equal(true);
    expect(storedRows(result).map((row) => row["meter_reading"])).to.deep.equal(values);
    expect(storedRows(result).map((row) => row["position"])).to.deep.equal([...values.keys()]);
  });

  it("takes an object and an array from a rule with its own SELECT; arrival is then the delivery stream's", () => {
    const result = transform(
      event(
        record(JSON.stringify(reading()) + "\n", "1"),
        record(JSON.stringify([reading(), reading({ meter: 0 })]), "2"),
      ),
    );
    expect(storedRows(result)).to.deep.equal([
      { ...reading(), received: received + 1, record_id: "1", position: 0 },
      { ...reading(), received: received + 1, record_id: "2", position: 0 },
      { ...reading({ meter: 0 }), received: received + 1, record_id: "2", position: 1 },
    ]);
  });

  it("does not take a message for the default rule's line because it has a field named payload", () => {
    for (const odd of [{ payload: "not base64!", received }, { payload: 5, received }, { payload: "AAAA" }]) {
      const result = transform(event(record(JSON.stringify({ ...reading(), ...odd }))));
      expect(storedRows(result)).to.have.length(1);
    }
  });

  it("names no city for a topic of another form, environment or city", () => {
    for (const topic of [
      "jh-iot-device-data",
      "metercast/prod/Jacksonville/meter/steam",
      "metercast/dev/Atlantis/meter/steam",
      "metercast/dev/Jacksonville",
      "metercast/dev//meter/steam",
    ]) {
      const [row] = storedRows(transform(event(wrapped(JSON.stringify(reading()), { topic }))));
      expect(row, topic).to.not.have.property("city");
    }
  });

  it("keeps extra fields out of the table", () => {
    const [row] = storedRows(transform(event(wrapped(JSON.stringify(reading({ city: "X", position: 9, note: "x" }))))));
    expect(row).to.deep.equal({ ...reading(), city: "Jacksonville", received, record_id: "4954001", position: 0 });
  });

  it("writes a city's name in ASCII, so that any name arrives", () => {
    const name = "Zürich-東";
    const config = transformConfig("readings", {
      cities: [{ name, siteId: 0, timeZone: "Europe/Zurich", country: "CH" }],
    });
    const topic = `metercast/dev/${name}/meter/steam`;
    const [row] = storedRows(compileTransform(config)(event(wrapped(JSON.stringify(reading()), { topic }))));
    expect(row).to.have.property("city", name);
  });

  it("takes envelopes of any length up to 128 KiB", () => {
    const readings = Array.from({ length: 1_500 }, (_, index) => reading({ building_id: index }));
    const payload = JSON.stringify(readings);
    expect(payload.length).to.be.within(110_000, 131_072);
    const result = transform(event(wrapped(payload)));
    expect(storedRows(result).map((row) => row["building_id"])).to.deep.equal([...readings.keys()]);
  });

  it("answers each record: Ok with the good elements, Dropped when none is left", () => {
    const result = transform(
      event(
        wrapped(JSON.stringify([reading(), { meter: 1 }]), { recordId: "1" }),
        wrapped(JSON.stringify([{ meter: 1 }]), { recordId: "2" }),
        wrapped("no JSON", { recordId: "3" }),
      ),
    );
    expect(result.records.map(({ recordId, result }) => [recordId, result])).to.deep.equal([
      ["1", "Ok"],
      ["2", "Dropped"],
      ["3", "Dropped"],
    ]);
    expect(storedRows(result)).to.have.length(1);
  });

  it("leaves an element out with its bytes as they came, and with all that is known of the message", () => {
    const bad = '{ "building_id" : 7,"note":"a ] } \\" \\\\", "x":[1,{"y":"é"}] }';
    const payload = `\n [ ${JSON.stringify(reading())} ,\t${bad} , 17,"[", ${JSON.stringify(reading())}]`;
    const result = transform(event(wrapped(payload)));
    expect(storedRows(result).map((row) => row["position"])).to.deep.equal([0, 4]);
    const common = {
      record_id: "4954001",
      pipeline: "readings",
      ended: "rejected",
      by: null,
      topic: "metercast/dev/Jacksonville/meter/steam",
      client: "gateway",
      city: "Jacksonville",
      received,
    };
    expect(leftOutRows(result).map((row) => ({ ...row, payload: text(row.payload) }))).to.deep.equal([
      { ...common, position: 1, reason: "missing meter", payload: bad },
      { ...common, position: 2, reason: "not an object", payload: "17" },
      { ...common, position: 3, reason: "not an object", payload: '"["' },
    ]);
  });

  it("does not know topic, client and city of what a rule with its own SELECT gives", () => {
    const [row] = leftOutRows(transform(event(record('{"meter":1}\n'))));
    expect(row).to.deep.include({ topic: null, client: null, city: null, received: received + 1 });
    expect(text(row?.payload)).to.equal('{"meter":1}');
  });

  it("gives the same answer and the same rows when an invocation is repeated", () => {
    const batch = event(wrapped(JSON.stringify([reading(), {}, reading({ meter: 7 })])), record("x", "2"));
    expect(transform(batch)).to.deep.equal(transform(batch));
  });

  it("leaves out with their bytes what would make the response longer than Lambda allows", () => {
    const payload = JSON.stringify(Array.from({ length: 1_000 }, () => reading()));
    const records = Array.from({ length: 30 }, (_, index) => wrapped(payload, { recordId: `${index}` }));
    const result = transform(event(...records));
    expect(JSON.stringify({ records: result.records }).length).to.be.at.most(responseLimit);
    const left = leftOutRows(result);
    expect(new Set(left.map(({ reason }) => reason))).to.deep.equal(new Set(["response over 6 MB"]));
    expect(left.map(({ payload }) => text(payload))).to.include(JSON.stringify(reading()));
    expect(storedRows(result).length + left.length).to.equal(30_000);
    expect(storedRows(result).length).to.be.greaterThan(20_000);
  });
});

describe("transform of weather", () => {
  const weather = compileTransform(
    transformConfig("weather", { holidays: { "US": ["2018-12-25"], "GB-ENG": ["2018-12-25", "2018-12-26"] } }),
  );
  const topic = "metercast/dev/Jacksonville/weather";

  it("adds the local time of the site, and leaves out values that are null or absent", () => {
    const [row] = storedRows(weather(event(wrapped(JSON.stringify(observation({ cloud_coverage: null })), { topic }))));
    expect(row).to.deep.equal({
      ...observation(),
      city: "Jacksonville",
      hour: 22,
      weekday: 2,
      week: 49,
      month: 12,
      is_holiday: 0,
      received,
      record_id: "4954001",
      position: 0,
    });
  });

  it("goes by the site of the observation where the topic names another city", () => {
    const timestamp = Date.UTC(2018, 11, 26, 4);
    const sent = { ...wrapped(JSON.stringify(observation({ site_id: 1, timestamp })), { topic }) };
    const late = compileTransform(
      transformConfig("weather", { holidays: { "GB-ENG": ["2018-12-26"] }, acceptAheadMs: 40 * 86_400_000 }),
    );
    expect(storedRows(late(event(sent)))[0]).to.deep.include({ city: "London", hour: 4, weekday: 2, is_holiday: 1 });
  });

  it("finds the city by the site when the topic names none, by the topic when the site is unknown", () => {
    const bySite = weather(event(record(JSON.stringify(observation({ site_id: 1 })))));
    expect(storedRows(bySite)[0]).to.deep.include({ city: "London", hour: 3 });
    const byTopic = weather(event(wrapped(JSON.stringify(observation({ site_id: 99 })), { topic })));
    expect(storedRows(byTopic)[0]).to.deep.include({ site_id: 99, city: "Jacksonville", hour: 22 });
    const unknown = weather(event(record(JSON.stringify(observation({ site_id: 99 })))));
    expect(storedRows(unknown)[0]).to.not.have.any.keys("city", "hour", "is_holiday");
  });

  it("does not say whether a day is a holiday in a year that the list does not cover", () => {
    const timestamp = Date.UTC(2017, 11, 25, 12);
    const [row] = storedRows(weather(event(wrapped(JSON.stringify(observation({ timestamp })), { topic }))));
    expect(row).to.deep.include({ hour: 7, month: 12 });
    expect(row).to.not.have.property("is_holiday");
  });

  it("accepts a negative temperature, and zero in every column", () => {
    const values = { air_temperature: -28.9, precip_depth_1_hr: -1, wind_direction: 0, sea_level_pressure: 0 };
    const [row] = storedRows(weather(event(wrapped(JSON.stringify(observation(values)), { topic }))));
    expect(row).to.deep.include(values);
  });

  it("leaves out with the site's city", () => {
    const bad = observation({ site_id: 1, timestamp: hour / 1000 });
    expect(leftOutRows(weather(event(record(JSON.stringify(bad)))))[0]).to.deep.include({
      pipeline: "weather",
      city: "London",
      reason: "timestamp is out of range",
    });
  });
});
