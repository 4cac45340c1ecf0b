import { expect } from "chai";
import { DatasetLake, constant, hourly } from "./dataset-lake.ts";

describe("use_by_hour", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  it("adds up the readings of an hour, and tells it on the city's clock", async () => {
    await lake.register({ building_id: 1, site_id: 0, primary_use: "Office", square_feet: 1000 });
    const [first = {}, second = {}] = hourly("2018-12-03", { 4: 3, 5: 4 });
    await lake.put("readings_cleaned", first, { ...second, timestamp: "2018-12-03T04:30:00.000Z" });
    expect(await lake.run("use_by_hour")).to.deep.equal([
      {
        building_id: 1,
        meter: 0,
        city: "Jacksonville",
        site_id: 0,
        primary_use: "Office",
        hour: "2018-12-03T04:00:00.000Z",
        local_hour: "2018-12-02T23:00:00.000Z",
        use: 7,
        use_per_square_foot: 0.007,
        readings: 2,
        doubtful: 0,
        dt: "2018-12-03",
      },
    ]);
  });

  it("does not count spikes and negative readings as use, and says that they were there", async () => {
    const [first = {}, second = {}, third = {}] = hourly("2018-12-03", { 1: 5, 2: 900, 3: -1 });
    await lake.put(
      "readings_cleaned",
      first,
      { ...second, quality: "spike", timestamp: "2018-12-03T01:15:00.000Z" },
      { ...third, quality: "negative" },
    );
    const rows = await lake.run("use_by_hour");
    const told = rows.map(({ hour, use, readings, doubtful }) => [hour, use, readings, doubtful]);
    expect(told.sort()).to.deep.equal([
      ["2018-12-03T01:00:00.000Z", 5, 2, 1],
      ["2018-12-03T03:00:00.000Z", null, 1, 1],
    ]);
  });

  it("has a building that the register lacks, without what the register would tell", async () => {
    await lake.put("readings_cleaned", ...hourly("2018-12-03", { 1: 5 }, { site_id: null, quality: "unregistered" }));
    const [row] = await lake.run("use_by_hour");
    expect([row?.["use"], row?.["primary_use"], row?.["use_per_square_foot"]]).to.deep.equal([5, null, null]);
  });

  it("counts a building once that the register has twice", async () => {
    await lake.register({ building_id: 1, site_id: 0 }, { building_id: 1, site_id: 0, square_feet: 10 });
    await lake.put("readings_by_day", ...hourly("2018-12-03", { 1: 5 }));
    await lake.make("readings_cleaned");
    const rows = await lake.run("use_by_hour");
    expect(rows.map(({ use, use_per_square_foot }) => [use, use_per_square_foot])).to.deep.equal([[5, 0.5]]);
  });

  it("has no use per area of a building without any", async () => {
    await lake.register({ building_id: 1, site_id: 0, square_feet: 0 });
    await lake.put("readings_cleaned", ...hourly("2018-12-03", { 1: 5 }));
    const [row] = await lake.run("use_by_hour");
    expect(row?.["use_per_square_foot"]).to.equal(null);
  });
});

describe("use_by_day", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  async function days(from: string, to: string) {
    const rows = await lake.run("use_by_day", { from, to });
    return rows.map(({ dt, use, hours }) => [dt, use, hours]).sort();
  }

  it("has days of the city's clock: New York's begins at 05:00 UTC in winter", async () => {
    await lake.put("readings_cleaned", ...hourly("2018-12-03", { 4: 1, 5: 2, 28: 4, 29: 8 }));
    expect(await days("2018-12-02", "2018-12-05")).to.deep.equal([
      ["2018-12-02", 1, 1],
      ["2018-12-03", 6, 2],
      ["2018-12-04", 8, 1],
    ]);
  });

  it("has 23 hours when the clock is put forward, and 25 when it is put back", async () => {
    await lake.put(
      "readings_cleaned",
      ...hourly("2018-03-11", constant(1, 72, -24)),
      ...hourly("2018-11-04", constant(1, 72, -24)),
    );
    expect(await days("2018-03-11", "2018-03-12")).to.deep.equal([["2018-03-11", 23, 23]]);
    expect(await days("2018-11-04", "2018-11-05")).to.deep.equal([["2018-11-04", 25, 25]]);
  });

  it("takes a city's own clock, and UTC where the city is not known", async () => {
    await lake.put(
      "readings_cleaned",
      ...hourly("2018-07-01", { 23: 1 }, { city: "London", building_id: 2 }),
      ...hourly("2018-07-01", { 23: 2 }, { city: null, building_id: 3 }),
    );
    expect(await days("2018-07-01", "2018-07-03")).to.deep.equal([
      ["2018-07-01", 2, 1],
      ["2018-07-02", 1, 1],
    ]);
  });

  it("counts the hours that there are, so that a gap shows", async () => {
    await lake.put("readings_cleaned", ...hourly("2018-12-03", { ...constant(1, 10, 5), ...constant(1, 4, 20) }));
    expect(await days("2018-12-03", "2018-12-04")).to.deep.equal([["2018-12-03", 14, 14]]);
  });
});
