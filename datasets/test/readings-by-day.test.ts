import { expect } from "chai";
import { DatasetLake } from "./dataset-lake.ts";

const midnight = "2018-12-04T00:00:00.000Z";

function landed(changes: Record<string, string | number | null> = {}) {
  return {
    ...{ building_id: 1, meter: 0, timestamp: "2018-12-03T10:00:00.000Z", meter_reading: 5, kwh: 1.5 },
    ...{ city: "Jacksonville", received: 1000, record_id: "a", position: 0, dt: "2018-12-03" },
    ...changes,
  };
}

describe("readings_by_day", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  it("has the columns of what landed, those that activities added too, and the event day", async () => {
    await lake.put("readings_landing", landed());
    expect(await lake.run("readings_by_day")).to.deep.equal([landed()]);
  });

  it("keeps of copies the latest: by arrival, then record, then place in the envelope", async () => {
    await lake.put(
      "readings_landing",
      landed({ meter_reading: 1, received: 1000, record_id: "z", position: 9 }),
      landed({ meter_reading: 2, received: 2000, record_id: "a", position: 7 }),
      landed({ meter_reading: 3, received: 2000, record_id: "b", position: 0 }),
      landed({ meter_reading: 4, received: 2000, record_id: "b", position: 1 }),
    );
    const rows = await lake.run("readings_by_day");
    expect(rows.map(({ meter_reading }) => meter_reading)).to.deep.equal([4]);
  });

  it("keeps meter types and buildings apart", async () => {
    await lake.put("readings_landing", landed(), landed({ meter: 1 }), landed({ building_id: 2 }));
    expect(await lake.run("readings_by_day")).to.have.length(3);
  });

  it("takes a reading at midnight to the day that begins", async () => {
    await lake.put("readings_landing", landed({ timestamp: midnight }));
    expect(await lake.run("readings_by_day")).to.deep.equal([]);
    const [row] = await lake.run("readings_by_day", { from: "2018-12-04", to: "2018-12-05" });
    expect(row?.["dt"]).to.equal("2018-12-04");
  });

  it("adds a late reading to a day as it stands, and leaves what does not arrive again", async () => {
    await lake.put("readings_by_day", landed({ meter_reading: 5 }), landed({ building_id: 2, meter_reading: 7 }));
    await lake.put(
      "readings_landing",
      landed({ dt: "2018-12-20", received: 9000, record_id: "late", meter_reading: 6 }),
    );
    const rows = await lake.run("readings_by_day", { arrived_from: "2018-12-18" });
    expect(rows.map(({ building_id, meter_reading, dt }) => [building_id, meter_reading, dt]).sort()).to.deep.equal([
      [1, 6, "2018-12-03"],
      [2, 7, "2018-12-03"],
    ]);
  });

  it("does not let a late copy of something old take the place of what came after it", async () => {
    await lake.put("readings_by_day", landed({ received: 5000, meter_reading: 5 }));
    await lake.put("readings_landing", landed({ dt: "2018-12-20", received: 4000, meter_reading: 4 }));
    const rows = await lake.run("readings_by_day", { arrived_from: "2018-12-18" });
    expect(rows.map(({ meter_reading }) => meter_reading)).to.deep.equal([5]);
  });

  it("gives the same rows when it is made again", async () => {
    await lake.put("readings_landing", landed(), landed({ meter_reading: 9, received: 2000 }));
    await lake.make("readings_by_day");
    const again = await lake.run("readings_by_day");
    expect(again.map(({ meter_reading }) => meter_reading)).to.deep.equal([9]);
  });

  it("is made from its arrivals alone when it is rebuilt", async () => {
    await lake.put("readings_by_day", landed({ building_id: 99 }));
    await lake.put("readings_landing", landed());
    const rows = await lake.run("readings_by_day", { keep_current: false, arrived_from: "2018-01-01" });
    expect(rows.map(({ building_id }) => building_id)).to.deep.equal([1]);
  });
});

describe("weather_by_day", () => {
  it("keeps the latest copy per site and time, also among the arrivals of other days", async () => {
    const lake = new DatasetLake();
    try {
      const observation = {
        site_id: 0,
        timestamp: "2018-12-03T10:00:00.000Z",
        received: 1,
        record_id: "a",
        position: 0,
      };
      await lake.put("weather_by_day", { ...observation, air_temperature: 1, dt: "2018-12-03" });
      await lake.put(
        "weather_landing",
        { ...observation, air_temperature: 2, received: 2, dt: "2018-12-09" },
        { ...observation, site_id: 1, air_temperature: 3, dt: "2018-12-03" },
      );
      const rows = await lake.run("weather_by_day");
      expect(rows.map(({ site_id, air_temperature }) => [site_id, air_temperature]).sort()).to.deep.equal([
        [0, 2],
        [1, 3],
      ]);
    } finally {
      lake.remove();
    }
  });
});

describe("arrivals", () => {
  it("tell what arrived since a date by day of arrival and event day, late readings too", async () => {
    const lake = new DatasetLake();
    try {
      await lake.put(
        "readings_landing",
        landed({ dt: "2018-12-10", timestamp: "2018-12-10T01:00:00.000Z" }),
        landed({ dt: "2018-12-10", timestamp: "2018-11-02T01:00:00.000Z" }),
        landed({ dt: "2018-12-10", timestamp: "2018-11-02T02:00:00.000Z" }),
        landed({ dt: "2018-12-01", timestamp: "2018-12-01T02:00:00.000Z" }),
      );
      await lake.put("weather_landing", { site_id: 0, timestamp: "2018-12-09T23:00:00.000Z", dt: "2018-12-10" });
      expect(await lake.run("arrivals", { arrived_from: "2018-12-08" })).to.deep.equal([
        { pipeline: "readings", arrived: "2018-12-10", day: "2018-11-02", elements: 2 },
        { pipeline: "readings", arrived: "2018-12-10", day: "2018-12-10", elements: 1 },
        { pipeline: "weather", arrived: "2018-12-10", day: "2018-12-09", elements: 1 },
      ]);
    } finally {
      lake.remove();
    }
  });
});
