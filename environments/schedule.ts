/** What is wrong with a schedule, and where in its text (0-based) it is. */
export interface ScheduleFault {
  message: string;
  index: number;
}

const forms =
  "a schedule is rate(1 hour), cron(minutes hours day-of-month month day-of-week year) or at(2026-01-31T06:00:00)";

interface Field {
  name: string;
  first: number;
  last: number;
  /** Names for the values, beginning with that of `first`. */
  names?: readonly string[];
  /** The wildcards besides `,` `-` `*` and `/`. */
  wildcards: string;
}

/** EventBridge Scheduler user guide, "Schedule types", cron-based schedules: fields, values and wildcards. */
const fields: readonly Field[] = [
  { name: "minutes", first: 0, last: 59, wildcards: "" },
  { name: "hours", first: 0, last: 23, wildcards: "" },
  { name: "day-of-month", first: 1, last: 31, wildcards: "?LW" },
  {
    name: "month",
    first: 1,
    last: 12,
    names: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"],
    wildcards: "",
  },
  {
    name: "day-of-week",
    first: 1,
    last: 7,
    names: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"],
    wildcards: "?L#",
  },
  { name: "year", first: 1970, last: 2199, wildcards: "" },
];

const dayOfMonth = 2;
const dayOfWeek = 4;

/** The longest that a schedule's expression may be: EventBridge Scheduler API, CreateSchedule. */
const longest = 256;

/**
 * What is wrong with a schedule of EventBridge Scheduler, undefined when nothing is: the first fault, since those after
 * it often follow from it. https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 */
export function scheduleFault(text: string): ScheduleFault | undefined {
  if (text.length > longest)
    return { message: `must be at most ${longest} characters, and has ${text.length}`, index: 0 };
  const parts = /^(rate|cron|at)\((.*)\)$/s.exec(text);
  if (parts === null) {
    const closed = /^(rate|cron|at)\([^)]*$/.test(text);
    return closed
      ? { message: `${JSON.stringify(text)} has no closing bracket`, index: text.length }
      : { message: `must be a schedule, not ${JSON.stringify(text)}: ${forms}`, index: 0 };
  }
  const [, kind = "", inner = ""] = parts;
  const fault = { rate: rateFault, cron: cronFault, at: atFault }[kind as "rate" | "cron" | "at"](inner);
  return fault === undefined ? undefined : { ...fault, index: fault.index + kind.length + 1 };
}

function rateFault(text: string): ScheduleFault | undefined {
  const parts = /^(\S+)\s+(\S+)$/.exec(text);
  if (parts === null) {
    return { message: `a rate is a number and minutes, hours or days, such as rate(15 minutes)`, index: 0 };
  }
  const [, value = "", unit = ""] = parts;
  if (!/^[1-9]\d*$/.test(value)) {
    return { message: `a rate's number is a whole number from 1 on, not ${value}`, index: 0 };
  }
  const index = text.length - unit.length;
  const singular = /^(minute|hour|day)s?$/.exec(unit)?.[1];
  if (singular === undefined) return { message: `a rate is in minutes, hours or days, not in ${unit}`, index };
  const right = value === "1" ? singular : `${singular}s`;
  return unit === right ? undefined : { message: `must be written rate(${value} ${right})`, index };
}

function atFault(text: string): ScheduleFault | undefined {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/.test(text)) {
    const message = `must be a date and time without a zone, such as at(2026-01-31T06:00:00), not ${JSON.stringify(text)}; timeZone says the zone`;
    return { message, index: 0 };
  }
  const time = Date.parse(`${text}Z`);
  // Date.parse takes February 31 as March 2.
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return exists ? undefined : { message: `there is no ${text.replace("T", " ")}`, index: 0 };
}

function cronFault(text: string): ScheduleFault | undefined {
  const written = [...text.matchAll(/\S+/g)].map(({ 0: value, index }) => ({ value, index }));
  if (written.length !== fields.length) {
    const names = fields.map(({ name }) => name).join(" ");
    const index = written[fields.length]?.index ?? 0;
    return { message: `a cron expression has six fields (${names}), this has ${written.length}`, index };
  }
  for (const [position, { value, index }] of written.entries()) {
    const field = fields[position];
    const fault = field && fieldFault(value, field);
    if (fault !== undefined) return { message: `${field?.name}: ${fault.message}`, index: index + fault.index };
  }
  const [month, week] = [written[dayOfMonth], written[dayOfWeek]];
  if (month !== undefined && week !== undefined && (month.value === "?") === (week.value === "?")) {
    const message =
      month.value === "?"
        ? "day-of-month and day-of-week are both ?: one of the two must say which days"
        : `day-of-month and day-of-week cannot both say which days: one of the two must be ?`;
    return { message, index: week.index };
  }
  return undefined;
}

/** The comma separated parts of a field, each with its place. */
function fieldFault(text: string, field: Field): ScheduleFault | undefined {
  if (text === "?" && field.wildcards.includes("?")) return undefined;
  const parts = text.split(",");
  let index = 0;
  for (const part of parts) {
    const message = partFault(part, field, parts.length > 1);
    if (message !== undefined) return { message, index };
    index += part.length + 1;
  }
  return undefined;
}

function partFault(part: string, field: Field, isOneOfSeveral: boolean): string | undefined {
  if (part === "") return "a value is missing beside a comma";
  if (part.includes("?")) return field.wildcards.includes("?") ? "? stands alone" : "? cannot stand here";
  const special = specialFault(part, field);
  if (special !== undefined) {
    return special.fault ?? (isOneOfSeveral ? `${part} stands alone, not in a list` : undefined);
  }

  const [range = "", step, ...more] = part.split("/");
  if (more.length > 0) return `${part} has more than one /`;
  if (step !== undefined) {
    const most = field.last - field.first;
    if (!/^\d+$/.test(step) || Number(step) < 1 || Number(step) > most) {
      return `the step after / is a whole number from 1 to ${most}, not ${JSON.stringify(step)}`;
    }
  }
  if (range === "*") return undefined;
  const [from = "", to, ...rest] = range.split("-");
  if (rest.length > 0) return `${range} has more than one -`;
  const fault = valueFault(from, field) ?? (to === undefined ? undefined : valueFault(to, field));
  if (fault !== undefined) return fault;
  if (to !== undefined && numberOf(from, field) > numberOf(to, field)) {
    return `the range ${range} runs backwards; write it as two, joined by a comma`;
  }
  return undefined;
}

/** What is wrong with a part that uses L, W or # where its field has them; undefined for a part that uses none. */
function specialFault(part: string, field: Field): { fault: string | undefined } | undefined {
  const upper = part.toUpperCase();
  if (field.wildcards.includes("W")) {
    if (upper === "L") return { fault: undefined };
    const nearest = /^(.*)W$/.exec(upper)?.[1];
    return nearest === undefined ? undefined : { fault: valueFault(nearest, field) };
  }
  if (field.wildcards.includes("#")) {
    if (upper === "L") return { fault: undefined };
    const last = /^(.*)L$/.exec(upper)?.[1];
    if (last !== undefined) return { fault: valueFault(last, field) };
    const [, day, week] = /^(.*)#(.*)$/.exec(upper) ?? [];
    if (day === undefined || week === undefined) return undefined;
    const weekFault = /^[1-5]$/.test(week) ? undefined : `the week after # is 1 to 5, not ${JSON.stringify(week)}`;
    return { fault: valueFault(day, field) ?? weekFault };
  }
  return undefined;
}

function valueFault(text: string, field: Field): string | undefined {
  const number = numberOf(text, field);
  if (number >= field.first && number <= field.last) return undefined;
  const { first, last, names } = field;
  const named = names === undefined ? "" : ` or ${names[0]} to ${names.at(-1)}`;
  return `must be ${first} to ${last}${named}, not ${JSON.stringify(text)}`;
}

function numberOf(text: string, { first, names }: Field): number {
  if (/^\d{1,4}$/.test(text)) return Number(text);
  const place = names?.indexOf(text.toUpperCase()) ?? -1;
  return place === -1 ? NaN : first + place;
}
