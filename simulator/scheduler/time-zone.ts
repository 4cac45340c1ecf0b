/**
 * A time zone of the tz database. Wall times are epoch milliseconds as if the wall's clock showed UTC.
 */
export class TimeZone {
  readonly #format: Intl.DateTimeFormat;

  /** @throws RangeError for a zone that there is not */
  constructor(name: string) {
    this.#format = new Intl.DateTimeFormat("en-GB", {
      timeZone: name,
      calendar: "iso8601",
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
  }

  /** The wall time at an instant, in whole seconds. */
  wallAt(instant: number): number {
    const parts = new Map(this.#format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  }

  /**
   * The instant at which the wall shows a time: the first of two when clocks are set back over it, undefined when they
   * are set forward over it.
   */
  instantOf(wall: number): number | undefined {
    const day = 24 * 3600 * 1000;
    const instants = [wall - day, wall + day].map((near) => wall - (this.wallAt(near) - near));
    return instants.filter((instant) => this.wallAt(instant) === wall).toSorted((one, other) => one - other)[0];
  }
}
