import { expect } from "chai";

import { longestPeriodSeconds, runsPerMonth } from "../index.ts";
import { scheduleFault } from "../schedule.ts";

/** Where the one fault of a schedule is marked by ▸, and what it is. */
function faultAtMark(marked: string): string {
  const index = marked.indexOf("▸");
  const fault = scheduleFault(marked.replace("▸", ""));
  if (fault?.index !== index) throw new Error(`${marked}: expected a fault at ${index}, got ${JSON.stringify(fault)}`);
  return fault.message;
}

describe("A schedule", () => {
  const right = [
    ...["rate(1 minute)", "rate(15 minutes)", "rate(1 hour)", "rate(36 hours)", "rate(1 day)", "rate(7 days)"],
    ...["cron(0/15 * * * ? *)", "cron(0 12 * * ? *)", "cron(15,45 8-18 ? * MON-FRI *)", "cron(0 18 ? * 2-6 2026-2030)"],
    ...["cron(0 8 1 * ? *)", "cron(0 0 L * ? *)", "cron(0 9 15W * ? *)", "cron(0 9 ? * 6L *)", "cron(0 9 ? * FRIL *)"],
    ...["cron(0 9 ? * L *)", "cron(0 9 ? * 3#2 *)", "cron(0 9 ? * TUE#5 *)", "cron(0 0 1 jan,JUL ? 2199)"],
    ...["cron(*/10 */2 */3 */4 ? */2)", "cron( 0  9 ? * MON * )", "at(2028-02-29T23:59:59)"],
  ];
  for (const text of right) {
    it(`may be ${text}`, () => {
      expect(scheduleFault(text)).to.equal(undefined);
    });
  }

  const wrong: [string, RegExp][] = [
    ["▸every hour", /must be a schedule, not "every hour": .*rate\(1 hour\)/],
    ["▸Rate(1 hour)", /must be a schedule/],
    ["cron(0 9 * * ? *▸", /no closing bracket/],
    ["rate(▸1hour)", /a number and minutes, hours or days/],
    ["rate(▸0 minutes)", /whole number from 1 on, not 0/],
    ["rate(▸1.5 hours)", /not 1\.5/],
    ["rate(▸-1 hours)", /not -1/],
    ["rate(2 ▸weeks)", /in minutes, hours or days, not in weeks/],
    ["rate(1 ▸hours)", /must be written rate\(1 hour\)/],
    ["rate(5 ▸hour)", /must be written rate\(5 hours\)/],
    ["at(▸2026-01-31)", /a date and time without a zone/],
    ["at(▸2026-01-31T06:00:00Z)", /timeZone says the zone/],
    ["at(▸2026-02-29T06:00:00)", /there is no 2026-02-29 06:00:00/],
    ["cron(▸0 9 * * ?)", /six fields \(minutes hours day-of-month month day-of-week year\), this has 5/],
    ["cron(0 0 9 * * ? ▸*)", /this has 7/],
    ["cron(▸60 9 * * ? *)", /minutes: must be 0 to 59, not "60"/],
    ["cron(0 ▸24 * * ? *)", /hours: must be 0 to 23/],
    ["cron(0 9 ▸0 * ? *)", /day-of-month: must be 1 to 31/],
    ["cron(0 9 1 ▸JANUARY ? *)", /month: must be 1 to 12 or JAN to DEC, not "JANUARY"/],
    ["cron(0 9 ? * ▸8 *)", /day-of-week: must be 1 to 7 or SUN to SAT/],
    ["cron(0 9 ? * 1 ▸1969)", /year: must be 1970 to 2199/],
    ["cron(▸*/60 * * * ? *)", /step after \/ is a whole number from 1 to 59, not "60"/],
    ["cron(▸0/ * * * ? *)", /step after \//],
    ["cron(0 ▸18-8 * * ? *)", /runs backwards/],
    ["cron(0,▸,5 9 * * ? *)", /a value is missing beside a comma/],
    ["cron(▸? 9 * * ? *)", /minutes: \? cannot stand here/],
    ["cron(0 9 1,▸? * 2 *)", /day-of-month: \? stands alone/],
    ["cron(▸L 9 * * ? *)", /minutes: must be 0 to 59, not "L"/],
    ["cron(0 9 ▸32W * ? *)", /day-of-month: must be 1 to 31, not "32"/],
    ["cron(0 9 ▸1W,15 * ? *)", /1W stands alone, not in a list/],
    ["cron(0 9 ? * ▸3#6 *)", /the week after # is 1 to 5/],
    ["cron(0 9 ? * ▸3#1,6#3 *)", /3#1 stands alone, not in a list/],
    ["cron(0 9 ? * ▸2W *)", /day-of-week: must be 1 to 7/],
    ["cron(0 9 * * ▸* *)", /cannot both say which days: one of the two must be \?/],
    ["cron(0 9 ? * ▸? *)", /are both \?: one of the two must say which days/],
  ];
  for (const [marked, message] of wrong) {
    it(`may not be ${marked.replace("▸", "")}, which is told at its place`, () => {
      expect(faultAtMark(marked)).to.match(message);
    });
  }

  it("may have 256 characters", () => {
    const hours = (count: number) => `cron(0 ${Array.from({ length: count }, () => "10").join(",")} * * ? *)`;
    expect(scheduleFault(hours(79))).to.equal(undefined);
    expect(scheduleFault(hours(90))?.message).to.match(/at most 256 characters/);
  });
});

describe("The time between two runs", () => {
  it("is the longest that there is", () => {
    expect(longestPeriodSeconds("rate(90 minutes)")).to.equal(5400);
    expect(longestPeriodSeconds("cron(20 0/3 * * ? *)")).to.equal(3 * 3600);
    expect(longestPeriodSeconds("cron(0 6 ? * MON-FRI *)")).to.equal(3 * 86_400);
    expect(longestPeriodSeconds("cron(0 0 L * ? *)")).to.equal(31 * 86_400);
  });

  it("is none for a schedule that runs once, or not again", () => {
    expect(longestPeriodSeconds("at(2030-01-01T00:00:00)")).to.equal(undefined);
    expect(longestPeriodSeconds("cron(0 0 1 1 ? 2020)")).to.equal(undefined);
  });

  it("gives the runs of a month", () => {
    expect(runsPerMonth("rate(1 hour)")).to.equal(730);
    expect(runsPerMonth("cron(20 0/3 * * ? *)")).to.be.closeTo((8 * 365) / 12, 1e-6);
    expect(runsPerMonth("cron(0 6 ? * MON-FRI *)")).to.be.closeTo((5 * 52.14) / 12, 0.1);
    expect(runsPerMonth("at(2030-01-01T00:00:00)")).to.equal(0);
  });
});
