import Holidays from "date-holidays";
import type { City } from "./transform/config.ts";
import { holidayCalendar } from "./transform/config.ts";

/** Years that the deployed table covers. */
const firstYear = 2000;
const lastYear = 2037;

const calendars = new Map<string, string[]>();

/**
 * The public holidays of the cities' countries, as ISO dates by {@link holidayCalendar}. date-holidays is 11 MB: it is
 * asked when the program is evaluated, and a Lambda gets this table only.
 */
export function holidayTable(cities: readonly Pick<City, "country" | "subdivision">[]): Record<string, string[]> {
  const names = new Map(cities.map((city) => [holidayCalendar(city), city]));
  return Object.fromEntries(
    [...names.keys()].sort().map((name) => {
      let dates = calendars.get(name);
      if (dates === undefined) {
        const { country, subdivision } = names.get(name) ?? { country: name };
        dates = publicHolidays(country, subdivision, firstYear, lastYear);
        calendars.set(name, dates);
      }
      return [name, dates];
    }),
  );
}

/** ISO dates of the public holidays from a year to another, both included, in order; empty for an unknown country. */
export function publicHolidays(country: string, subdivision: string | undefined, from: number, to: number): string[] {
  const calendar = subdivision === undefined ? new Holidays(country) : new Holidays(country, subdivision);
  const dates = new Set<string>();
  for (let year = from; year <= to; year++) {
    for (const { date, type } of calendar.getHolidays(year)) if (type === "public") dates.add(date.slice(0, 10));
    for (const date of observedHolidays(country, year)) dates.add(date);
  }
  return [...dates].sort();
}

/**
 * Days on which a holiday that falls on a weekend is kept instead, and which date-holidays does not count as public:
 * Veterans Day in the United States (5 U.S.C. 6103(b)), New Year's Day and Christmas in Canada.
 */
function observedHolidays(country: string, year: number): string[] {
  if (country === "US") return observed(year, "11-11", { saturday: -1, sunday: 1 });
  if (country === "CA") {
    return ["01-01", "12-25"].flatMap((date) => observed(year, date, { saturday: 2, sunday: 1 }));
  }
  return [];
}

function observed(year: number, monthAndDay: string, shift: { saturday: number; sunday: number }): string[] {
  const date = new Date(`${year}-${monthAndDay}T00:00:00Z`);
  const days = { 6: shift.saturday, 0: shift.sunday }[date.getUTCDay()];
  if (days === undefined) return [];
  date.setUTCDate(date.getUTCDate() + days);
  return [date.toISOString().slice(0, 10)];
}
