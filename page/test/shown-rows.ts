import type { DataSet as Known } from "../../components/dashboard/definition/data-set.ts";

/** A building's name that would be a script, were it read as HTML. */
export const hostile = `3 <script>document.title="hacked"</script><img src=x onerror=alert(1)>`;

/** The first hour of the rows, and how many there are. */
export const firstHour = "2018-12-03 00:00:00";
export const hours = 14 * 24;

/** City, meter type, building, primary use, size of its use. */
const series: readonly [string, string, string, string, number][] = [
  ["London, England", "electricity", "1 Office", "Office", 3],
  ["London, England", "hotwater", "1 Office", "Office", 2],
  ["London, England", "electricity", "2 Education", "Education", 5],
  ["London, England", "electricity", hostile, "Retail", 1],
  ["Jacksonville, FL", "electricity", "11 Office", "Office", 8],
  ["Jacksonville, FL", "chilledwater", "11 Office", "Office", 13],
  ["Jacksonville, FL", "electricity", "12 Education", "Education", 7],
];

const text = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** What the data sets are made of; `more` multiplies all use. */
function withRows(more: number): string {
  const values = series.map(
    ([city, type, building, use, size]) => `(${[city, type, building, use].map(text).join(", ")}, ${size}::DOUBLE)`,
  );
  return `WITH series AS (SELECT * FROM (VALUES ${values.join(", ")}) AS t(city, meter_type, building, primary_use, size)),
    clock AS (SELECT h, TIMESTAMP ${text(firstHour)} + to_hours(h) AS hour FROM range(${hours + 24}) AS r(h)),
    parts AS (SELECT *, date_trunc('day', hour) AS day, hour(hour)::BIGINT AS hour_of_day, strftime(hour, '%a') AS weekday,
      isodow(hour)::BIGINT AS weekday_number, greatest(0, 13 - h // 24)::BIGINT AS days_ago FROM clock),
    known AS (SELECT *, round(${more} * size * (100 + 40 * sin(h / 3.82) + day(hour)), 2) AS use,
      round(${more} * size * (104 + 38 * sin(h / 3.82 + size) + day(hour)), 2) AS expected FROM series, parts)`;
}

/** Each data set's rows, with the columns that the dashboard declares. */
const selects: Readonly<Record<string, string>> = {
  use_by_day: `SELECT city, meter_type, building, primary_use, day, days_ago, 'whole' AS day_kind, sum(use) AS use, count(*) AS hours
    FROM known WHERE h < ${hours} GROUP BY ALL`,
  use_by_hour: `SELECT city, meter_type, building, hour, day, hour_of_day, weekday, weekday_number, days_ago, use
    FROM known WHERE h < ${hours}`,
  forecasts: `SELECT city, meter_type, building, hour, day, hour_of_day, weekday, weekday_number, days_ago,
      CASE WHEN h < ${hours} THEN 'measured' ELSE 'ahead' END AS kind, expected,
      CASE WHEN h < ${hours} THEN use END AS measured, measured - expected AS difference, abs(measured - expected) AS off,
      (measured - expected) / (size * 110) AS difference_share, abs(measured - expected) / (size * 110) AS error_share
    FROM known WHERE h >= ${hours - 72}`,
  errors: `SELECT DISTINCT city, meter_type, day, days_ago, 0.2 + size_of / 100 + days_ago / 50.0 AS rmsle, 0.01::DOUBLE AS bias,
      1.1 + size_of / 20 AS ratio, 0.2 + size_of / 100 AS latest_rmsle, 1.1 + size_of / 20 AS latest_ratio,
      CASE WHEN size_of > 10 THEN 'past' ELSE 'within' END AS drift,
      CASE WHEN size_of > 10 THEN TIMESTAMP '2018-12-10' END AS drifted_since
    FROM (SELECT city, meter_type, day, days_ago, max(size) AS size_of FROM known WHERE h BETWEEN ${hours - 120} AND ${hours - 1} GROUP BY ALL)`,
  buildings: `SELECT city, meter_type, building, primary_use, 1000 + size * 100 AS floor_area, size * 2600 AS use_per_day, size * 30 AS intensity,
      90::DOUBLE AS peers_intensity, size / 3 AS times_peers, ${hours}::BIGINT AS hours FROM series`,
  meters: `SELECT DISTINCT city, 'electricity' AS meter_type, state_number || ' Office' AS building, state, state_number,
      TIMESTAMP '2018-12-16 23:00' AS last_reading, 100::DOUBLE AS last_value, 0::BIGINT AS silent_hours,
      TIMESTAMP '2018-12-15' AS well_until, 0::BIGINT AS wrong
    FROM series, (VALUES ('silent', 1::BIGINT), ('stuck', 2), ('zero', 3), ('wrong values', 4), ('well', 6)) AS t(state, state_number)`,
  elements: `SELECT city, 'readings' AS pipeline, ended, cause, day, days_ago, sum(elements)::BIGINT AS elements
    FROM parts, (VALUES ('London, England', 'stored', NULL, 4), ('London, England', 'dropped', 'filter: x', 1),
      ('Jacksonville, FL', 'stored', NULL, 3), ('Jacksonville, FL', 'rejected', 'not JSON', 2)) AS t(city, ended, cause, elements)
    WHERE h < ${hours} GROUP BY ALL`,
  runs: `SELECT 'run-' || n AS run, 'v1' AS model, TIMESTAMP '2018-12-17' - to_days(n) AS forecast_start,
      TIMESTAMP '2018-12-18' - to_days(n) AS forecast_end, 2::BIGINT AS cities, 7::BIGINT AS series, 168::BIGINT AS predictions
    FROM (SELECT n::INTEGER AS n FROM range(3) AS r(n))`,
  cities: `SELECT DISTINCT city, CASE WHEN city LIKE 'London%' THEN 'Europe/London' ELSE 'America/New_York' END AS zone,
      count(*) OVER (PARTITION BY city) AS meters, TIMESTAMP '2018-12-16 23:00' AS last_reading,
      CASE WHEN city LIKE 'London%' THEN TIMESTAMP '2018-12-17 00:03' ELSE TIMESTAMP '2018-12-17 00:05' END AS last_arrival,
      TIMESTAMP '2018-12-18' AS forecast_end, CASE WHEN city LIKE 'London%' THEN 2 ELSE 5 END::BIGINT AS behind_hours FROM series`,
};

/** The SQL of a data set's rows. @param more multiplies all use */
export function rowsOf({ identifier, columns }: Pick<Known, "identifier" | "columns">, more = 1): string {
  const select = selects[identifier];
  if (select === undefined) throw new Error(`there are no rows of ${identifier}`);
  const names = Object.keys(columns).map((name) => `"${name}"`);
  return `SELECT ${names.join(", ")} FROM (${withRows(more)} ${select})`;
}
