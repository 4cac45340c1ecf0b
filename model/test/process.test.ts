import { expect } from "chai";
import { mostReadings, SeriesProcess } from "../process.ts";
import type { SiteHours } from "../../lambdas/features/past.ts";

const length = 100 * 24;
const site: SiteHours = {
  firstHour: 500,
  temperature: Float64Array.from({ length }, (_, i) => 14 + 8 * Math.sin(i / 24) + 5 * Math.sin(i / 200)),
  hourOfWeek: Uint8Array.from({ length }, (_, i) => i % 168),
};

const hours = Int32Array.from({ length: 120 }, (_, i) => 500 + i * 19);
const wave = (hour: number): number => 3 + Math.sin(hour / 50) + 0.3 * Math.cos(hour);

function over(y: (hour: number) => number, kept = hours, meter = 0): SeriesProcess {
  return new SeriesProcess(site, meter, kept, Float64Array.from(kept, y));
}

describe("a Gaussian process over a series", () => {
  it("says of a later reading what one over the readings before says of its hour", () => {
    const whole = over(wave);
    for (const [index, end] of [
      [119, 119],
      [80, 60],
      [5, 1],
    ] as const) {
      const before = over(wave, hours.subarray(0, end));
      expect(whole.ofReading(index, end)).to.be.closeTo(before.ofHour(hours[index]!), 1e-9);
    }
  });

  it("knows nothing of the readings from there on", () => {
    const other = over((hour) => (hour < hours[60]! ? wave(hour) : 9));
    expect(other.ofReading(80, 60)).to.equal(over(wave).ofReading(80, 60));
  });

  it("is near its readings, and goes on with a constant", () => {
    const constant = over(() => 4);
    for (const hour of [510, 1400, 2700]) expect(constant.ofHour(hour)).to.be.closeTo(4, 0.15);
    expect(Math.abs(over(wave).ofHour(hours[40]!) - wave(hours[40]!))).to.be.lessThan(0.3);
  });

  it("takes the level of its first reading, and the usual slopes from there", () => {
    const one = over(() => 5, hours.subarray(0, 1), 1);
    expect(one.ofHour(hours[0]!)).to.be.closeTo(5, 0.2);
    const warmest = site.temperature.indexOf(Math.max(...site.temperature));
    expect(one.ofHour(500 + warmest)).to.be.greaterThan(5.3);
  });

  it("is refused for a history that is too long", () => {
    const many = Int32Array.from({ length: mostReadings + 1 }, (_, i) => 500 + i);
    expect(() => over(wave, many)).to.throw(RangeError, /600 are allowed/);
  });
});
