import { expect } from "chai";
import fc from "fast-check";
import { pastColumnNames, SeriesPast } from "../../features/past.ts";
import type { Known, SiteHours } from "../../features/past.ts";

type Name = (typeof pastColumnNames)[number];

const days = 60;

/** A site whose temperature swings by the day and the fortnight; its first hour is a Monday's midnight. */
function site(): SiteHours {
  const length = days * 24;
  const temperature = Float64Array.from({ length }, (_, i) => 14 + 9 * Math.sin(i / 24) + 4 * Math.sin(i / 300));
  return { firstHour: 1000, temperature, hourOfWeek: Uint8Array.from({ length }, (_, i) => i % 168) };
}

/** Hours with a reading, each with y. */
function history(every: number, y: (i: number) => number): { hours: Int32Array; values: Float64Array } {
  const hours = Int32Array.from({ length: Math.floor((days * 24) / every) }, (_, i) => 1000 + i * every);
  return { hours, values: Float64Array.from(hours, (hour) => y(hour - 1000)) };
}

function described(past: SeriesPast, known: Known, queries: number[]): Record<Name, number>[] {
  const columns = pastColumnNames.map(() => new Float64Array(queries.length));
  past.describe(known, queries, columns, 0);
  return queries.map(
    (_, row) => Object.fromEntries(pastColumnNames.map((name, i) => [name, columns[i]![row]!])) as Record<Name, number>,
  );
}

const wave = (i: number) => 3 + Math.sin(i / 7) + 0.05 * Math.cos(i);

describe("what the past of a series says", () => {
  it("gives means that decay with age, as the formula has them", () => {
    const { hours, values } = history(5, wave);
    const past = new SeriesPast(site(), 0, hours, values);
    const asOf = 1000 + 30 * 24;
    const end = past.before(asOf);
    const [row] = described(past, { first: 0, end, asOf }, [asOf + 3]);
    const mean = (decay: number): number => {
      let [weights, sum] = [0, 0];
      for (let i = 0; i < end; i++) {
        const weight = Math.exp(-(asOf - hours[i]!) / (24 * decay));
        weights += weight;
        sum += weight * values[i]!;
      }
      return sum / weights;
    };
    expect(row!.past_mean_6h).to.be.closeTo(mean(0.25), 1e-12);
    expect(row!.past_mean_36h).to.be.closeTo(mean(1.5), 1e-12);
    expect(row!.past_mean_7d).to.be.closeTo(mean(7), 1e-12);
    expect(row!.past_mean_30d).to.be.closeTo(mean(30), 1e-12);
    expect(row!.past_last).to.equal(values[end - 1]);
    expect(row!.past_second).to.equal(values[end - 2]);
    expect(row!.past_age).to.equal(asOf + 3 - hours[end - 1]!);
    expect(row!.past_count).to.be.closeTo(Math.log1p(end), 1e-12);
  });

  it("gives kernel means of what is near in hour, kind of day and temperature, as the formula has them", () => {
    const { hours, values } = history(3, wave);
    const place = site();
    const past = new SeriesPast(place, 1, hours, values);
    const asOf = 1000 + 40 * 24;
    const end = past.before(asOf);
    const query = asOf + 9;
    const at = (hour: number) => {
      const code = place.hourOfWeek[hour - 1000]!;
      const bin = Math.round((place.temperature[hour - 1000]! + 60) / 0.5);
      return { day: Math.floor(code / 24), hour: code % 24, bin };
    };
    const here = at(query);
    let [weights, zeros] = [0, 0];
    for (let i = 0; i < end; i++) {
      const there = at(hours[i]!);
      const apart = Math.min(Math.abs(here.hour - there.hour), 24 - Math.abs(here.hour - there.hour));
      if (apart > 3 || here.day >= 5 !== there.day >= 5) continue;
      const nearDay = here.day === there.day ? 1 : 0.6;
      const nearHour = Math.exp(-0.5 * (apart / 1.6) ** 2);
      const nearTemperature = Math.exp(-0.5 * (((here.bin - there.bin) * 0.5) / 2.5) ** 2);
      weights += nearDay * nearHour * nearTemperature * Math.exp(-(asOf - hours[i]!) / (24 * 7));
      if (values[i] === 0) zeros++;
    }
    const [row] = described(past, { first: 0, end, asOf }, [query]);
    expect(row!.past_kernel_weight_7d).to.be.closeTo(weights, 1e-9);
    expect(row!.past_kernel_zero_share).to.equal(zeros);
  });

  it("finds the slopes of a series that follows temperature, and goes on with them where it was never as warm", () => {
    const place = site();
    const y = (i: number) => 4 + 0.11 * Math.max(0, place.temperature[i]! - 15);
    const { hours, values } = history(1, y);
    const past = new SeriesPast(place, 1, hours, values);
    const warmest = place.temperature.indexOf(Math.max(...place.temperature));
    const cool = Int32Array.from(hours.keys()).filter((i) => place.temperature[i]! < 22);
    const known = new SeriesPast(
      place,
      1,
      cool.map((i) => hours[i]!),
      Float64Array.from(cool, (i) => values[i]!),
    );
    const asOf = 1000 + warmest;
    const [extrapolated] = described(known, { first: 0, end: cool.length, asOf }, [asOf]);
    expect(extrapolated!.past_fit_90d).to.be.closeTo(y(warmest), 0.15);
    const [row] = described(past, { first: 0, end: hours.length, asOf }, [asOf]);
    expect(row!.past_cooling_slope).to.be.closeTo(0.11, 0.01);
  });

  it("says nothing of readings at or after the start: another future gives the same features", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 24, max: days * 24 - 30 }),
        fc.double({ min: 0, max: 9, noNaN: true }),
        (cut, y) => {
          const asOf = 1000 + cut;
          const queries = [asOf, asOf + 1, asOf + 23];
          const row = (later: (i: number) => number) => {
            const { hours, values } = history(7, (i) => (i < cut ? wave(i) : later(i)));
            const past = new SeriesPast(site(), 2, hours, values);
            return described(past, { first: 0, end: past.before(asOf), asOf }, queries);
          };
          expect(row(() => y)).to.deep.equal(row(wave));
        },
      ),
      { numRuns: 40 },
    );
  });

  it("looks on both sides of an hour where the known readings lie on both", () => {
    const { hours, values } = history(24, wave);
    const without = Int32Array.from(hours.keys()).filter((i) => i < 20 || i > 30);
    const past = new SeriesPast(
      site(),
      0,
      without.map((i) => hours[i]!),
      Float64Array.from(without, (i) => values[i]!),
    );
    const [early, late] = [hours[21]!, hours[29]!].map(
      (asOf) => described(past, { first: 0, end: without.length, asOf }, [asOf])[0]!,
    );
    expect(early!.past_last).to.equal(values[19]);
    expect(late!.past_last).to.equal(values[31]);
    expect(late!.past_age).to.equal(48);
  });

  it("is missing without a reading, but for the count", () => {
    const past = new SeriesPast(site(), 0, new Int32Array(0), new Float64Array(0));
    const [row] = described(past, { first: 0, end: 0, asOf: 1500 }, [1500]);
    const { past_count: count, ...rest } = row!;
    expect(count).to.equal(0);
    expect(Object.values(rest).every(Number.isNaN)).to.equal(true);
  });

  it("is finite from the first reading on, even where no temperature is known", () => {
    const place = { ...site(), temperature: new Float64Array(days * 24).fill(NaN) };
    const past = new SeriesPast(place, 3, Int32Array.of(1010), Float64Array.of(2));
    const [row] = described(past, { first: 0, end: 1, asOf: 1020 }, [1021]);
    expect(row!.past_mean_7d).to.be.closeTo(2, 1e-12);
    expect(row!.past_line_7d).to.be.closeTo(2, 1e-9);
    expect(row!.past_fit_90d).to.be.closeTo(2, 1e-9);
    expect(row!.past_second).to.be.NaN;
  });
});
