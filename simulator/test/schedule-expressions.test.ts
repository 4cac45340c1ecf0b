import awsCronParser from "aws-cron-parser";
import { expect } from "chai";
import { Cron } from "../scheduler/cron.ts";
import { compileExpression } from "../scheduler/expression.ts";

const anchor = { time: Date.parse("2026-01-01T00:00:00Z"), isFirst: false };

/** The first times of an expression after another. */
function times(text: string, after: string, count: number, timeZone = "UTC"): string[] {
  const expression = compileExpression(text, { timeZone, anchor });
  const found: string[] = [];
  for (let next = expression.next(Date.parse(after)); next !== undefined && found.length < count;) {
    found.push(new Date(next).toISOString().replace(":00.000Z", "Z"));
    next = expression.next(next);
  }
  return found;
}

describe("rate()", () => {
  it("counts from its anchor, which is a first time only where it is a start date", () => {
    expect(times("rate(1 hour)", "2026-01-01T00:00:00Z", 2)).to.deep.equal(["2026-01-01T01:00Z", "2026-01-01T02:00Z"]);
    expect(times("rate(5 minutes)", "2026-01-01T03:01:00Z", 1)).to.deep.equal(["2026-01-01T03:05Z"]);
    const started = compileExpression("rate(1 day)", { timeZone: "UTC", anchor: { ...anchor, isFirst: true } });
    expect(started.next(anchor.time - 1)).to.equal(anchor.time);
    expect(started.next(anchor.time)).to.equal(anchor.time + 86_400_000);
  });

  it("has days of 24 hours, whatever the clocks do", () => {
    expect(times("rate(1 day)", "2026-03-28T12:00:00Z", 2, "Europe/London")).to.deep.equal([
      "2026-03-29T00:00Z",
      "2026-03-30T00:00Z",
    ]);
  });

  it("is refused when it is none", () => {
    for (const text of ["rate(0 hours)", "rate(1.5 hours)", "rate(2 weeks)", "rate(hour)", "every(1 hour)"]) {
      expect(() => times(text, "2026-01-01T00:00:00Z", 1), text).to.throw(/is no (rate|schedule)/);
    }
  });
});

describe("at()", () => {
  it("is once, on the wall clock of its zone", () => {
    expect(times("at(2022-11-20T13:00:00)", "2020-01-01T00:00:00Z", 2, "Europe/London")).to.deep.equal([
      "2022-11-20T13:00Z",
    ]);
    expect(times("at(2022-11-20T13:00:00)", "2020-01-01T00:00:00Z", 2, "America/New_York")).to.deep.equal([
      "2022-11-20T18:00Z",
    ]);
    expect(times("at(2022-11-20T13:00:00)", "2023-01-01T00:00:00Z", 1)).to.deep.equal([]);
    expect(() => times("at(2022-11-20)", "2020-01-01T00:00:00Z", 1)).to.throw("is no time");
  });
});

describe("cron()", () => {
  // the examples of EventBridge's user guide, "Cron expressions", and of EventBridge Scheduler's, "Schedule types"
  const examples: [expression: string, expected: string[]][] = [
    ["15 10 * * ? *", ["2026-02-05T10:15Z", "2026-02-06T10:15Z"]],
    ["0 18 ? * MON-FRI *", ["2026-02-05T18:00Z", "2026-02-06T18:00Z", "2026-02-09T18:00Z"]],
    ["0 8 1 * ? *", ["2026-03-01T08:00Z", "2026-04-01T08:00Z"]],
    ["0/10 * ? * MON-FRI *", ["2026-02-05T00:10Z", "2026-02-05T00:20Z"]],
    ["0/5 8-17 ? * MON-FRI *", ["2026-02-05T08:00Z", "2026-02-05T08:05Z"]],
    ["0 9 ? * 2#1 *", ["2026-03-02T09:00Z", "2026-04-06T09:00Z"]],
    ["15 10 ? * 6L 2022-2026", ["2026-02-27T10:15Z", "2026-03-27T10:15Z"]],
    ["0 10 L * ? *", ["2026-02-28T10:00Z", "2026-03-31T10:00Z"]],
    ["0 12 3W * ? *", ["2026-03-03T12:00Z", "2026-04-03T12:00Z", "2026-05-04T12:00Z"]],
    ["0 0 1W * ? *", ["2026-03-02T00:00Z", "2026-04-01T00:00Z"]],
    ["0 0 31W * ? *", ["2026-03-31T00:00Z", "2026-05-29T00:00Z"]],
    ["0 0 29 2 ? *", ["2028-02-29T00:00Z", "2032-02-29T00:00Z"]],
    ["0 0 ? * L *", ["2026-02-07T00:00Z", "2026-02-14T00:00Z"]],
    ["0 0 1,15 1-3/2 ? *", ["2026-03-01T00:00Z", "2026-03-15T00:00Z", "2027-01-01T00:00Z"]],
    ["0 0 1 1 ? 2025", []],
  ];
  for (const [expression, expected] of examples) {
    it(`finds the times of ${expression}`, () => {
      const found = times(`cron(${expression})`, "2026-02-05T00:00:00Z", Math.max(1, expected.length));
      expect(found).to.deep.equal(expected);
    });
  }

  it("agrees with another reader of AWS's expressions", () => {
    for (const text of [
      "0/15 * * * ? *",
      "9 0,12 7,9,11 5 ? 2020,2024-2099",
      "30 6 ? JAN,JUL MON-WED *",
      "0 4 L * ? *",
    ]) {
      const cron = new Cron(text);
      const other = awsCronParser.parse(text);
      let time = Date.parse("2024-01-30T11:47:00Z");
      for (let count = 0; count < 50; count++) {
        const expected: Date = awsCronParser.next(other, new Date(time)) as Date;
        const next = cron.next(time);
        expect(next, `${text} after ${new Date(time).toISOString()}`).to.equal(expected.getTime());
        time = Number(next);
      }
    }
  });

  it("leaves out a time that clocks are set forward over", () => {
    // 2026-03-29, 01:00 to 02:00 in London is not
    const found = times("cron(30 1 * * ? *)", "2026-03-28T00:00:00Z", 3, "Europe/London");
    expect(found).to.deep.equal(["2026-03-28T01:30Z", "2026-03-30T00:30Z", "2026-03-31T00:30Z"]);
  });

  it("takes a time that clocks are set back over once, the first time", () => {
    // 2026-11-01, 01:00 to 02:00 in New York is twice
    const daily = times("cron(30 1 * * ? *)", "2026-11-01T00:00:00Z", 2, "America/New_York");
    expect(daily).to.deep.equal(["2026-11-01T05:30Z", "2026-11-02T06:30Z"]);
    const often = times("cron(0/30 * * * ? *)", "2026-11-01T04:45:00Z", 4, "America/New_York");
    expect(often).to.deep.equal(["2026-11-01T05:00Z", "2026-11-01T05:30Z", "2026-11-01T07:00Z", "2026-11-01T07:30Z"]);
  });

  it("knows zones of half hours", () => {
    expect(times("cron(0 6 * * ? *)", "2026-01-01T00:00:00Z", 1, "Asia/Kolkata")).to.deep.equal(["2026-01-01T00:30Z"]);
  });

  it("is refused with the field that is wrong", () => {
    const refusal = (text: string) => {
      try {
        times(`cron(${text})`, "2026-01-01T00:00:00Z", 1);
        return "none";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(refusal("0 6 * * ?")).to.include("six fields");
    expect(refusal("0 6 * * * *")).to.include("one is ?");
    expect(refusal("0 6 ? * ? *")).to.include("one is ?");
    expect(refusal("60 6 * * ? *")).to.equal('"60" is no minutes: 0 to 59, *, a-b, a/step and a,b are');
    expect(refusal("0 6 32 * ? *")).to.include('"32" is no day of month');
    expect(refusal("0 6 * XYZ ? *")).to.include('"XYZ" is no month: 1 to 12 (JAN to DEC)');
    expect(refusal("0 6 ? * FRI-MON *")).to.include('"FRI-MON" is no day of week');
    expect(refusal("0/0 6 * * ? *")).to.include('"0/0" is no minutes');
    expect(refusal("0 6 1,L * ? *")).to.include('"L" is no day of month');
    expect(refusal("0 6 * * ? 1969")).to.include('"1969" is no year');
    expect(() => compileExpression("rate(1 hour)", { timeZone: "Mars/Olympus", anchor })).to.throw("no time zone");
  });
});
