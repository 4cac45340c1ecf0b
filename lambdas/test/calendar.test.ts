import { expect } from "chai";
import { localCalendar, zoneOffset } from "../transform/calendar.ts";

/** By time zone: UTC, local time, hour, weekday, ISO week, month. */
const localTimes: Record<string, [string, string, number, number, number, number][]> = {
  "America/New_York": [
    ["2018-03-11T06:00:00Z", "2018-03-11T01:00", 1, 6, 10, 3],
    ["2018-03-11T07:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
    ["2018-03-11T08:00:00Z", "2018-03-11T04:00", 4, 6, 10, 3],
    ["2018-11-04T04:00:00Z", "2018-11-04T00:00", 0, 6, 44, 11],
    ["2018-11-04T05:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
    ["2018-11-04T06:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
    ["2018-11-04T07:00:00Z", "2018-11-04T02:00", 2, 6, 44, 11],
    ["2016-02-29T04:59:00Z", "2016-02-28T23:59", 23, 6, 8, 2],
    ["2016-02-29T05:00:00Z", "2016-02-29T00:00", 0, 0, 9, 2],
    ["2016-03-01T04:00:00Z", "2016-02-29T23:00", 23, 0, 9, 2],
    ["2016-03-01T05:00:00Z", "2016-03-01T00:00", 0, 1, 9, 3],
    ["2016-01-01T04:00:00Z", "2015-12-31T23:00", 23, 3, 53, 12],
    ["2016-01-01T05:00:00Z", "2016-01-01T00:00", 0, 4, 53, 1],
    ["2018-12-31T04:00:00Z", "2018-12-30T23:00", 23, 6, 52, 12],
    ["2018-12-31T05:00:00Z", "2018-12-31T00:00", 0, 0, 1, 12],
    ["2016-07-04T12:00:00Z", "2016-07-04T08:00", 8, 0, 27, 7],
    ["2016-12-31T23:00:00Z", "2016-12-31T18:00", 18, 5, 52, 12],
  ],
  "Europe/London": [
    ["2018-03-25T00:00:00Z", "2018-03-25T00:00", 0, 6, 12, 3],
    ["2018-03-25T01:00:00Z", "2018-03-25T02:00", 2, 6, 12, 3],
    ["2018-03-25T02:00:00Z", "2018-03-25T03:00", 3, 6, 12, 3],
    ["2018-10-28T00:00:00Z", "2018-10-28T01:00", 1, 6, 43, 10],
    ["2018-10-28T01:00:00Z", "2018-10-28T01:00", 1, 6, 43, 10],
    ["2018-10-28T02:00:00Z", "2018-10-28T02:00", 2, 6, 43, 10],
    ["2016-02-29T00:00:00Z", "2016-02-29T00:00", 0, 0, 9, 2],
    ["2016-02-29T23:00:00Z", "2016-02-29T23:00", 23, 0, 9, 2],
    ["2016-03-01T00:00:00Z", "2016-03-01T00:00", 0, 1, 9, 3],
    ["2021-01-03T12:00:00Z", "2021-01-03T12:00", 12, 6, 53, 1],
    ["2021-01-04T00:00:00Z", "2021-01-04T00:00", 0, 0, 1, 1],
  ],
  "Europe/Dublin": [
    ["2018-03-25T00:00:00Z", "2018-03-25T00:00", 0, 6, 12, 3],
    ["2018-03-25T01:00:00Z", "2018-03-25T02:00", 2, 6, 12, 3],
    ["2018-10-28T00:00:00Z", "2018-10-28T01:00", 1, 6, 43, 10],
    ["2018-10-28T01:00:00Z", "2018-10-28T01:00", 1, 6, 43, 10],
  ],
  "America/Phoenix": [
    ["2018-03-11T10:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
    ["2018-07-01T12:00:00Z", "2018-07-01T05:00", 5, 6, 26, 7],
    ["2018-11-04T10:00:00Z", "2018-11-04T03:00", 3, 6, 44, 11],
  ],
  "America/Los_Angeles": [
    ["2018-03-11T09:00:00Z", "2018-03-11T01:00", 1, 6, 10, 3],
    ["2018-03-11T10:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
    ["2018-11-04T08:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
    ["2018-11-04T09:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
  ],
  "America/Denver": [
    ["2018-03-11T08:00:00Z", "2018-03-11T01:00", 1, 6, 10, 3],
    ["2018-03-11T09:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
  ],
  "America/Chicago": [
    ["2018-03-11T07:00:00Z", "2018-03-11T01:00", 1, 6, 10, 3],
    ["2018-03-11T08:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
    ["2018-11-04T06:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
    ["2018-11-04T07:00:00Z", "2018-11-04T01:00", 1, 6, 44, 11],
  ],
  "America/Toronto": [
    ["2018-03-11T06:00:00Z", "2018-03-11T01:00", 1, 6, 10, 3],
    ["2018-03-11T07:00:00Z", "2018-03-11T03:00", 3, 6, 10, 3],
  ],
  "Asia/Kolkata": [["2018-12-06T18:30:00Z", "2018-12-07T00:00", 0, 4, 49, 12]],
  "Australia/Lord_Howe": [["2018-10-06T15:30:00Z", "2018-10-07T02:30", 2, 6, 40, 10]],
};

const minute = 60_000;

describe("local time", () => {
  for (const [zone, rows] of Object.entries(localTimes)) {
    it(`is the wall clock of ${zone}`, () => {
      const local = localCalendar(zone, []);
      const offset = zoneOffset(zone);
      for (const [utc, wall, hour, weekday, week, month] of rows) {
        const epochMs = Date.parse(utc);
        expect(local(epochMs), utc).to.deep.equal({ hour, weekday, week, month, is_holiday: null });
        expect(new Date(epochMs + offset(epochMs)).toISOString().slice(0, 16), utc).to.equal(wall);
      }
    });
  }

  it("is the same whatever was asked before", () => {
    const instants = Object.values(localTimes).flatMap((rows) => rows.map(([utc]) => Date.parse(utc)));
    const kept = localCalendar("America/New_York", []);
    for (const instant of [...instants, ...instants.toReversed()]) {
      expect(kept(instant)).to.deep.equal(localCalendar("America/New_York", [])(instant));
    }
  });

  it("knows changes of the clock that are not on the hour, and of a whole day", () => {
    // Newfoundland changed at 00:01 until 2011; Samoa left out 2011-12-30.
    const newfoundland = zoneOffset("America/St_Johns");
    const change = Date.parse("2008-03-09T03:31:00Z");
    expect(newfoundland(change - 1) / minute).to.equal(-210);
    expect(newfoundland(change) / minute).to.equal(-150);
    const samoa = zoneOffset("Pacific/Apia");
    const skip = Date.parse("2011-12-30T10:00:00Z");
    expect(samoa(skip - 1) / minute).to.equal(-600);
    expect(samoa(skip) / minute).to.equal(840);
  });

  it("agrees with Intl at each quarter of an hour of a year", () => {
    const zone = "Australia/Lord_Howe";
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, hourCycle: "h23", hour: "numeric" });
    const local = localCalendar(zone, []);
    const start = Date.UTC(2018, 0, 1);
    // Every 7th quarter reaches each of the 96 of a day; all of them would take long.
    for (let epochMs = start; epochMs < start + 365 * 1440 * minute; epochMs += 7 * 15 * minute) {
      expect(local(epochMs).hour).to.equal(Number(format.format(epochMs)));
    }
  });

  it("counts ISO weeks over the turn of the year", () => {
    const { week, weekday } = localCalendar("UTC", [])(Date.parse("2021-01-03T12:00:00Z"));
    expect({ week, weekday }).to.deep.equal({ week: 53, weekday: 6 });
    expect(localCalendar("UTC", [])(Date.parse("2018-12-31T00:00:00Z")).week).to.equal(1);
    expect(localCalendar("UTC", [])(Date.parse("2016-01-01T00:00:00Z")).week).to.equal(53);
    expect(localCalendar("UTC", [])(Date.parse("2016-12-31T23:59:59.999Z")).week).to.equal(52);
  });

  it("knows holidays by the local date", () => {
    const local = localCalendar("America/New_York", ["2018-12-25"]);
    expect(local(Date.parse("2018-12-25T04:59:00Z")).is_holiday).to.equal(0);
    expect(local(Date.parse("2018-12-25T05:00:00Z")).is_holiday).to.equal(1);
    expect(local(Date.parse("2018-12-26T04:59:00Z")).is_holiday).to.equal(1);
    expect(local(Date.parse("2019-12-25T12:00:00Z")).is_holiday).to.equal(null);
  });
});
