/** Publishes a second that AWS IoT Core takes on one connection; what is beyond is discarded (AWS IoT Core quotas). */
const perConnection = 100;

/**
 * The rates at which clients publish. The simulator takes whatever comes: a rate that AWS would not take is told at the
 * end of a run, not refused.
 */
export class PublishRates {
  #second = 0;
  #counts = new Map<string, number>();
  #highest = 0;

  /** @param now epoch milliseconds */
  count(client: string, now: number): void {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#counts.clear();
    }
    const count = (this.#counts.get(client) ?? 0) + 1;
    this.#counts.set(client, count);
    if (count > this.#highest) this.#highest = count;
  }

  /** A sentence for a rate that AWS would not take; undefined when there was none. */
  warning(): string | undefined {
    if (this.#highest <= perConnection) return undefined;
    return (
      `A connection published up to ${this.#highest} messages a second. AWS IoT Core takes ${perConnection} and discards the ` +
      `rest: use envelopes or more connections there.`
    );
  }
}
