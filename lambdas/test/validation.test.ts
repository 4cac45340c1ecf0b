import { expect } from "chai";
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
  transformConfig,
} from "./builders.ts";
import { wrapped } from "./builders.ts";

const readings = compileTransform(transformConfig("readings"));
const weather = compileTransform(transformConfig("weather"));
const day = 86_400_000;

/** What JSON.stringify cannot write. */
function readingText(fields: Record<string, string>): string {
  const all = { building_id: "1369", meter: "2", timestamp: `${hour}`, meter_reading: "63.1", ...fields };
  return `{${Object.entries(all)
    .map(([name, value]) => `"${name}":${value}`)
    .join()}}`;
}

const deep = "[".repeat(10_000) + "]".repeat(10_000);

describe("a reading is refused, with its bytes and the reason", () => {
  const refused: [what: string, payload: string | Uint8Array, reason: string][] = [
    ["empty payload", "", "empty message"],
    ["text", "hello", "not JSON"],
    ["a cut message", readingText({}).slice(0, -1), "not JSON"],
    ["two objects", readingText({}) + readingText({}), "not JSON"],
    ["NaN", readingText({ meter_reading: "NaN" }), "not JSON"],
    ["an envelope with NaN, which cannot be split", `[${readingText({})},NaN]`, "not JSON"],
    ["bytes that are not UTF-8", Uint8Array.of(0x7b, 0xff, 0x7d), "not UTF-8"],
    ["a surrogate as UTF-8", Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), "not UTF-8"],
    ["UTF-16", Buffer.from(readingText({}), "utf16le"), "not JSON"],
    ["NUL", "\0", "not JSON"],
    ["white space", " \n", "not JSON"],
    ["an empty envelope", "[]", "empty envelope"],
    ["an empty envelope with space", " [ ] ", "empty envelope"],
    ["an envelope in an envelope", `[[${readingText({})}]]`, "nested envelope"],
    ["10,000 levels", deep, "nested envelope"],
    ["a number", "5", "not an object"],
    ["null", "null", "not an object"],
    ["a text in JSON", '"x"', "not an object"],
    ["an empty object", "{}", "missing building_id"],
    ["no building", JSON.stringify(reading({ building_id: undefined })), "missing building_id"],
    ["a building that is null", JSON.stringify(reading({ building_id: null })), "missing building_id"],
    ["no meter", JSON.stringify(reading({ meter: undefined })), "missing meter"],
    ["no timestamp", JSON.stringify(reading({ timestamp: undefined })), "missing timestamp"],
    ["no value", JSON.stringify(reading({ meter_reading: undefined })), "missing meter_reading"],
    ["fields by prototype only", `{"__proto__":${readingText({})}}`, "missing building_id"],
    ["a building as text", readingText({ building_id: '"1369"' }), "building_id is not a number"],
    ["half a building", readingText({ building_id: "1.5" }), "building_id is not an integer"],
    ["a negative building", readingText({ building_id: "-1" }), "building_id is out of range"],
    ["a building over 32 bits", readingText({ building_id: "2147483648" }), "building_id is out of range"],
    ["an endless building", readingText({ building_id: "1e400" }), "building_id is not finite"],
    ["meter 4", readingText({ meter: "4" }), "meter is not 0, 1, 2 or 3"],
    ["meter -1", readingText({ meter: "-1" }), "meter is not 0, 1, 2 or 3"],
    ["a meter as text", readingText({ meter: '"2"' }), "meter is not 0, 1, 2 or 3"],
    ["a meter as true", readingText({ meter: "true" }), "meter is not 0, 1, 2 or 3"],
    ["a stamp in seconds", readingText({ timestamp: `${hour / 1000}` }), "timestamp is out of range"],
    ["a stamp in microseconds", readingText({ timestamp: `${hour}000` }), "timestamp is out of range"],
    ["a stamp of 1999", readingText({ timestamp: `${Date.UTC(2000, 0, 1) - 1}` }), "timestamp is out of range"],
    ["a stamp too far ahead", readingText({ timestamp: `${received + day + 1}` }), "timestamp is out of range"],
    ["a stamp as text", readingText({ timestamp: '"2018-12-06T03:00:00Z"' }), "timestamp is not a number"],
    ["part of a millisecond", readingText({ timestamp: `${hour}.5` }), "timestamp is not an integer"],
    ["a value as text", readingText({ meter_reading: '"63.1"' }), "meter_reading is not a number"],
    ["a value as object", readingText({ meter_reading: "{}" }), "meter_reading is not a number"],
    ["1e400", readingText({ meter_reading: "1e400" }), "meter_reading is not finite"],
    ["-1e400", readingText({ meter_reading: "-1e400" }), "meter_reading is not finite"],
    [
      "a duplicate key of which the last is bad",
      readingText({}).replace("{", '{"meter":1,').replace("2,", "9,"),
      "meter is not 0, 1, 2 or 3",
    ],
  ];
  for (const [what, payload, reason] of refused) {
    it(`${what}: ${reason}`, () => {
      const result = readings(event(wrapped(payload)));
      const left = leftOutRows(result);
      expect(left.map(({ position, ended, by, reason }) => ({ position, ended, by, reason }))).to.deep.equal([
        { position: 0, ended: "rejected", by: null, reason },
      ]);
      expect(storedRows(result)).to.deep.equal([]);
      const bytes = Buffer.from(left[0]?.payload ?? "", "base64");
      expect(Buffer.from(payload).includes(bytes)).to.equal(true);
      if (!String(payload).startsWith("[")) expect(bytes.equals(Buffer.from(payload))).to.equal(true);
    });
  }
});

describe("a reading is accepted", () => {
  const accepted: [what: string, payload: string | Uint8Array][] = [
    ["zero", readingText({ meter_reading: "0" })],
    ["negative", readingText({ meter_reading: "-12.5" })],
    ["building 0", readingText({ building_id: "0" })],
    ["the largest building", readingText({ building_id: "2147483647" })],
    ["an integer written as a decimal", readingText({ building_id: "1369.0", timestamp: "1.5440652e12" })],
    ["the first stamp", readingText({ timestamp: `${Date.UTC(2000, 0, 1)}` })],
    ["the last stamp", readingText({ timestamp: `${received + day}` })],
    ["a byte order mark", "\ufeff" + readingText({})],
    ["a duplicate key of which the last is good", readingText({}).replace("{", '{"meter":9,')],
    ["a __proto__ that says otherwise", readingText({ ["__proto__"]: '{"meter":9}' })],
    ["a field nested 10,000 levels deep", readingText({ note: deep })],
    ["lone surrogates in a text", readingText({ note: '"\\ud800"' })],
    ["an envelope of one", `[${readingText({})}]`],
  ];
  for (const [what, payload] of accepted) {
    it(what, () => {
      const result = readings(event(wrapped(payload)));
      expect(leftOutRows(result)).to.deep.equal([]);
      expect(storedRows(result)).to.have.length(1);
    });
  }
});

describe("an observation is refused", () => {
  const refused: [payload: Record<string, unknown>, reason: string][] = [
    [observation({ site_id: undefined }), "missing site_id"],
    [observation({ site_id: "0" }), "site_id is not a number"],
    [observation({ timestamp: null }), "missing timestamp"],
    [observation({ air_temperature: "25" }), "air_temperature is not a number"],
    [observation({ cloud_coverage: false }), "cloud_coverage is not a number"],
    [reading(), "missing site_id"],
  ];
  for (const [payload, reason] of refused) {
    it(reason, () => {
      const result = weather(event(wrapped(JSON.stringify(payload))));
      expect(leftOutRows(result).map((row) => row.reason)).to.deep.equal([reason]);
      expect(storedRows(result)).to.deep.equal([]);
    });
  }
});

describe("what a rule with its own SELECT could not make JSON of", () => {
  it("is refused with the record's bytes, without the separator of the action", () => {
    const [row] = leftOutRows(readings(event(record(Buffer.from([1, 255, 0x0a])))));
    expect(row?.reason).to.equal("not UTF-8");
    expect(row?.payload).to.equal(Buffer.from([1, 255]).toString("base64"));
  });

  it("is an empty message when the rule gives nothing", () => {
    expect(leftOutRows(readings(event(record("\n")))).map(({ reason }) => reason)).to.deep.equal(["empty message"]);
    expect(text(leftOutRows(readings(event(record("\n"))))[0]?.payload)).to.equal("");
  });
});
