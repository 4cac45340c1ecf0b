import type { SqlFunction } from "./function.ts";

export const time: Record<string, SqlFunction> = {
  at_timezone: { arguments: "timestamp, zone", count: [2, 2], rewritten: true, note: "as AT TIME ZONE, see below" },
  date: { arguments: "x", count: [1, 1], rewritten: true, note: "the same as CAST(x AS date)" },
  date_add: { arguments: "unit, n, x", count: [3, 3], rewritten: true },
  date_diff: {
    arguments: "unit, from, to",
    count: [3, 3],
    rewritten: true,
    macro: ["(u, a, b) AS date_sub(u, a, b)"],
    note: "whole units that have passed",
  },
  date_format: {
    arguments: "timestamp, format",
    count: [2, 2],
    rewritten: true,
    note: "a constant format of MySQL's letters",
  },
  date_parse: {
    arguments: "text, format",
    count: [2, 2],
    rewritten: true,
    note: "a constant format of MySQL's letters",
  },
  date_trunc: {
    arguments: "unit, x",
    count: [2, 2],
    rewritten: true,
    macro: ["(u, x) AS cast_to_type(date_trunc(u, x), x)"],
  },
  day: { arguments: "x", count: [1, 1] },
  day_of_month: { arguments: "x", count: [1, 1], duckdb: "day" },
  day_of_week: { arguments: "x", count: [1, 1], duckdb: "isodow", note: "Monday 1 to Sunday 7" },
  day_of_year: { arguments: "x", count: [1, 1], duckdb: "dayofyear" },
  dow: { arguments: "x", count: [1, 1], duckdb: "isodow", note: "Monday 1 to Sunday 7" },
  doy: { arguments: "x", count: [1, 1], duckdb: "dayofyear" },
  format_datetime: {
    arguments: "timestamp, format",
    count: [2, 2],
    rewritten: true,
    note: "a constant format of Joda's letters",
  },
  from_iso8601_date: { arguments: "text", count: [1, 1], macro: ["(s) AS CAST(s AS DATE)"] },
  from_iso8601_timestamp: { arguments: "text", count: [1, 1], macro: ["(s) AS CAST(s AS TIMESTAMP WITH TIME ZONE)"] },
  from_unixtime: {
    arguments: "seconds",
    count: [1, 1],
    macro: ["(x) AS to_timestamp(round(CAST(x AS DOUBLE) * 1000) / 1000)"],
  },
  hour: { arguments: "x", count: [1, 1] },
  last_day_of_month: { arguments: "x", count: [1, 1], duckdb: "last_day" },
  millisecond: { arguments: "x", count: [1, 1], macro: ["(x) AS millisecond(x) % 1000"] },
  minute: { arguments: "x", count: [1, 1] },
  month: { arguments: "x", count: [1, 1] },
  now: { arguments: "", count: [0, 0] },
  parse_datetime: {
    arguments: "text, format",
    count: [2, 2],
    rewritten: true,
    note: "a constant format of Joda's letters",
  },
  quarter: { arguments: "x", count: [1, 1] },
  second: { arguments: "x", count: [1, 1] },
  to_iso8601: {
    arguments: "x",
    count: [1, 1],
    macro: [
      `(x) AS CASE typeof(x)
         WHEN 'DATE' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%d')
         WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%g')
         ELSE strftime(TRY_CAST(CAST(x AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP), '%Y-%m-%dT%H:%M:%S.%gZ') END`,
    ],
  },
  to_milliseconds: { arguments: "interval", count: [1, 1], macro: ["(i) AS CAST(epoch(i) * 1000 AS BIGINT)"] },
  to_unixtime: { arguments: "timestamp", count: [1, 1], duckdb: "epoch", note: "seconds as a double" },
  week: { arguments: "x", count: [1, 1], note: "ISO week" },
  week_of_year: { arguments: "x", count: [1, 1], duckdb: "week", note: "ISO week" },
  with_timezone: {
    arguments: "timestamp, zone",
    count: [2, 2],
    macro: ["(x, zone) AS timezone(zone, CAST(x AS TIMESTAMP))"],
    note: "the instant at which a clock of the zone shows it",
  },
  year: { arguments: "x", count: [1, 1] },
  year_of_week: { arguments: "x", count: [1, 1], duckdb: "isoyear" },
  yow: { arguments: "x", count: [1, 1], duckdb: "isoyear" },
};
