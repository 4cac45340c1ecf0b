import { expect } from "chai";
import { generateCity } from "../generator/index.ts";
import type { Series } from "../generator/index.ts";
import { trailingDay } from "../generator/weather.ts";
import { allCities } from "./builders.ts";

const hour = 3_600_000;
const from = Date.UTC(2016, 0, 1);

/** Sums for a line through ln(reading) over the trailing day's temperature. */
interface Fit {
  n: number;
  x: number;
  y: number;
  xx: number;
  xy: number;
}

/**
 * Every 37th hour of 2016 of all 1,449 buildings, and the hour after each: what the calibration was computed from is a random sample of the
 * same year.
 */
function sample() {
  const values: number[][] = [[], [], [], []];
  const zeroPairs = [0, 0, 0, 0].map(() => ({ zero: 0, stillZero: 0 }));
  const fits = new Map<Series, Fit>();
  let expected = 0;
  let brokenSteam = 0;
  for (const siteCity of allCities) {
    const generated = generateCity(siteCity, 1);
    const trailing = trailingDay(generated.weather.temperature);
    for (let at = 0; at < 8784; at += 37) {
      const time = from + at * hour;
      const zeros = new Set<Series>();
      const warmth = trailing(time / hour);
      expected += generated.series.length;
      generated.readings(time, (series, _, value) => {
        (values[series.meter] as number[]).push(value);
        if (series.broken) brokenSteam += value;
        if (value === 0) zeros.add(series);
        else addTo(fits, series, warmth, Math.log(value));
      });
      generated.readings(time + hour, (series, _, value) => {
        const pairs = zeroPairs[series.meter];
        if (pairs === undefined || !zeros.has(series)) return;
        pairs.zero++;
        if (value === 0) pairs.stillZero++;
      });
    }
  }
  for (const list of values) list.sort((a, b) => a - b);
  return { values, zeroPairs, fits, expected, brokenSteam };
}

function addTo(fits: Map<Series, Fit>, series: Series, x: number, y: number): void {
  const fit = fits.get(series) ?? { n: 0, x: 0, y: 0, xx: 0, xy: 0 };
  fits.set(series, { n: fit.n + 1, x: fit.x + x, y: fit.y + y, xx: fit.xx + x * x, xy: fit.xy + x * y });
}

function quantile(sorted: readonly number[], p: number): number {
  return sorted[Math.floor(p * sorted.length)] as number;
}

describe("generated readings of all sixteen sites over 2016, beside the real ones", () => {
  let found: ReturnType<typeof sample>;
  before(() => {
    found = sample();
  });
  const meters = ["electricity", "chilledwater", "steam", "hotwater"];

  it("have the medians of each meter type within 10 %", () => {
    const medians = [62.767, 119.4, 257.75, 40.388];
    medians.forEach((median, meter) => {
      expect(quantile(found.values[meter] ?? [], 0.5), meters[meter]).to.be.within(median * 0.9, median * 1.1);
    });
  });

  it("have the quartiles and the 95th percentile of electricity within a third, and of the others within a factor of 3", () => {
    const real = [
      [19.52, 170.24, 645.43],
      [11.15, 462.36, 2321.6],
      [45.75, 1045.3, 5541.1],
      [0, 243, 1304.8],
    ];
    real.forEach((quantiles, meter) => {
      const factor = meter === 0 ? 1.34 : 3;
      [0.25, 0.75, 0.95].forEach((p, i) => {
        const value = quantiles[i] as number;
        if (value === 0) expect(quantile(found.values[meter] ?? [], p)).to.equal(0);
        else
          expect(quantile(found.values[meter] ?? [], p), `${String(meters[meter])} ${String(p)}`).to.be.within(
            value / factor,
            value * factor,
          );
      });
    });
  });

  it("are zero as often, within two points", () => {
    const rates = [0.0441, 0.1575, 0.1287, 0.2672];
    rates.forEach((rate, meter) => {
      const values = found.values[meter] ?? [];
      const share = values.filter((value) => value === 0).length / values.length;
      expect(share, meters[meter]).to.be.closeTo(rate, 0.02);
    });
  });

  it("stay zero from one hour to the next as often, within four points", () => {
    const rates = [0.958, 0.949, 0.766, 0.913];
    rates.forEach((rate, meter) => {
      const { zero, stillZero } = found.zeroPairs[meter] ?? { zero: 0, stillZero: 0 };
      expect(stillZero / zero, meters[meter]).to.be.closeTo(rate, 0.04);
    });
  });

  it("have the median slope of ln(reading) on temperature between the real quartiles", () => {
    const quartiles = [
      [-0.006, 0.011],
      [0.056, 0.115],
      [-0.08, -0.033],
      [-0.077, -0.026],
    ] as const;
    quartiles.forEach(([low, high], meter) => {
      const slopes = [...found.fits]
        .filter(([series, { n }]) => series.meter === meter && n > 50)
        .map(([, { n, x, y, xx, xy }]) => (n * xy - x * y) / (n * xx - x * x))
        .sort((a, b) => a - b);
      expect(quantile(slopes, 0.5), meters[meter]).to.be.within(low, high);
    });
  });

  it("lack 3.3 % of their hours, within a point and a half", () => {
    const there = found.values.reduce((sum, list) => sum + list.length, 0);
    expect(1 - there / found.expected).to.be.closeTo(0.033, 0.015);
  });

  it("have most of all steam from one broken meter", () => {
    const steam = (found.values[2] ?? []).reduce((a, b) => a + b, 0);
    expect(found.brokenSteam / steam).to.be.within(0.7, 0.95);
  });

  it("are never negative and always finite", () => {
    for (const list of found.values) {
      expect(list[0]).to.be.at.least(0);
      expect(Number.isFinite(list.at(-1))).to.be.true;
    }
  });
});
