import "@js-joda/timezone";
import { LocalDateTime, ZoneId } from "@js-joda/core";
import { expect } from "chai";
import fc from "fast-check";
import { value } from "./message.ts";

const parse = (text: string, pattern: string): string | undefined =>
  value("time_to_epoch(t, p)", { t: text, p: pattern });
const format = (pattern: string, time: number, zone = "UTC"): string | undefined =>
  value("parse_time(p, t, z)", { p: pattern, t: time, z: zone });

describe("time_to_epoch()", () => {
  const noon = Date.UTC(2024, 1, 29, 12, 30, 15, 250);

  it("reads the patterns of java.time", () => {
    const texts: [text: string, pattern: string, time: number][] = [
      ["2024-02-29T12:30:15.250Z", "yyyy-MM-dd'T'HH:mm:ss.SSSX", noon],
      ["2024-02-29T13:30:15.250+01:00", "yyyy-MM-dd'T'HH:mm:ss.SSSXXX", noon],
      ["2024-02-29T07:30:15.250-0500", "yyyy-MM-dd'T'HH:mm:ss.SSSZ", noon],
      ["20240229123015250", "yyyyMMddHHmmssSSS", noon],
      ["24/2/29 12:30:15.25", "yy/M/d H:m:s.SS", noon],
      ["Thu, 29 Feb 2024 12:30:15 PM GMT", "EEE, d MMM yyyy hh:mm:ss a z", noon - 250],
      ["Thursday 29 February 2024, 4 o'clock AM PST", "EEEE d MMMM uuuu, h 'o''clock' a z", Date.UTC(2024, 1, 29, 12)],
      ["2024-060 AD", "yyyy-DDD G", Date.UTC(2024, 1, 29)],
      ["2024-02-29", "yyyy-MM-dd[ HH:mm]", Date.UTC(2024, 1, 29)],
      ["2024-02-29 24:00", "yyyy-MM-dd HH:mm", Date.UTC(2024, 2, 1)],
      ["2023-02-30", "yyyy-MM-dd", Date.UTC(2023, 1, 28)],
      ["2024-07-01 12:00 Pacific Daylight Time", "yyyy-MM-dd HH:mm zzzz", Date.UTC(2024, 6, 1, 19)],
      ["0044-03-15 BC", "yyyy-MM-dd G", new Date(0).setUTCFullYear(-43, 2, 15)],
    ];
    for (const [text, pattern, time] of texts)
      expect(parse(text, pattern), `${text} by ${pattern}`).to.equal(String(time));
  });

  it("is Undefined for a text that the pattern does not take, and for a pattern that is none", () => {
    const texts: [text: string, pattern: string][] = [
      ["2024-02-29", "yyyy-MM-dd HH"],
      ["2024-13-01", "yyyy-MM-dd"],
      ["2024-01-32", "yyyy-MM-dd"],
      ["2024-01-01 25:00", "yyyy-MM-dd HH:mm"],
      ["2024-01-01 24:01", "yyyy-MM-dd HH:mm"],
      ["2024-01-01 11", "yyyy-MM-dd hh"],
      ["Friday 29 February 2024", "EEEE d MMMM yyyy"],
      ["2024-01-01 Nowhere/Else", "yyyy-MM-dd VV"],
      ["12:30", "HH:mm"],
      ["2024", "yyyy"],
      ["2024", "yyyy["],
      ["2024]", "yyyy]"],
      ["2024", "yyyy'"],
      ["2024", "yyyyb"],
      ["2024-1-1", "yyyy-MM-dd"],
      ["2024-01-01x", "yyyy-MM-dd"],
    ];
    for (const [text, pattern] of texts) expect(parse(text, pattern), `${text} by ${pattern}`).to.equal("");
  });

  it("finds the instant of a local time as js-joda does, in gaps and overlaps too", () => {
    const zones = ["America/New_York", "Europe/London", "America/Phoenix", "Australia/Sydney", "Asia/Kolkata", "UTC"];
    const local = fc.tuple(
      fc.integer({ min: 1975, max: 2036 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 31 }),
      fc.integer({ min: 0, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
    );
    const transitions = fc.constantFrom(
      [2024, 3, 10, 2, 30],
      [2024, 11, 3, 1, 30],
      [2024, 3, 31, 1, 15],
      [2024, 10, 27, 1, 45],
    );
    fc.assert(
      fc.property(fc.oneof(local, transitions), fc.constantFrom(...zones), (fields, zone) => {
        const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = fields;
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        const expected = LocalDateTime.of(year, month, Math.min(day, last), hour, minute).atZone(ZoneId.of(zone));
        const text = `${year}-${month}-${day} ${hour}:${minute} ${zone}`;
        expect(parse(text, "yyyy-M-d H:m VV"), text).to.equal(String(expected.toInstant().toEpochMilli()));
      }),
      { numRuns: 200 },
    );
  });
});

describe("parse_time()", () => {
  const time = Date.UTC(2023, 10, 14, 22, 13, 20, 123);

  it("writes the patterns of Joda-Time", () => {
    const patterns: [pattern: string, text: string][] = [
      ["yyyy-MM-dd'T'HH:mm:ss.SSSZZ", "2023-11-14T22:13:20.123+00:00"],
      ["yy M d H m s S", "23 11 14 22 13 20 1"],
      ["EEE EEEE MMM MMMM", "Tue Tuesday Nov November"],
      ["G C YYYY xxxx ww e DDD", "AD 20 2023 2023 46 2 318"],
      ["a K h k hh", "PM 10 10 22 10"],
      ["z zzzz Z ZZZ", "UTC Coordinated Universal Time +0000 UTC"],
      ["'o''clock' ''", "o'clock '"],
      ["SSSSS", "12300"],
    ];
    for (const [pattern, text] of patterns) expect(format(pattern, time), pattern).to.equal(JSON.stringify(text));
  });

  it("writes the time of a zone, with its name", () => {
    const zones: [zone: string, text: string][] = [
      ["America/New_York", "17:13 EST -0500"],
      ["Europe/London", "22:13 GMT +0000"],
      ["Asia/Kolkata", "03:43 IST +0530"],
      ["+05:30", "03:43 +05:30 +0530"],
    ];
    for (const [zone, text] of zones) expect(format("HH:mm z Z", time, zone)).to.equal(JSON.stringify(text));
    expect(format("HH:mm z", Date.UTC(2024, 6, 1), "Europe/London")).to.equal('"01:00 BST"');
  });

  it("is Undefined for a pattern or a zone that is none, and a time that is no date", () => {
    expect(format("yyyy", time, "Nowhere/Else")).to.equal("");
    expect(format("b", time)).to.equal("");
    expect(format("", time)).to.equal("");
    expect(format("'open", time)).to.equal("");
    expect(format("yyyy", 1e17)).to.equal("");
    expect(value("parse_time('yyyy', 'x')")).to.equal("");
    expect(value("parse_time('yyyy', '0')")).to.equal('"1970"');
    expect(value("parse_time('yyyy', 0, NULL)")).to.equal("");
  });

  it("writes what time_to_epoch() reads back", () => {
    const zones = fc.constantFrom("UTC", "America/New_York", "Asia/Kolkata", "Australia/Sydney");
    fc.assert(
      fc.property(
        fc.date({ min: new Date(0), max: new Date("2037-01-01"), noInvalidDate: true }),
        zones,
        (date, zone) => {
          const text = JSON.parse(format("yyyy-MM-dd HH:mm:ss.SSS Z", date.getTime(), zone) ?? "") as string;
          expect(parse(text, "yyyy-MM-dd HH:mm:ss.SSS Z")).to.equal(String(date.getTime()));
        },
      ),
    );
  });
});
