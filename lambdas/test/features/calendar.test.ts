import { expect } from "chai";
import fc from "fast-check";
import { siteClock } from "../../features/calendar.ts";
import { hourMs } from "../../features/weather-columns.ts";
import { reference } from "./reference.ts";

describe("the calendar of a site", () => {
  it("is the wall clock of its zone, as Python's zoneinfo has it", () => {
    expect(reference.local_time).to.have.length(49);
    for (const { zone, epoch_ms, offset_minutes, hour, weekday, iso_week, month, local } of reference.local_time) {
      const clock = siteClock(String(zone), []);
      const calendar = clock.calendar(Number(epoch_ms), 1);
      const at = {
        hour: calendar.hour[0],
        weekday: calendar.weekday[0],
        week: calendar.week[0],
        month: calendar.month[0],
      };
      expect(at, `${zone} ${local}`).to.deep.equal({ hour, weekday, week: iso_week, month });
      expect(calendar.year[0]).to.equal(Number(String(local).slice(0, 4)));
      expect(clock.offset(Number(epoch_ms)) / 60_000).to.equal(offset_minutes);
    }
  });

  // The demo took local and UTC stamps for one clock, which moved the day's shape by up to eight hours.
  it("differs between sites at the same UTC hour, and is never the UTC clock of a site elsewhere", () => {
    const noon = Date.parse("2018-12-06T12:00:00Z");
    const hourAt = (zone: string) => siteClock(zone, []).calendar(noon, 1).hour[0];
    const zones = ["America/Los_Angeles", "America/New_York", "Europe/London", "Asia/Kolkata"];
    expect(zones.map(hourAt)).to.deep.equal([4, 7, 12, 17]);
  });

  it("shows an hour twice in autumn and skips one in spring, and touches no other", () => {
    const { calendar } = siteClock("America/New_York", []);
    const hours = (from: string, count: number) => [...calendar(Date.parse(from), count).hour];
    expect(hours("2018-11-04T04:00:00Z", 5)).to.deep.equal([0, 1, 1, 2, 3]);
    expect(hours("2018-03-11T05:00:00Z", 4)).to.deep.equal([0, 1, 3, 4]);
    const year = hours("2018-01-01T05:00:00Z", 365 * 24);
    const counts = new Map<number, number>();
    for (const hour of year) counts.set(hour, (counts.get(hour) ?? 0) + 1);
    expect(counts.get(1)).to.equal(366);
    expect(counts.get(2)).to.equal(364);
    for (const [hour, count] of counts) if (hour !== 1 && hour !== 2) expect(count, `hour ${hour}`).to.equal(365);
  });

  it("knows holidays by the local date, and days off with the weekend", () => {
    const { calendar } = siteClock("America/New_York", ["2018-12-25"]);
    const at = (stamp: string) => {
      const { is_holiday, off } = calendar(Date.parse(stamp), 1);
      return [is_holiday[0], off[0]];
    };
    expect(at("2018-12-25T04:00:00Z")).to.deep.equal([0, 0]);
    expect(at("2018-12-25T05:00:00Z")).to.deep.equal([1, 1]);
    expect(at("2018-12-26T04:00:00Z")).to.deep.equal([1, 1]);
    expect(at("2018-12-22T12:00:00Z")).to.deep.equal([0, 1]);
    expect(at("2019-01-02T12:00:00Z")).to.deep.equal([NaN, 0]);
  });

  it("is the same hour by hour as for a whole span", () => {
    const clock = siteClock("Australia/Lord_Howe", ["2018-10-07"]);
    const from = Date.parse("2018-10-05T00:00:00Z");
    const whole = clock.calendar(from, 72);
    for (let hour = 0; hour < 72; hour++) {
      const one = clock.calendar(from + hour * hourMs, 1);
      for (const column of ["hour", "weekday", "week", "month", "year", "is_holiday", "off"] as const) {
        expect(one[column][0], `${column} ${hour}`).to.equal(whole[column][hour]);
      }
    }
  });
});

describe("a time on the wall clock as UTC", () => {
  it("is as Python's zoneinfo has it, in the gap of spring and the overlap of autumn too", () => {
    expect(reference.local_to_utc).to.have.length(7);
    for (const { zone, local, epoch_ms } of reference.local_to_utc) {
      expect(siteClock(zone, []).toUtc(Date.parse(`${local}Z`)), `${zone} ${local}`).to.equal(epoch_ms);
    }
  });

  it("shows the same time again, but in the gap, where it is later by the change", () => {
    const zones = ["America/New_York", "Europe/Dublin", "America/Phoenix", "Asia/Kolkata", "Australia/Lord_Howe"];
    const clocks = zones.map((zone) => siteClock(zone, []));
    fc.assert(
      fc.property(
        fc.constantFrom(...clocks),
        fc.integer({ min: Date.UTC(2010, 0) / 900_000, max: Date.UTC(2030, 0) / 900_000 }),
        (clock, quarter) => {
          const local = quarter * 900_000;
          const utc = clock.toUtc(local);
          const shown = utc + clock.offset(utc);
          const change = clock.offset(utc + 12 * hourMs) - clock.offset(utc - 12 * hourMs);
          expect([0, change]).to.include(shown - local);
        },
      ),
    );
  });
});
