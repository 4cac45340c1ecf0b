import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { metercast, query, Started, temporaryFolder } from "./command.ts";

const fixture = fileURLToPath(new URL("../../environments/test/fixtures/functions.yaml", import.meta.url));
const hour = 1_544_065_200_000;

async function publish(http: unknown, topic: string, message: unknown): Promise<void> {
  const url = `${String(http)}/topics/${encodeURIComponent(`metercast/functions/${topic}`)}?qos=1`;
  const { status } = await fetch(url, { method: "POST", body: JSON.stringify(message) });
  expect(status).to.equal(200);
}

describe("an environment with functions of the team's", function () {
  this.timeout(60_000);

  it("stores what they give, rejects what they break, and accounts for all of it", async () => {
    const data = temporaryFolder();
    const started = new Started("--environment", fixture, "--data", data, "--no-load");
    const { http } = await started.event("ready");
    const reading = (building_id: number, meter: number, meter_reading: number) => ({
      ...{ building_id, meter, timestamp: hour, meter_reading },
    });
    await publish(http, "Jacksonville/meter/electricity", [reading(3, 0, 10), reading(12, 0, 10), reading(4, 0, -1)]);
    await publish(http, "Jacksonville/meter/electricity", reading(5, 0, 1.5));
    await publish(http, "Jacksonville/meter/steam", reading(3, 2, 10));
    await publish(http, "Jacksonville/weather", { site_id: 0, timestamp: hour, air_temperature: 25 });
    await publish(http, "Dublin/weather", { site_id: 12, timestamp: hour, air_temperature: 9 });

    expect(
      await query(
        data,
        "SELECT building_id, meter, meter_reading, factor, kbtu IS NULL AS plain FROM readings ORDER BY meter, building_id",
      ),
    ).to.deep.equal([
      { building_id: 3, meter: 0, meter_reading: 20, factor: 2, plain: false },
      { building_id: 5, meter: 0, meter_reading: 3, factor: 2, plain: false },
      { building_id: 12, meter: 0, meter_reading: 10, factor: 1, plain: false },
      { building_id: 3, meter: 2, meter_reading: 10, factor: null, plain: true },
    ]);
    expect(await query(data, "SELECT site_id, grade FROM weather")).to.deep.equal([{ site_id: 0, grade: "good" }]);
    const { out } = await metercast("status", "--data", data, "--json");
    expect(JSON.parse(out)).to.deep.equal({
      readings: { accepted: 5, stored: 4, dropped: { "filter: meter_reading >= 0": 1 }, rejected: {} },
      weather: { accepted: 2, stored: 1, dropped: {}, rejected: { "lambda failed: lambda: grade.mjs": 1 } },
      unrouted: 0,
    });
    await started.stop("SIGTERM");
    expect(started.error).to.equal("");
  });
});
