import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Email } from "@metercast/simulator";
import { expect } from "chai";
import { metercast, query, Started, temporaryFolder } from "./command.ts";
import { predictingEnvironment } from "./predicting.ts";

const hostile = `Wing <img src=x onerror=alert(1)> "A" & 'B'`;

/** A city of one clock with three meters that report for ten days, and one that falls silent 30 hours before their end. */
const environment = `name: small
region: us-east-1
meterTypes:
  - type: electricity
    unit: kWh
cities:
  - siteId: 1
    name: London
    label: ${JSON.stringify(`London <script>alert("1")</script>`)}
    country: GB
    subdivision: ENG
    latitude: 51.51
    longitude: -0.13
    timeZone: Europe/London
    buildings: { firstId: 105, count: 4 }
inference: {}
dashboard:
  authors: [group/authors]
  digest: { from: energy@example.com, recipients: [jane@example.com, joe@example.com] }
`;

const hours = Array.from({ length: 240 }, (_, hour) => Date.UTC(2018, 11, 7) + hour * 3_600_000);
const lastDay = Date.UTC(2018, 11, 16);
const silentHours = 30;

/** Each uses more than the one before, and on the last day ten per cent less than ever. */
const readings = [105, 106, 107, 108].map((building) =>
  hours
    .slice(0, building === 108 ? -silentHours : undefined)
    .map((timestamp) => [timestamp, (building - 104) * 100 * (timestamp < lastDay ? 1 : 0.9)] as const)
    .map(([timestamp, use]) => ({ building_id: building, meter: 0, timestamp, meter_reading: use })),
);
const weather = hours.map((timestamp, hour) => ({
  site_id: 1,
  timestamp,
  air_temperature: 5 + (hour % 24) / 4,
  dew_temperature: 2,
  sea_level_pressure: 1015,
  wind_direction: 90,
  wind_speed: 3,
}));

/** A data folder in which these have arrived, and forecasts of the last two days and the next. */
async function predicted(): Promise<string> {
  const data = temporaryFolder();
  const file = join(temporaryFolder(), "small.yaml");
  writeFileSync(file, environment);
  const started = new Started("--environment", file, "--data", data, "--no-load");
  const http = String((await started.event("ready"))["http"]);
  const publish = async (topic: string, message: object) => {
    const url = `${http}/topics/${encodeURIComponent(`metercast/small/London/${topic}`)}?qos=1`;
    expect((await fetch(url, { method: "POST", body: JSON.stringify(message) })).status).to.equal(200);
  };
  for (const one of readings) await publish("meter/electricity", one);
  await publish("weather", weather);
  const register = [105, 106, 107, 108].map((building_id) => ({
    ...{ building_id, site_id: 1, primary_use: building_id === 106 ? hostile : "Office" },
    ...{ square_feet: 1000, year_built: 1990 },
  }));
  const url = `${http}/metercast-small-123456789012-us-east-1/buildings/buildings.json`;
  const body = register.map((building) => `${JSON.stringify(building)}\n`).join("");
  expect((await fetch(url, { method: "PUT", body })).status).to.equal(200);
  const { code, error } = await metercast("run", "--data", data, "--backtest", "48");
  expect(code, error).to.equal(0);
  expect(await started.stop("SIGINT"), started.error).to.equal(0);
  return data;
}

/** A section of the text, below its title; cells that two spaces part. */
function section({ text = "" }: Email, title: string): string[][] {
  const parts = text.split("\n\n").find((part) => part.startsWith(title)) ?? "";
  return parts
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/ {2,}/));
}

describe("metercast digest", function () {
  this.timeout(240_000);
  let data: string;
  before(async () => void (data = await predicted()));

  async function sent(...options: string[]): Promise<Email> {
    const { code, out, error } = await metercast("digest", "--data", data, "--json", ...options);
    expect(code, error).to.equal(0);
    expect(error).to.equal("");
    return JSON.parse(out) as Email;
  }

  it("says how much was used on the day, beside the week before, and what is expected next", async () => {
    const email = await sent("--day", "2018-12-16");
    expect(email).to.deep.include({
      from: "energy@example.com",
      to: ["jane@example.com", "joe@example.com"],
      subject: "Energy use of Sunday, December 16, 2018 (small)",
    });
    expect(email.text).not.to.contain("There are no readings of");
    const city = 'London <script>alert("1")</script>';
    // three meters, 24 hours of 90, 180 and 270; a week before all four, of 100 to 400
    expect(section(email, "Use")[1]).to.deep.equal([city, "electricity", "12,960 kWh", "-46 %", "3"]);
    const [expected] = await query(
      data,
      `SELECT sum(predicted) AS all_ FROM predictions WHERE forecast_start = TIMESTAMP '2018-12-17 00:00:00'`,
    );
    expect(section(email, "Expected next")[1]).to.deep.equal([
      ...[city, "electricity", `${Math.round(Number(expected?.["all_"])).toLocaleString("en-US")} kWh`],
      "Dec 17, 00:00 to Dec 18, 00:00",
    ]);
  });

  it("names the three meters that were most off and the one that is silent, since when", async () => {
    const email = await sent("--day", "2018-12-16");
    const off = await query(
      data,
      `SELECT building_id FROM predictions_vs_readings
       WHERE forecast_start = TIMESTAMP '2018-12-16 00:00:00' AND reading IS NOT NULL
       GROUP BY building_id ORDER BY avg(abs(ln(1 + predicted) - ln(1 + reading))) DESC`,
    );
    const told = section(email, "Most off").slice(1);
    expect(told.map(([building]) => parseInt(building ?? "", 10))).to.deep.equal(off.map(({ building_id: id }) => id));
    expect(told.map(([, , , measured]) => measured)).to.have.members(["2,160 kWh", "4,320 kWh", "6,480 kWh"]);
    expect(section(email, "Silent: 1").slice(1)).to.deep.equal([
      ["108 Office", 'London <script>alert("1")</script>', "electricity", "Dec 15, 18:00", "30"],
    ]);
  });

  it("shows hostile names as they are written, and never as markup", async () => {
    const { text, html } = await sent("--day", "2018-12-16");
    expect(text).to.contain(`106 ${hostile}`);
    expect(html).to.contain("106 Wing &lt;img src=x onerror=alert(1)&gt; &quot;A&quot; &amp; &#39;B&#39;");
    expect(html).to.contain("London &lt;script&gt;");
    expect(html).not.to.match(/<(script|img)/);
  });

  it("says that yesterday has no readings, and which day it tells of instead", async () => {
    const { text, subject } = await sent();
    expect(subject).to.equal("Energy use of Sunday, December 16, 2018 (small)");
    expect(text).to.match(
      /\nThere are no readings of \w+, \w+ \d+, 20\d\d; the latest day that has any is Sunday, December 16, 2018\.\n/,
    );
    const early = await sent("--day", "2018-12-01");
    expect(early.subject).to.equal("Energy use: no readings (small)");
    expect(early.text).to.contain("There are no readings up to Saturday, December 1, 2018");
  });

  it("shows people the letter, and names the day that is none", async () => {
    const { out } = await metercast("digest", "--data", data);
    expect(out).to.match(
      /^From: energy@example\.com\nTo: jane@example\.com, joe@example\.com\nSubject: Energy use of /,
    );
    const { code, error } = await metercast("digest", "--data", data, "--day", "2018-02-30");
    expect(code).to.equal(2);
    expect(error).to.contain("A date is allowed, such as 2018-12-16.");
  });

  it("says what to do where the environment sends none", async () => {
    const other = temporaryFolder();
    const started = new Started("--environment", predictingEnvironment(), "--data", other, "--once", "--no-load");
    expect(await started.ended, started.error).to.equal(0);
    const { code, error } = await metercast("digest", "--data", other);
    expect(code).to.equal(1);
    expect(error).to.contain("This environment sends no digest: give the section `dashboard` of its file a `digest`");
  });
});
