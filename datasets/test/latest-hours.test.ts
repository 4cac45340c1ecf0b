import { expect } from "chai";
import { DatasetLake, constant, hourly, hourOf } from "./dataset-lake.ts";

const day = "2018-12-03";
const window = { from: "2018-12-01", to: "2018-12-06" };

describe("latest_hours", () => {
  let lake: DatasetLake;
  beforeEach(() => {
    lake = new DatasetLake();
  });
  afterEach(() => lake.remove());

  async function series(lasts: readonly number[]): Promise<void> {
    for (const [building_id, count] of lasts.entries()) {
      await lake.put("readings_cleaned", ...hourly(day, constant(1, count), { building_id }));
    }
  }

  async function complete(): Promise<unknown> {
    return (await lake.run("latest_hours", window))[0]?.["complete_hour"];
  }

  it("are complete where four of five series that reported have a reading", async () => {
    await series([10, 10, 10, 10, 8]);
    expect(await complete()).to.equal(hourOf(day, 9));
  });

  it("are not complete where three of five have one", async () => {
    await series([10, 10, 10, 8, 8]);
    expect(await complete()).to.equal(hourOf(day, 7));
  });

  it("wait 24 hours for a series that has fallen silent", async () => {
    await series([20, 20, 20, 20, 20, 3, 3, 3]);
    expect(await complete()).to.equal(hourOf(day, 2));
  });

  it("do not wait for it any longer", async () => {
    await series([40, 40, 40, 40, 40, 3, 3, 3]);
    expect(await complete()).to.equal(hourOf(day, 39));
  });

  it("do not count a series in its first hour: nobody waited for it", async () => {
    await series([5]);
    await lake.put("readings_cleaned", ...hourly(day, { 5: 1 }, { building_id: 9 }));
    expect(await complete()).to.equal(hourOf(day, 4));
  });

  it("bear a gap in a series", async () => {
    const [a, b] = [constant(1, 12), { ...constant(1, 3), 10: 1, 11: 1 }];
    await lake.put("readings_cleaned", ...hourly(day, a), ...hourly(day, b, { building_id: 2 }));
    expect(await complete()).to.equal(hourOf(day, 11));
  });

  it("are told per city, with the number of series and the first and last hour; none is complete of a single one", async () => {
    await lake.put(
      "readings_cleaned",
      ...hourly(day, constant(1, 3)),
      ...hourly(day, constant(1, 5), { meter: 1 }),
      ...hourly(day, { 30: 1 }, { city: "London", building_id: 2 }),
      ...hourly(day, { 31: 1 }, { city: null, building_id: 3 }),
    );
    expect(await lake.run("latest_hours", window)).to.deep.equal([
      {
        city: "Jacksonville",
        series: 2,
        first_hour: hourOf(day, 0),
        last_hour: hourOf(day, 4),
        complete_hour: hourOf(day, 2),
      },
      { city: "London", series: 1, first_hour: hourOf(day, 30), last_hour: hourOf(day, 30), complete_hour: null },
    ]);
  });
});
