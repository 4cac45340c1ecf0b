/** A field of a cron expression. */
interface Field {
  name: string;
  least: number;
  most: number;
  /** Names that stand for numbers from `least` on. */
  names?: readonly string[];
  steps: boolean;
}

const fields = {
  minutes: { name: "minutes", least: 0, most: 59, steps: true },
  hours: { name: "hours", least: 0, most: 23, steps: true },
  dayOfMonth: { name: "day of month", least: 1, most: 31, steps: true },
  month: {
    name: "month",
    least: 1,
    most: 12,
    steps: true,
    names: names("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC"),
  },
  dayOfWeek: { name: "day of week", least: 1, most: 7, steps: false, names: names("SUN MON TUE WED THU FRI SAT") },
  year: { name: "year", least: 1970, most: 2199, steps: true },
} satisfies Record<string, Field>;

function names(text: string): readonly string[] {
  return text.split(" ");
}

/** Whether a day is one of the expression's: of 1 to 31, with the last of its month, and its day of week, 1 for Sunday. */
type Days = (day: number, last: number, weekday: number) => boolean;

/** A cron expression of AWS: minutes, hours, day of month, month, day of week, year. */
export class Cron {
  readonly #minutes: readonly number[];
  readonly #hours: readonly number[];
  readonly #months: readonly number[];
  readonly #years: readonly number[];
  readonly #isDay: Days;

  /**
   * @param text The six fields, without `cron(...)`.
   * @throws Error that names the field which is wrong
   */
  constructor(text: string) {
    const [minutes, hours, dayOfMonth, month, dayOfWeek, year, ...more] = text.trim().split(/\s+/);
    if (!minutes || !hours || !dayOfMonth || !month || !dayOfWeek || !year || more.length > 0) {
      throw new Error("cron() has six fields: minutes, hours, day of month, month, day of week, year");
    }
    if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
      throw new Error("of day of month and day of week one is ?, and the other is not");
    }
    this.#minutes = valuesOf(minutes, fields.minutes);
    this.#hours = valuesOf(hours, fields.hours);
    this.#months = valuesOf(month, fields.month);
    this.#years = valuesOf(year, fields.year);
    this.#isDay = dayOfWeek === "?" ? daysOfMonth(dayOfMonth) : daysOfWeek(dayOfWeek);
  }

  /** The first wall time after another; undefined where there is none any more. */
  next(after: number): number | undefined {
    const from = new Date((Math.floor(after / 60_000) + 1) * 60_000);
    const today = [from.getUTCFullYear(), from.getUTCMonth() + 1, from.getUTCDate()] as const;
    for (const year of this.#years) {
      if (year < today[0]) continue;
      for (const month of this.#months) {
        if (year === today[0] && month < today[1]) continue;
        const isThisMonth = year === today[0] && month === today[1];
        const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
        for (let day = isThisMonth ? today[2] : 1; day <= last; day++) {
          const midnight = Date.UTC(year, month - 1, day);
          if (!this.#isDay(day, last, new Date(midnight).getUTCDay() + 1)) continue;
          const time = this.#timeOf(midnight, from.getTime());
          if (time !== undefined) return time;
        }
      }
    }
    return undefined;
  }

  #timeOf(midnight: number, from: number): number | undefined {
    for (const hour of this.#hours) {
      for (const minute of this.#minutes) {
        const time = midnight + (hour * 60 + minute) * 60_000;
        if (time >= from) return time;
      }
    }
    return undefined;
  }
}

/** `L`: the last; `5W`: the day from Monday to Friday that is next to the fifth, in the same month. */
function daysOfMonth(text: string): Days {
  if (text === "L") return (day, last) => day === last;
  const [, nearest] = /^(\d+)W$/.exec(text) ?? [];
  if (nearest !== undefined) {
    const wanted = numberOf(nearest, fields.dayOfMonth);
    return (day, last, weekday) => wanted <= last && day === nearestWeekday(wanted, last, day, weekday);
  }
  const values = new Set(valuesOf(text, fields.dayOfMonth));
  return (day) => values.has(day);
}

/** @param weekday that of `day`, from which that of the wanted day follows */
function nearestWeekday(wanted: number, last: number, day: number, weekday: number): number {
  const wantedWeekday = (((weekday - 1 + wanted - day) % 7) + 7) % 7;
  if (wantedWeekday === 6) return wanted === 1 ? wanted + 2 : wanted - 1;
  if (wantedWeekday === 0) return wanted === last ? wanted - 2 : wanted + 1;
  return wanted;
}

/** `L`: Saturday; `6L`: the last Friday; `3#2`: the second Tuesday. */
function daysOfWeek(text: string): Days {
  if (text === "L") return (_day, _last, weekday) => weekday === fields.dayOfWeek.most;
  const [, lastOne] = /^(\w+)L$/i.exec(text) ?? [];
  if (lastOne !== undefined) {
    const wanted = numberOf(lastOne, fields.dayOfWeek);
    return (day, last, weekday) => weekday === wanted && day > last - 7;
  }
  const [, nth, count] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  if (nth !== undefined) {
    const wanted = numberOf(nth, fields.dayOfWeek);
    return (day, _last, weekday) => weekday === wanted && Math.ceil(day / 7) === Number(count);
  }
  const values = new Set(valuesOf(text, fields.dayOfWeek));
  return (_day, _last, weekday) => values.has(weekday);
}

/** The values of a field, ascending: `*`, `5`, `MON-FRI`, `0/15`, `1,15`. */
function valuesOf(text: string, field: Field): number[] {
  const values = text.split(",").flatMap((part) => {
    const [range = "", step, ...more] = part.split("/");
    if (more.length > 0 || (step !== undefined && !field.steps)) throw faultOf(part, field);
    const by = step === undefined ? 1 : Number(/^\d+$/.test(step) ? step : 0);
    if (by < 1) throw faultOf(part, field);
    const [from, to] = boundsOf(range, field, step !== undefined);
    if (to < from) throw faultOf(part, field);
    return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
  });
  return [...new Set(values)].toSorted((one, other) => one - other);
}

function boundsOf(range: string, field: Field, hasStep: boolean): [number, number] {
  if (range === "*") return [field.least, field.most];
  const [first = "", last, ...more] = range.split("-");
  if (more.length > 0) throw faultOf(range, field);
  const from = numberOf(first, field);
  if (last !== undefined) return [from, numberOf(last, field)];
  return [from, hasStep ? field.most : from];
}

function numberOf(text: string, field: Field): number {
  const named = field.names?.indexOf(text.toUpperCase()) ?? -1;
  const number = named >= 0 ? named + field.least : Number(/^\d+$/.test(text) ? text : Number.NaN);
  if (number >= field.least && number <= field.most) return number;
  throw faultOf(text, field);
}

function faultOf(text: string, { name, least, most, names: words, steps }: Field): Error {
  const example = words ? ` (${words[0]} to ${words.at(-1)})` : "";
  const forms = steps ? "*, a-b, a/step and a,b" : "*, a-b and a,b";
  return new Error(`"${text}" is no ${name}: ${least} to ${most}${example}, ${forms} are`);
}
