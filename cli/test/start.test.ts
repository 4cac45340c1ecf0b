import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { metercast, query, Started, temporaryFolder } from "./command.ts";

const small = fileURLToPath(new URL("small.yaml", import.meta.url));

interface Ends {
  sent: number;
  stored: number;
  dropped: number;
  rejected: number;
}

describe("metercast start", function () {
  this.timeout(180_000);

  it("loads, says what became of everything, and ends with --once", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", small, "--data", data, "--once");
    expect(await started.ended).to.equal(0);
    expect(started.events.map(({ event }) => event)).to.deep.equal(["ready", "loaded"]);
    const [ready, loaded] = started.events;
    expect(ready?.["mqtt"]).to.match(/^mqtt:\/\/127\.0\.0\.1:\d+$/);
    expect(ready?.["http"]).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(loaded).to.include({ environment: "small" });
    const readings = loaded?.["readings"] as Ends;
    const weather = loaded?.["weather"] as Ends;
    expect(readings.sent).to.be.greaterThan(336);
    expect(readings).to.include({ stored: readings.sent - readings.dropped, rejected: 0 });
    expect(readings.dropped).to.be.within(300, 336);
    expect(weather).to.deep.equal({ sent: weather.sent, stored: weather.sent, dropped: 0, rejected: 0 });

    const status = JSON.parse((await metercast("status", "--data", data, "--json")).out) as Record<string, unknown>;
    expect(status).to.deep.equal({
      readings: {
        accepted: readings.sent,
        stored: readings.stored,
        dropped: { "filter: building_id <> 1099": readings.dropped },
        rejected: {},
      },
      weather: { accepted: weather.sent, stored: weather.sent, dropped: {}, rejected: {} },
      unrouted: 0,
    });

    const again = new Started("--environment", small, "--data", data, "--once");
    expect(await again.ended).to.equal(0);
    expect(again.events[1]).to.deep.include({ readings, weather });
  });

  it("stores every acknowledged reading once when it is killed in the middle of a load and started again", async () => {
    const data = temporaryFolder();
    const words = ["--environment", small, "--data", data];
    const kills = 3;
    for (let kill = 0; kill < kills; kill++) {
      const started = new Started(...words);
      await started.event("ready");
      await new Promise((resolve) => setTimeout(resolve, 150 + 200 * kill));
      await started.stop("SIGKILL");
    }
    const last = new Started(...words, "--once");
    expect(await last.ended).to.equal(0);
    const loaded = last.events.find(({ event }) => event === "loaded");
    const whole = temporaryFolder();
    const reference = new Started("--environment", small, "--data", whole, "--once");
    expect(await reference.ended).to.equal(0);
    expect((loaded?.["readings"] as Ends).sent).to.equal((reference.events[1]?.["readings"] as Ends).sent);

    const sql = `SELECT building_id, meter, "timestamp", meter_reading FROM readings ORDER BY building_id, meter, "timestamp"`;
    expect(await query(data, sql)).to.deep.equal(await query(whole, sql));
    const [twice] = await query(
      data,
      `SELECT count(*) AS copies FROM (SELECT record_id, "position" FROM readings_landing GROUP BY record_id, "position" HAVING count(*) > 1) AS c`,
    );
    expect(twice).to.deep.equal({ copies: 0 });
  });

  it("answers queries of another process while it runs, with all that was acknowledged", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", small, "--data", data, "--no-load");
    const { http } = await started.event("ready");
    for (let count = 1; count <= 2; count++) {
      const reading = { building_id: 105, meter: 0, timestamp: 1_544_065_200_000 + count, meter_reading: count };
      const topic = encodeURIComponent("metercast/small/London/meter/electricity");
      await fetch(`${String(http)}/topics/${topic}?qos=1`, { method: "POST", body: JSON.stringify(reading) });
      expect(await query(data, "SELECT count(*) AS n, max(city) AS city FROM readings")).to.deep.equal([
        { n: count, city: "London" },
      ]);
    }
    expect(await started.stop("SIGINT")).to.equal(0);
    expect(readdirSync(join(data, "streams", "metercast-small-readings", "staged"))).to.have.length(0);
    expect(readdirSync(data)).not.to.include("lock");
  });

  it("sends a file in place of generated weather, leaves out what is wrong in it, and says so with its exit code", async () => {
    const file = join(temporaryFolder(), "weather.json");
    const hour = (timestamp: unknown) => ({ site_id: 1, timestamp, air_temperature: 10, wind_speed: null });
    writeFileSync(file, JSON.stringify([hour(1_544_065_200_000), hour("soon"), hour(1_544_068_800_000)]));
    const started = new Started("--environment", small, "--data", temporaryFolder(), "--once", "--weather-file", file);
    expect(await started.ended).to.equal(1);
    const loaded = await started.event("loaded");
    expect(loaded["weather"]).to.deep.equal({ sent: 2, stored: 2, dropped: 0, rejected: 0 });
    expect(started.error).to.match(/weather\.json: record 2.*timestamp/);
    expect(started.error).to.contain("1 record was not sent.");
  });

  it("serves the page at the address that it tells, an environment without a dashboard too", async () => {
    const started = new Started("--environment", small, "--data", temporaryFolder(), "--no-load");
    const page = String((await started.event("ready"))["page"]);
    expect(page).to.match(/^http:\/\/127\.0\.0\.1:\d+\/$/);
    const html = await fetch(page);
    expect(html.headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(await html.text()).to.contain("/app.js");
    expect((await (await fetch(`${page}app.js`)).text()).length).to.be.greaterThan(100);
    const told = (await (await fetch(`${page}api/dashboard`)).json()) as Record<string, unknown>;
    expect(told).to.deep.include({ environment: "small", dashboards: [] });
    const status = (await (await fetch(`${page}api/status`)).json()) as Record<string, unknown>;
    expect(status["ends"]).to.deep.include({ weather: { accepted: 0, stored: 0, dropped: {}, rejected: {} } });
    expect(await started.stop("SIGTERM")).to.equal(0);
  });

  it("says in a sentence what to do when a port is in use", async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    const { port } = taken.address() as { port: number };
    const words = ["start", "--environment", small, "--data", temporaryFolder(), "--http-port", "0"];
    const { code, error } = await metercast(...words, "--mqtt-port", String(port));
    taken.close();
    expect(code).to.equal(1);
    expect(error).to.equal(
      `Port ${port} is in use: choose another with --mqtt-port N, or --mqtt-port 0 for any that is free.\n`,
    );
  });
});

describe("the command line", function () {
  this.timeout(60_000);

  it("answers wrong usage with 2 and the nearest name", async () => {
    const { code, error } = await metercast("start", "--enviroment", "dev");
    expect(code).to.equal(2);
    expect(error).to.contain("unknown option '--enviroment'").and.to.contain("Did you mean --environment?");
    expect((await metercast("statu")).error).to.contain("Did you mean status?");
    expect((await metercast("start", "--mqtt-port", "70000")).code).to.equal(2);
    const empty = await metercast("status", "--data", "");
    expect([empty.code, empty.error]).to.deep.equal([2, "A path is empty: name a file or a folder.\n"]);
  });

  it("has help for everything", async () => {
    for (const words of [
      ["--help"],
      ["start", "--help"],
      ["environment", "check", "--help"],
      ["graph", "check", "--help"],
    ]) {
      const { code, out } = await metercast(...words);
      expect(code).to.equal(0);
      expect(out).to.contain("Usage: metercast");
    }
  });

  it("prints the graph on one line, and over many when asked", async () => {
    const { out } = await metercast("graph", "--environment", small);
    expect(out.indexOf("\n")).to.equal(out.length - 1);
    const { out: indented } = await metercast("graph", "--environment", small, "--indent");
    expect(JSON.parse(indented)).to.deep.equal(JSON.parse(out));
    expect(indented.split("\n").length).to.be.greaterThan(100);
  });

  it("shows all that is wrong in an environment file", async () => {
    const file = join(temporaryFolder(), "wrong.yaml");
    writeFileSync(
      file,
      readFileSync(small, "utf8").replace("siteId: 13", "siteID: 13").replace("Europe/London", "Europe/Londn"),
    );
    const { code, error } = await metercast("environment", "check", file);
    expect(code).to.equal(1);
    expect(error).to.match(/wrong\.yaml:\d+:\d+: .*siteID.*siteId/);
    expect(error).to.contain("Europe/London");
  });

  it("names the nearest environment for a typo", async () => {
    const { code, error } = await metercast("graph", "--environment", "prd");
    expect(code).to.equal(1);
    expect(error).to.contain("did you mean prod?");
  });

  it("finds the data folder of an environment by its name or by its file", async () => {
    const { code, error } = await metercast("status", "--environment", small);
    expect(code).to.equal(1);
    expect(error).to.match(/There is no data folder .*\.metercast.small: run `npm start` first/);
  });

  it("says of a data folder that something broke what is wrong in it", async () => {
    const data = temporaryFolder();
    writeFileSync(join(data, "graph.json"), "{");
    const { code, error } = await metercast("status", "--data", data);
    expect(code).to.equal(1);
    expect(error).to.match(/^\S*graph\.json cannot be read \(.*\): `npm start` writes it anew when it is moved away/);
  });

  it("refuses a query that Athena would not take, with what to do instead", async () => {
    const data = temporaryFolder();
    expect(await new Started("--environment", small, "--data", data, "--no-load", "--once").ended).to.equal(0);
    const { code, error } = await metercast("query", "SELECT read_text('/etc/hostname')", "--data", data);
    expect(code).to.equal(1);
    expect(error).to.contain("read_text");
  });
});
