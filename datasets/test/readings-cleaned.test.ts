import { expect } from "chai";
import type { Row } from "@metercast/simulator";
import { constant, DatasetLake, hourly, hourOf } from "./dataset-lake.ts";

const day = "2018-12-03";

/** The quality of each hour of the day, by its hour. */
function qualities(rows: readonly Row[]): Record<number, unknown> {
  return Object.fromEntries(
    rows.map(({ timestamp, quality }) => [Number((timestamp as string).slice(11, 13)), quality]),
  );
}

describe("readings_cleaned", () => {
  let lake: DatasetLake;
  beforeEach(async () => {
    lake = new DatasetLake();
    await lake.register({ building_id: 1, site_id: 0 }, { building_id: 2, site_id: 1 });
  });
  afterEach(() => lake.remove());

  async function quality(...rows: ReturnType<typeof hourly>): Promise<Record<number, unknown>> {
    await lake.put("readings_by_day", ...rows);
    return qualities(await lake.run("readings_cleaned"));
  }

  it("has every reading once, of the days that are asked for only", async () => {
    await lake.put("readings_by_day", ...hourly(day, { [-1]: 5, 0: 6, 23: 7, 24: 8 }));
    const rows = await lake.run("readings_cleaned");
    expect(rows.map(({ meter_reading, dt }) => [meter_reading, dt]).sort()).to.deep.equal([
      [6, day],
      [7, day],
    ]);
  });

  it("takes the city from the register, and from the sender where the register lacks the building", async () => {
    await lake.put(
      "readings_by_day",
      ...hourly(day, { 1: 5 }, { building_id: 2, city: "Jacksonville" }),
      ...hourly(day, { 1: 5 }, { building_id: 77, city: "Jacksonville" }),
    );
    const rows = await lake.run("readings_cleaned");
    const told = rows.map(({ building_id, city, site_id, quality: what }) => [building_id, city, site_id, what]);
    expect(told.sort()).to.deep.equal([
      [2, "London", 1, "good"],
      [77, "Jacksonville", null, "unregistered"],
    ]);
  });

  it("marks what is below zero", async () => {
    expect(await quality(...hourly(day, { 1: -0.5, 2: 0, 3: 0.5 }))).to.deep.equal({
      1: "negative",
      2: "good",
      3: "good",
    });
  });

  it("marks electricity of zero for 24 hours, over midnight too, and not for 23", async () => {
    const first = await quality(...hourly(day, { ...constant(3, 10, -20), ...constant(0, 24, -10), 14: 2 }));
    expect(first[0]).to.equal("zero_run");
    expect(first[13]).to.equal("zero_run");
    expect(first[14]).to.equal("good");
  });

  it("takes 23 hours of zero for an outage that may be real", async () => {
    const found = await quality(...hourly(day, { ...constant(3, 10, -20), ...constant(0, 23, -10), 13: 2 }));
    expect(found[0]).to.equal("good");
  });

  it("lets other meter types be zero for as long as they like: there is no heating in summer", async () => {
    const found = await quality(...hourly(day, constant(0, 72, -24), { meter: 3 }));
    expect(new Set(Object.values(found))).to.deep.equal(new Set(["good"]));
  });

  it("marks a meter that has shown the same value above zero for 48 hours, and not for 47", async () => {
    const stuck = await quality(...hourly(day, { ...constant(3, 48, -24), [-30]: 1, 24: 4 }));
    expect(new Set(Object.values(stuck))).to.deep.equal(new Set(["stuck"]));
    const other = new DatasetLake();
    try {
      await other.register({ building_id: 1, site_id: 0 });
      await other.put("readings_by_day", ...hourly(day, { ...constant(3, 47, -24), 23: 4 }));
      expect(new Set(Object.values(qualities(await other.run("readings_cleaned"))))).to.deep.equal(new Set(["good"]));
    } finally {
      other.remove();
    }
  });

  it("ends a run where nothing was read for more than 3 hours", async () => {
    const hours = { ...constant(3, 30, -24), ...constant(3, 16, 9) };
    expect(new Set(Object.values(await quality(...hourly(day, hours))))).to.deep.equal(new Set(["good"]));
  });

  it("knows a run by two days around, so that a window does not change what it tells", async () => {
    await lake.put("readings_by_day", ...hourly(day, constant(3, 240, -120)));
    const wide = await lake.run("readings_cleaned", { from: "2018-11-29", to: "2018-12-08" });
    const narrow = await lake.run("readings_cleaned");
    expect(qualities(wide.filter(({ dt }) => dt === day))).to.deep.equal(qualities(narrow));
    expect(qualities(narrow)[12]).to.equal("stuck");
  });

  it("marks what is more than ten times the usual of the two weeks up to the day", async () => {
    const usual = Array.from({ length: 14 }, (_, index) => hourly(day, constant(2 + (index % 3), 20, -24 * index)));
    const rows = usual.flat().filter(({ timestamp }) => timestamp !== hourOf(day, 5));
    const found = await quality(...rows, ...hourly(day, { 5: 31, 21: 29 }));
    expect(found[5]).to.equal("spike");
    expect(found[21]).to.equal("good");
  });

  it("has nothing to call a spike by where a series was never above zero", async () => {
    const found = await quality(...hourly(day, constant(0, 5), { meter: 1 }));
    expect(found[2]).to.equal("good");
  });
});
