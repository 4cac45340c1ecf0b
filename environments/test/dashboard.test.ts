import { expect } from "chai";
import { runsPerDay } from "../runs-per-day.ts";
import { environmentOf, problemAtMark, problemsOf, right } from "./build.ts";

const dashboard = `dashboard:
  authors: [group/energy-managers]
  digest: { from: energy@example.com, recipients: [jane@example.com] }
`;

/** A right environment with a dashboard, and other lines besides. */
const withDashboard = (more = "") => `${right}${dashboard}${more}`;

describe("The section dashboard", () => {
  it("is none where a file does not have it, or says so", () => {
    expect(environmentOf(right).dashboard).to.equal(undefined);
    expect(environmentOf(`${right}dashboard: none\n`).dashboard).to.equal(undefined);
  });

  it("has defaults, its zone that of the first city", () => {
    expect(environmentOf(withDashboard()).dashboard).to.deep.equal({
      authors: ["group/energy-managers"],
      viewers: [],
      refresh: "full",
      embedDomains: [],
      theme: "light",
      digest: {
        from: "energy@example.com",
        recipients: ["jane@example.com"],
        time: "07:00",
        timeZone: "America/New_York",
      },
    });
  });

  it("is a map or none, and a slip is told with what was meant", () => {
    expect(problemAtMark(`${right}dashboard: ▸non\n`).message).to.equal(
      'must be a map of authors, viewers and the like, or none, not the text "non"; did you mean none?',
    );
    expect(problemAtMark(withDashboard("  ▸veiwers: []\n")).message).to.contain("did you mean viewers?");
  });

  it("names principals as QuickSight has them", () => {
    const problem = problemAtMark(`${right}dashboard:\n  authors: [▸energy-managers]\n`);
    expect(problem.path).to.equal("dashboard.authors[0]");
    expect(problem.message).to.contain("must be group/NAME or user/NAME");
    expect(problemAtMark(`${right}dashboard:\n  authors: ▸[]\n`).message).to.equal("must have at least 1 entry");
  });

  it("gives each principal one place", () => {
    expect(problemAtMark(withDashboard("  viewers: [group/owners, ▸group/energy-managers]\n")).message).to.contain(
      "is an author, too",
    );
    expect(problemAtMark(withDashboard("  viewers: [user/jane, ▸user/jane]\n")).message).to.contain("must be unique");
  });

  it("embeds into three origins at most, each https", () => {
    for (const origin of ["https://energy.example.com", "https://*.example.com:8443", "http://localhost:3000"]) {
      expect(problemsOf(withDashboard(`  embedDomains: ["${origin}"]\n`)), origin).to.deep.equal([]);
    }
    for (const origin of ["http://energy.example.com", "https://energy.example.com/page", "energy.example.com", "*"]) {
      expect(problemAtMark(withDashboard(`  embedDomains: [▸"${origin}"]\n`)).message, origin).to.contain("origin");
    }
    const four = ["a", "b", "c", "d"].map((name) => `https://${name}.example.com`).join(", ");
    expect(problemAtMark(withDashboard(`  embedDomains: ▸[${four}]\n`)).message).to.equal(
      "must have at most 3 entries",
    );
  });

  it("sends a digest at a time of day in a zone that there is", () => {
    const digest = (more: string) =>
      `${right}dashboard:\n  authors: [user/jane]\n  digest:\n    from: energy@example.com\n    recipients: [jane@example.com]\n    ${more}\n`;
    expect(environmentOf(digest("timeZone: Europe/Dublin")).dashboard?.digest?.timeZone).to.equal("Europe/Dublin");
    expect(problemAtMark(digest('time: ▸"24:00"')).message).to.contain('such as "07:00"');
    expect(problemAtMark(digest("timeZone: ▸Europe/Dublinn")).path).to.equal("dashboard.digest.timeZone");
    expect(problemAtMark(digest("▸tme: '07:00'")).message).to.contain("did you mean time?");
  });

  it("needs an environment that predicts", () => {
    expect(problemsOf(withDashboard("inference: none\n")))
      .to.have.length(1)
      .and.satisfy(([problem]: string[]) => problem?.includes("inference is none"));
  });
});

describe("The refresh of the dashboard", () => {
  const scheduled = (schedule: string, refresh = "") =>
    problemsOf(withDashboard(`${refresh}inference: { schedule: "${schedule}" }\n`));

  it("keeps to QuickSight's 32 full refreshes a day", () => {
    expect(scheduled("rate(1 hour)")).to.deep.equal([]);
    expect(scheduled("cron(0 * * * ? *)")).to.deep.equal([]);
    expect(scheduled("rate(48 minutes)")).to.deep.equal([]);
    const [problem] = scheduled("rate(45 minutes)");
    expect(problem).to.contain("inference.schedule: rate(45 minutes) is 32 runs a day");
    expect(problem).to.contain("let it run 30 times a day at most, or write dashboard.refresh: incremental");
  });

  it("may be incremental with up to 96 runs a day", () => {
    expect(scheduled("cron(0/15 * * * ? *)", "  refresh: incremental\n")).to.deep.equal([]);
    const [problem] = scheduled("rate(10 minutes)", "  refresh: incremental\n");
    expect(problem).to.contain("144 runs a day").and.contain("100 incremental refreshes");
    expect(problem).not.to.contain("write dashboard.refresh");
  });

  it("does not count where there is no dashboard, nor by a schedule that is none", () => {
    expect(problemsOf(`${right}inference: { schedule: "rate(5 minutes)" }\n`)).to.deep.equal([]);
    expect(scheduled("rate(5 minute)")).to.have.length(1);
  });
});

describe("The runs of a day", () => {
  it("are counted by rate, cron and at", () => {
    const counts = {
      "rate(1 minute)": 1440,
      "rate(7 hours)": 4,
      "rate(2 days)": 1,
      "at(2026-01-31T06:00:00)": 1,
      "cron(0 7 * * ? *)": 1,
      "cron(0/15 * * * ? *)": 96,
      "cron(5/20 8-18 ? * MON-FRI *)": 33,
      "cron(0,30,30 3,20-22 * * ? *)": 8,
      "cron(*/30 0,12 1 * ? *)": 4,
    };
    for (const [schedule, count] of Object.entries(counts)) expect(runsPerDay(schedule), schedule).to.equal(count);
    expect(runsPerDay("every hour")).to.equal(undefined);
  });
});
