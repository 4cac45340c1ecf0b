/** Time, and what is to be done later. */
export interface Clock {
  /** Milliseconds from any beginning; never goes back. */
  now(): number;
  after(milliseconds: number, callback: () => void): void;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (milliseconds, callback) => void setTimeout(callback, milliseconds),
};

/** Allows `burst` at once and `rate` a second: in any second no more than `burst + rate`. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  readonly #clock: Clock;
  #tokens: number;
  #filled: number;

  /** @param rate tokens a second @param burst tokens that a full bucket has */
  constructor(rate: number, burst: number, clock: Clock = systemClock) {
    this.#rate = rate;
    this.#burst = burst;
    this.#clock = clock;
    this.#tokens = burst;
    this.#filled = clock.now();
  }

  /** Milliseconds until a token is there; 0: there is one. */
  wait(): number {
    const now = this.#clock.now();
    this.#tokens = Math.min(this.#burst, this.#tokens + ((now - this.#filled) * this.#rate) / 1000);
    this.#filled = now;
    return this.#tokens >= 1 ? 0 : ((1 - this.#tokens) * 1000) / this.#rate;
  }

  /** Takes tokens, more than there are if need be: what was spent without asking is waited for afterwards. */
  take(count = 1): void {
    this.wait();
    this.#tokens -= count;
  }
}

/** Starts tasks in order, as fast as all its buckets allow and with a limited number of them under way. */
export class Pacer {
  readonly #buckets: readonly TokenBucket[];
  readonly #window: number;
  readonly #clock: Clock;
  #queue: (() => void)[] = [];
  #underWay = 0;
  #timed = false;

  constructor(buckets: readonly TokenBucket[], window: number, clock: Clock = systemClock) {
    this.#buckets = buckets;
    this.#window = window;
    this.#clock = clock;
  }

  /** Tasks that wait or are under way. */
  get load(): number {
    return this.#queue.length + this.#underWay;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push(() => {
        task()
          .then(resolve, reject)
          .finally(() => {
            this.#underWay--;
            this.#start();
          });
      });
      this.#start();
    });
  }

  #start(): void {
    let begun = 0;
    while (!this.#timed && begun < this.#queue.length && this.#underWay < this.#window) {
      const wait = Math.max(...this.#buckets.map((bucket) => bucket.wait()));
      if (wait > 0) {
        this.#timed = true;
        this.#clock.after(Math.ceil(wait), () => {
          this.#timed = false;
          this.#start();
        });
        break;
      }
      for (const bucket of this.#buckets) bucket.take();
      this.#underWay++;
      (this.#queue[begun++] as () => void)();
    }
    if (begun > 0) this.#queue = this.#queue.slice(begun);
  }
}
