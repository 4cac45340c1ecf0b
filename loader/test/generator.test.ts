import { expect } from "chai";
import { generateCity } from "../generator/index.ts";
import type { GeneratedCity } from "../generator/index.ts";
import { city } from "./builders.ts";

const hour = 3_600_000;
const monday = Date.UTC(2018, 11, 3);

/** "building/meter/stamp" to value. */
function valuesAt(generated: GeneratedCity, times: number[]): Map<string, number> {
  const values = new Map<string, number>();
  for (const time of times) {
    generated.readings(time, ({ building, meter }, stamp, value) => {
      values.set(`${String(building.building_id)}/${String(meter)}/${String(stamp)}`, value);
    });
  }
  return values;
}

function hours(from: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + i * hour);
}

describe("generated readings", () => {
  it("are the same for the same seed, and others for another", () => {
    const times = hours(monday, 5);
    const values = valuesAt(generateCity(city(7), 1), times);
    expect(valuesAt(generateCity(city(7), 1), times)).to.deep.equal(values);
    expect(valuesAt(generateCity(city(7), 2), times)).not.to.deep.equal(values);
  });

  it("have the same value at a time whatever the window, the order and the step", () => {
    const whole = valuesAt(generateCity(city(14), 1), hours(monday, 100));
    const part = valuesAt(generateCity(city(14), 1), hours(monday + 90 * hour, 10));
    const backwards = valuesAt(generateCity(city(14), 1), hours(monday, 100).reverse());
    const minutes = valuesAt(
      generateCity(city(14), 1),
      Array.from({ length: 121 }, (_, i) => monday + i * 60_000),
    );
    expect(part.size).to.be.greaterThan(2000);
    for (const [key, value] of part) expect(value, key).to.equal(whole.get(key));
    expect(backwards).to.deep.equal(whole);
    const shared = [...minutes].filter(([key]) => whole.has(key));
    expect(shared.length).to.be.greaterThan(600);
    for (const [key, value] of shared) expect(value, key).to.equal(whole.get(key));
  });

  it("change little from one minute to the next", () => {
    const generated = generateCity(city(1), 1);
    const latest = new Map<unknown, number>();
    const changes: number[] = [];
    for (let minute = 0; minute < 240; minute++) {
      generated.readings(monday + minute * 60_000, (series, _, value) => {
        const before = latest.get(series);
        if (before !== undefined && before > 0 && value > 0) changes.push(Math.abs(Math.log(value / before)));
        latest.set(series, value);
      });
    }
    changes.sort((a, b) => a - b);
    expect(changes[Math.floor(changes.length * 0.9)]).to.be.lessThan(0.03);
  });

  it("come in the order of time for each building and meter", () => {
    const generated = generateCity(city(2), 1);
    const latest = new Map<unknown, number>();
    let late = 0;
    for (const time of hours(monday, 100)) {
      generated.readings(time, (series, stamp) => {
        expect(stamp).to.be.greaterThan(latest.get(series) ?? 0);
        latest.set(series, stamp);
        if (stamp % hour !== 0) late++;
      });
    }
    expect(late, "some stamps are off the hour").to.be.within(1, 100);
  });

  it("occur for every meter type that the city registers, and for no other", () => {
    const site3 = generateCity(city(3), 1);
    expect(new Set(site3.series.map(({ meter }) => meter))).to.deep.equal(new Set([0, 1, 2, 3]));
    const small = generateCity(city(11), 1);
    expect(new Set(small.series.map(({ meter }) => meter))).to.deep.equal(new Set([0, 1, 2, 3]));
    const limited = generateCity(city(14, { meterTypes: ["electricity", "steam"] }), 1);
    expect(new Set(limited.series.map(({ meter }) => meter))).to.deep.equal(new Set([0, 2]));
  });

  it("respond to the temperature that is given", () => {
    const sum = (degrees: number): number =>
      [
        ...valuesAt(generateCity(city(13, { meterTypes: ["steam"] }), 1, { temperature: () => degrees }), [monday]),
      ].reduce((total, [key, value]) => (key.startsWith("1099/") ? total : total + value), 0);
    expect(sum(-10)).to.be.greaterThan(2 * sum(20));
  });

  it("keep a building's row when the city gets more buildings", () => {
    const few = generateCity(city(9, { buildings: { firstId: 874, count: 50 } }), 1);
    const many = generateCity(city(9), 1);
    expect(many.buildings.slice(0, 50).map(({ square_feet }) => square_feet)).to.deep.equal(
      few.buildings.map(({ square_feet }) => square_feet),
    );
  });

  it("know a city that is none of ASHRAE's", () => {
    const generated = generateCity(city(40, { latitude: -33, longitude: 151, timeZone: "Australia/Sydney" }), 1);
    expect(valuesAt(generated, [monday]).size).to.be.greaterThan(20);
    const degrees = generated.weather.temperature(monday / hour);
    expect(degrees).to.be.within(5, 40);
  });
});

describe("generated faults", () => {
  it("let building 1099's steam meter exceed all others together, and its electricity not", () => {
    const generated = generateCity(city(13), 1);
    let broken = 0;
    let others = 0;
    let electricity = 0;
    for (let i = 0; i < 200; i++) {
      generated.readings(Date.UTC(2016, 2, 1) + i * 11 * hour, ({ building, meter }, _, value) => {
        if (building.building_id === 1099 && meter === 0) electricity = Math.max(electricity, value);
        if (meter !== 2) return;
        if (building.building_id === 1099) broken = Math.max(broken, value);
        else others = Math.max(others, value);
      });
    }
    expect(broken).to.be.greaterThan(5e6);
    expect(broken).to.be.greaterThan(10 * others);
    expect(electricity).to.be.within(1, 1e5);
  });

  it("keep site 0's electricity at zero until 2016-05-20", () => {
    const generated = generateCity(city(0), 1);
    const zeroShare = (from: number): number => {
      const values = [...valuesAt(generated, hours(from, 48))].filter(([key]) => key.includes("/0/"));
      return values.filter(([, value]) => value === 0).length / values.length;
    };
    expect(zeroShare(Date.UTC(2016, 3, 1))).to.be.within(0.97, 0.999);
    expect(zeroShare(Date.UTC(2016, 5, 1))).to.be.lessThan(0.05);
  });

  it("leave site 15 without readings from 2016-02-10 to 03-29", () => {
    const generated = generateCity(city(15), 1);
    expect(valuesAt(generated, hours(Date.UTC(2016, 1, 10), 24 * 40)).size).to.equal(0);
    expect(valuesAt(generated, hours(Date.UTC(2016, 3, 2), 48)).size).to.be.greaterThan(1000);
  });

  it("hold some meters at one value for hours", () => {
    const generated = generateCity(city(14), 1);
    const runs = new Map<unknown, { value: number; length: number }>();
    let longest = 0;
    for (const time of hours(monday, 14 * 24)) {
      generated.readings(time, (series, _, value) => {
        if (series.step !== 1 || series.scale !== 1000 || value === 0) return;
        const run = runs.get(series);
        const length = run?.value === value ? run.length + 1 : 1;
        runs.set(series, { value, length });
        longest = Math.max(longest, length);
      });
    }
    expect(longest).to.be.within(20, 45);
  });

  it("count whole units on most of site 9's electricity meters", () => {
    const values = [...valuesAt(generateCity(city(9), 1), hours(monday, 24))].filter(([key]) => key.includes("/0/"));
    expect(values.filter(([, value]) => Number.isInteger(value)).length / values.length).to.be.greaterThan(0.9);
  });
});

describe("generated weather", () => {
  const of = (siteId: number) => generateCity(city(siteId), 1).weather;
  const year = Array.from({ length: 8784 }, (_, i) => Date.UTC(2016, 0, 1) / hour + i);

  it("is the same at sites 0 and 8, and at 7 and 11, in every hour that both have", () => {
    for (const [one, other] of [
      [0, 8],
      [7, 11],
    ] as const) {
      const [a, b] = [of(one), of(other)];
      for (const at of year.slice(0, 500)) {
        const [x, y] = [a.observation(at), b.observation(at)];
        if (x === undefined || y === undefined) continue;
        expect(b.temperature(at)).to.equal(a.temperature(at));
        expect(y.timestamp).to.equal(x.timestamp);
        if (x.dew_temperature !== null && y.dew_temperature !== null)
          expect(y.dew_temperature).to.equal(x.dew_temperature);
      }
    }
  });

  it("has each site's mean, range and persistence of temperature over a year", () => {
    for (const [siteId, mean, sd] of [
      [0, 22.84, 6],
      [2, 24.94, 9.2],
      [13, 9.88, 12.3],
      [5, 10.87, 5.1],
    ] as const) {
      const weather = of(siteId);
      const temperatures = year.map(weather.temperature);
      const average = temperatures.reduce((a, b) => a + b) / temperatures.length;
      const deviation = Math.sqrt(temperatures.reduce((sum, t) => sum + (t - average) ** 2, 0) / temperatures.length);
      expect(average, `mean of site ${String(siteId)}`).to.be.closeTo(mean, 1);
      expect(deviation, `deviation of site ${String(siteId)}`).to.be.closeTo(sd, 1);
      const steps = temperatures.slice(1).map((t, i) => t - (temperatures[i] as number));
      const step = Math.sqrt(steps.reduce((sum, d) => sum + d * d, 0) / steps.length);
      expect(step, `hourly step of site ${String(siteId)}`).to.be.within(0.6, 1.8);
    }
  });

  it("has gaps, and columns that a site never reports", () => {
    const observations = year.map(of(5).observation);
    const present = observations.filter((observation) => observation !== undefined);
    expect(1 - present.length / year.length).to.be.within(0.0005, 0.006);
    expect(
      present.every(
        ({ sea_level_pressure, precip_depth_1_hr }) => sea_level_pressure === null && precip_depth_1_hr === null,
      ),
    ).to.be.true;
    const clouds = present.filter(({ cloud_coverage }) => cloud_coverage !== null).length / present.length;
    expect(clouds).to.be.within(0.5, 0.62);
  });

  it("stays within what can be measured", () => {
    for (const siteId of [0, 6, 12]) {
      for (const observation of year.map(of(siteId).observation)) {
        if (observation === undefined) continue;
        const { air_temperature: air, dew_temperature: dew, wind_speed, wind_direction, cloud_coverage } = observation;
        expect(wind_speed ?? 0).to.be.within(0, 25);
        expect(wind_direction ?? 0).to.be.within(0, 360);
        expect(cloud_coverage ?? 0).to.be.within(0, 9);
        if (air !== null && dew !== null) expect(dew).to.be.at.most(air);
      }
    }
  });
});
