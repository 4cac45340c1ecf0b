import { expect } from "chai";
import { pastColumnNames } from "../../lambdas/features/past.ts";
import type { SiteFeatures } from "../../lambdas/features/site-features.ts";
import { cleaned } from "../cleaning.ts";
import type { StampedSeries } from "../measured.ts";
import { before, blockCuts, daysBeforeMonth, foldOf, inMonths, otherBlocks } from "../protocols.ts";
import { rmsle, Scoreboard } from "../score.ts";
import type { KnownOf } from "../tables.ts";

const hourMs = 3_600_000;
const first = Date.UTC(2016, 0, 1) / hourMs;
const length = 366 * 24;

const site = {
  siteId: 0,
  hours: {
    firstHour: first,
    temperature: Float64Array.from({ length }, (_, i) => 14 + 8 * Math.sin(i / 500) + 3 * Math.sin(i / 24)),
    hourOfWeek: Uint8Array.from({ length }, (_, i) => (i + 96) % 168),
  },
} as SiteFeatures;

/** A reading every 50 hours, whose stamps are five hours behind UTC. */
function series(y: (index: number) => number): StampedSeries {
  const hours = Int32Array.from({ length: 170 }, (_, i) => first + 10 + i * 50);
  return {
    building: { building_id: 7, site_id: 0 },
    meter: 1,
    site,
    hours,
    stamps: Float64Array.from(hours, (hour) => (hour - 5) * hourMs),
    values: Float64Array.from(hours, (_, i) => y(i)),
  };
}

/** All that is known of a row: what the past says, and the process. */
function known(one: StampedSeries, knows: KnownOf, index: number): number[] | undefined {
  const of = knows(index);
  if (of === undefined) return undefined;
  const columns = pastColumnNames.map(() => new Float64Array(1));
  of.past.describe(of.known, [one.hours[index]!], columns, 0);
  return [...columns.map((column) => column[0]!), of.process?.() ?? NaN];
}

const wave = (index: number): number => 3 + Math.sin(index / 3);
const changed = (which: (index: number) => boolean) => (index: number) => (which(index) ? 8 : wave(index));

describe("the protocol of the scores", () => {
  it("cuts 2016 into three blocks at fixed instants", () => {
    const stamps = ["2016-05-09T11:59Z", "2016-05-09T12:00Z", "2016-09-05T01:00Z", "2016-09-05T02:00Z"];
    expect(stamps.map((stamp) => foldOf(Date.parse(stamp)))).to.deep.equal([0, 1, 1, 2]);
  });

  it("lets a row that is learnt from know other blocks only: neither its own, nor the one that is held out", () => {
    const one = series(wave);
    const learnt = (index: number): boolean => foldOf(one.stamps[index]!) !== 1;
    const cuts = blockCuts(
      one.stamps.filter((_, index) => learnt(index)),
      3,
    );
    const blockOf = (index: number): number => cuts.filter((cut) => one.stamps[index]! >= cut).length;
    const row = 150;
    const own = (index: number): boolean => blockOf(index) === blockOf(row);
    const of = (y: (index: number) => number) => known(series(y), otherBlocks(series(y), learnt, cuts), row);
    expect(of(changed((index) => own(index) || !learnt(index)))).to.deep.equal(of(wave));
    expect(of(changed((index) => index === 0))).not.to.deep.equal(of(wave));
  });

  it("lets a row that is held out know the other two blocks, on both sides", () => {
    const held = 80;
    const learnt = (index: number): boolean => foldOf(series(wave).stamps[index]!) !== 1;
    expect(learnt(held)).to.equal(false);
    const of = (y: (index: number) => number) => known(series(y), otherBlocks(series(y), learnt, []), held);
    expect(of(changed((index) => !learnt(index)))).to.deep.equal(of(wave));
    expect(of(changed((index) => index === 169))).not.to.deep.equal(of(wave));
  });

  it("lets a forecast know what is at least its hours old, without the block that is held out where rows are learnt", () => {
    const learnt = (index: number): boolean => foldOf(series(wave).stamps[index]!) !== 1;
    const row = 140;
    const of = (y: (index: number) => number) =>
      before(series(y), [1, 120], learnt).map((knows) => known(series(y), knows, row)!);
    const [one, later] = of(wave);
    const [ofLast, laterOfLast] = of(changed((index) => index === row - 1));
    expect(ofLast).not.to.deep.equal(one);
    expect(laterOfLast, "50 hours old").to.deep.equal(later);
    expect(of(changed((index) => index >= row || !learnt(index)))).to.deep.equal([one, later]);
  });

  it("lets a building that was not seen know some days before the month of its row", () => {
    const of = (y: (index: number) => number, index: number) => known(series(y), daysBeforeMonth(series(y), 7), index);
    expect(of(wave, 3), "January").to.equal(undefined);
    const march = series(wave).stamps.findIndex((stamp) => stamp >= Date.UTC(2016, 2, 20));
    const start = series(wave).stamps.findIndex((stamp) => stamp >= Date.UTC(2016, 2, 1));
    const week = series(wave).stamps.findIndex((stamp) => stamp >= Date.UTC(2016, 1, 23));
    expect(
      of(
        changed((index) => index >= start || index < week),
        march,
      ),
    ).to.deep.equal(of(wave, march));
    expect(
      of(
        changed((index) => index === start - 1),
        march,
      ),
    ).not.to.deep.equal(of(wave, march));
    expect([...inMonths([{ series: series(wave), indices: Int32Array.of(3, march) }])]).to.deep.equal([0, 1]);
  });

  it("leaves out the series that published scores leave out, and nothing else", () => {
    const may = Date.UTC(2016, 4, 19);
    const june = Date.UTC(2016, 5, 1);
    expect([cleaned(1099, 2, june), cleaned(803, 0, june), cleaned(1331, 3, june)]).to.deep.equal([
      false,
      false,
      false,
    ]);
    expect([cleaned(50, 0, may), cleaned(50, 0, june), cleaned(50, 1, may)]).to.deep.equal([false, true, true]);
    expect([cleaned(105, 0, may), cleaned(803, 1, june)]).to.deep.equal([true, true]);
  });
});

describe("scores", () => {
  it("are root mean squares: the mean of the folds, and all rows of a meter type", () => {
    const board = new Scoreboard(2);
    board.add(0, 0, Float64Array.of(1, 2), Float64Array.of(0, 2));
    board.add(1, 0, Float64Array.of(5), Float64Array.of(3));
    board.add(1, 2, Float64Array.of(4, 4, 4), Float64Array.of(4, 4, 4));
    const { folds, mean, pooled, electricity, steam, hotwater } = board.score();
    expect(folds).to.deep.equal([Math.sqrt(1 / 2), 1]);
    expect(mean).to.equal((Math.sqrt(1 / 2) + 1) / 2);
    expect(pooled).to.equal(Math.sqrt(5 / 6));
    expect([electricity, steam]).to.deep.equal([Math.sqrt(5 / 3), 0]);
    expect(hotwater).to.be.NaN;
    expect(board.score(1).electricity, "without electricity's zeros").to.equal(Math.sqrt(4 / 2));
  });

  it("are of logarithms already", () => {
    expect(rmsle([1, 3], [1, 1])).to.equal(Math.sqrt(2));
  });
});
