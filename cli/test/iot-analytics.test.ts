import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { metercast, query, Started, temporaryFolder } from "./command.ts";

const fixture = fileURLToPath(new URL("../../environments/test/fixtures/iot-analytics.yaml", import.meta.url));

describe("the set-up that teams bring from IoT Analytics", function () {
  this.timeout(60_000);

  it("runs as it was: one topic for all meters, their own SELECT, another for weather, a filter", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", fixture, "--data", data, "--once");
    expect(await started.ended).to.equal(0);
    const { readings, weather } = (await started.event("loaded")) as unknown as Record<string, Record<string, number>>;
    expect(readings?.["stored"]).to.equal(Number(readings?.["sent"]) - Number(readings?.["dropped"]));
    expect(weather?.["stored"]).to.equal(weather?.["sent"]);

    const { out } = await metercast("status", "--data", data, "--json");
    const status = JSON.parse(out) as { readings: { dropped: Record<string, number> } };
    expect(Object.keys(status.readings.dropped)).to.deep.equal(["drop_1099"]);
    const sql =
      "SELECT count(DISTINCT meter) AS meters, sum(CASE WHEN building_id = 1099 AND meter = 2 THEN 1 ELSE 0 END) AS spared FROM readings";
    expect((await query(data, sql))[0]).to.deep.equal({ meters: 4, spared: 0 });
  });

  it("takes single messages only, as the check of the file says", async () => {
    const { code, error } = await metercast("environment", "check", fixture);
    expect(code).to.equal(0);
    expect(error).to.match(/warning: .*single messages/);
  });

  it("is warned of when envelopes are sent to it", async () => {
    const started = new Started(
      "--environment",
      fixture,
      "--data",
      temporaryFolder(),
      "--once",
      "--no-run",
      "--envelope",
      "100",
    );
    expect(await started.ended).to.equal(0);
    expect(started.error).to.match(/^Warning: .*jh_iot_device_data.*: a SELECT of columns makes {} of an envelope/);
  });
});
