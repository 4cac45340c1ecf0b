import { expect } from "chai";
import { Pacer, TokenBucket } from "../publish/pace.ts";
import type { Clock } from "../publish/pace.ts";

/** A clock that goes on only when it is told to. */
class TestClock implements Clock {
  #now = 0;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(milliseconds: number, callback: () => void): void {
    this.#timers.push({ at: this.#now + milliseconds, callback });
  }

  async run(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      await new Promise(setImmediate);
      const next = Math.min(...this.#timers.map(({ at }) => at));
      if (next > end) break;
      this.#now = next;
      const due = this.#timers.filter(({ at }) => at <= next);
      this.#timers = this.#timers.filter(({ at }) => at > next);
      for (const { callback } of due) callback();
    }
    this.#now = end;
  }
}

/** Starts many tasks that are done at once; gives the times at which they began. */
function started(pacer: Pacer, clock: Clock, count: number): number[] {
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    void pacer.run(() => {
      times.push(clock.now());
      return Promise.resolve();
    });
  }
  return times;
}

function mostInASecond(times: readonly number[]): number {
  return Math.max(...times.map((from) => times.filter((time) => time >= from && time < from + 1000).length));
}

describe("pacing", () => {
  it("starts no more than its rate and one burst in any second, and not much less", async () => {
    const clock = new TestClock();
    const pacer = new Pacer([new TokenBucket(95, 5, clock)], 100, clock);
    const times = started(pacer, clock, 400);
    await clock.run(10_000);
    expect(times).to.have.length(400);
    expect(mostInASecond(times)).to.be.within(95, 100);
  });

  it("keeps the limit of all together, and of each", async () => {
    const clock = new TestClock();
    const total = new TokenBucket(150, 5, clock);
    const paced = [1, 2, 3].map(() => new Pacer([total, new TokenBucket(95, 5, clock)], 100, clock));
    const times = paced.map((pacer) => started(pacer, clock, 200));
    await clock.run(3000);
    expect(mostInASecond(times.flat())).to.be.within(145, 155);
    for (const own of times) expect(mostInASecond(own)).to.be.at.most(100);
  });

  it("waits for what was spent without asking", async () => {
    const clock = new TestClock();
    const bucket = new TokenBucket(100, 1, clock);
    bucket.take(51);
    const times = started(new Pacer([bucket], 100, clock), clock, 1);
    await clock.run(10_000);
    expect(times[0]).to.be.within(510, 512);
  });

  it("has a limited number of tasks under way, and goes on when one fails", async () => {
    const clock = new TestClock();
    const pacer = new Pacer([new TokenBucket(1000, 1000, clock)], 2, clock);
    const fail: (() => void)[] = [];
    const results = [1, 2, 3].map(() =>
      pacer.run(() => new Promise<void>((_, reject) => fail.push(() => reject(new Error("refused"))))).catch(String),
    );
    await clock.run(100);
    expect(fail).to.have.length(2);
    fail[0]?.();
    await clock.run(100);
    expect(fail).to.have.length(3);
    expect(await results[0]).to.equal("Error: refused");
  });
});
