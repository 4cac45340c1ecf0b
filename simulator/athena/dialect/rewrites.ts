import { fromJodaFormat, fromMysqlFormat } from "./formats.ts";
import { call, cast, constantText, integerConstant, joined, macro, operator, textConstant, type Node } from "./tree.ts";
import { list, QueryError } from "../errors.ts";

/** A call's arguments: as they were parsed, for what must be constant, and translated. */
export interface CallArguments {
  parsed: readonly Node[];
  translated: readonly Node[];
}

type Rewrite = (args: CallArguments, name: string) => Node;

const units = ["millisecond", "second", "minute", "hour", "day", "week", "month", "quarter", "year"];

function constantArgument({ parsed }: CallArguments, index: number, what: string): string {
  const text = constantText(parsed[index]);
  if (text === undefined) throw new QueryError(`${what} must be a constant text.`);
  return text;
}

function unitOf(args: CallArguments, name: string): string {
  const unit = constantArgument(args, 0, `The unit of ${name}`).toLowerCase();
  if (!units.includes(unit)) throw new QueryError(`${name} has no unit "${unit}" in Athena; it can be ${list(units)}.`);
  return unit;
}

function argument({ translated }: CallArguments, index: number): Node {
  return translated[index] as Node;
}

/** NULL if any argument is: DuckDB leaves NULLs out. */
const unlessNull: Rewrite = ({ translated }, name) => {
  const isNull = translated.map((node) => operator("OPERATOR_IS_NULL", node));
  const [first] = isNull;
  const any =
    isNull.length === 1
      ? (first as Node)
      : { class: "CONJUNCTION", type: "CONJUNCTION_OR", alias: "", children: isNull };
  return {
    class: "CASE",
    type: "CASE_EXPR",
    alias: "",
    case_checks: [{ when_expr: operator("OPERATOR_NOT", any), then_expr: call(name, [...translated]) }],
    else_expr: nullConstant(),
  };
};

function nullConstant(): Node {
  return {
    class: "CONSTANT",
    type: "VALUE_CONSTANT",
    alias: "",
    value: { type: { id: "NULL", type_info: null }, is_null: true },
  };
}

const jsonPath = /^\$(?:\.[A-Za-z_]\w*|\[\d+\]|\["[^"\\]*"\])*$/;

const withPath: Rewrite = (args, name) => {
  const path = constantArgument(args, 1, `The path of ${name}`);
  if (!jsonPath.test(path)) {
    throw new QueryError(
      `The path ${path} of ${name} is not among those that run here: $.name, $["name"], [0] and what is made of them.`,
    );
  }
  return macro(name, argument(args, 0), textConstant(path.replaceAll(/\[("[^"]*")\]/g, ".$1")));
};

/** How DuckDB makes an interval of n units, and how many of its units one is. */
const intervals: Readonly<Record<string, { maker: string; times: number; days: boolean }>> = {
  millisecond: { maker: "to_milliseconds", times: 1, days: false },
  second: { maker: "to_seconds", times: 1, days: false },
  minute: { maker: "to_minutes", times: 1, days: false },
  hour: { maker: "to_hours", times: 1, days: false },
  day: { maker: "to_days", times: 1, days: true },
  week: { maker: "to_days", times: 7, days: true },
  month: { maker: "to_months", times: 1, days: true },
  quarter: { maker: "to_months", times: 3, days: true },
  year: { maker: "to_years", times: 1, days: true },
};

const dateAdd: Rewrite = (args, name) => {
  const { maker, times, days } = intervals[unitOf(args, name)] as (typeof intervals)[string];
  const count = cast(argument(args, 1), days ? "INTEGER" : "BIGINT");
  const product = times === 1 ? count : { ...call("*", [count, integerConstant(times)]), is_operator: true };
  return macro(days ? "plus_days" : "plus_time", argument(args, 2), call(maker, [product]));
};

export const rewrites: Readonly<Record<string, Rewrite>> = {
  at_timezone: (args) => macro("at_zone", argument(args, 0), argument(args, 1)),
  concat: ({ translated }) => translated.reduce(joined),
  concat_ws: ({ translated }, name) =>
    call(
      name,
      translated.map((node) => macro("only_text", node)),
    ),
  date_add: dateAdd,
  date_diff: (args, name) => macro(name, textConstant(unitOf(args, name)), argument(args, 1), argument(args, 2)),
  date_format: (args) =>
    call("strftime", [
      argument(args, 0),
      textConstant(fromMysqlFormat(constantArgument(args, 1, "The format of date_format"))),
    ]),
  date_parse: (args) =>
    call("strptime", [
      argument(args, 0),
      textConstant(fromMysqlFormat(constantArgument(args, 1, "The format of date_parse"))),
    ]),
  date_trunc: (args, name) => macro(name, textConstant(unitOf(args, name)), argument(args, 1)),
  format_datetime: (args) =>
    call("strftime", [
      argument(args, 0),
      textConstant(fromJodaFormat(constantArgument(args, 1, "The format of format_datetime"))),
    ]),
  greatest: unlessNull,
  json_extract: withPath,
  json_extract_scalar: withPath,
  least: unlessNull,
  parse_datetime: (args) =>
    cast(
      call("strptime", [
        argument(args, 0),
        textConstant(fromJodaFormat(constantArgument(args, 1, "The format of parse_datetime"))),
      ]),
      "TIMESTAMP WITH TIME ZONE",
    ),
};

/** Fields of EXTRACT by the function that gives each. */
export const extractFields: Readonly<Record<string, string>> = {
  year: "year",
  quarter: "quarter",
  month: "month",
  week: "week",
  day: "day",
  day_of_month: "day_of_month",
  dow: "dow",
  day_of_week: "day_of_week",
  doy: "doy",
  day_of_year: "day_of_year",
  yow: "yow",
  year_of_week: "year_of_week",
  hour: "hour",
  minute: "minute",
  second: "second",
};

/** Functions of which only what a clock shows matters, so that they take AT TIME ZONE. */
export const clockFunctions: ReadonlySet<string> = new Set([
  ...Object.values(extractFields),
  "week_of_year",
  "millisecond",
  "date",
  "date_format",
  "format_datetime",
  "last_day_of_month",
]);
