import { expect } from "chai";
import { readFileSync } from "node:fs";
import { aggregates, scalars, windowFunctions } from "../athena/dialect/functions/index.ts";
import { sqlReference } from "../athena/dialect/reference.ts";
import type { Json } from "../athena/index.ts";
import { Lake } from "./athena-lake.ts";

/** Expressions with the values that Trino's documentation gives them. */
const examples: Record<string, [string, Json][]> = {
  "whole numbers divide as Trino's": [
    ["1/2", 0],
    ["-7/2", -3],
    ["-7 % 3", -1],
    ["mod(7, 3)", 1],
    ["1e0/2", 0.5],
    ["1e0/0", "Infinity"],
    ["0e0/0", "NaN"],
    ["1.0/3", 0.3],
    ["2.00/3", 0.67],
    ["7 * 100.0 / 3", 233.3],
    ["ceil(5)/2", 2],
    ["floor(2.5e0)/2", 1],
    ["sign(-5)/2", 0],
  ],
  "numbers": [
    ["round(2.5e0)", 3],
    ["round(-2.5e0)", -3],
    ["round(2.345, 2)", 2.35],
    ["round(9.99, 1)", 10],
    ["truncate(-1.9e0)", -1],
    ["ceiling(1.2)", 2],
    ["abs(-2)", 2],
    ["sqrt(4)", 2],
    ["sqrt(-1)", "NaN"],
    ["ln(0)", "-Infinity"],
    ["ln(-1)", "NaN"],
    ["log(2, 8)", 3],
    ["log2(8)", 3],
    ["log10(0)", "-Infinity"],
    ["power(2, 10)", 1024],
    ["pow(2, 3)", 8],
    ["round(cbrt(27), 9)", 3],
    ["exp(0)", 1],
    ["e() = exp(1)", true],
    ["pi() > 3.14", true],
    ["degrees(pi())", 180],
    ["radians(180) = pi()", true],
    ["sin(0) + tan(0) + asin(0) + atan(0) + sinh(0) + tanh(0)", 0],
    ["cos(0) + cosh(0) + acos(1)", 2],
    ["atan2(0, 1)", 0],
    ["greatest(1, 2)", 2],
    ["greatest(1, NULL)", null],
    ["least(1, 2)", 1],
    ["least(NULL, 2)", null],
    ["is_nan(nan())", true],
    ["is_infinite(infinity())", true],
    ["is_finite(1e0)", true],
    ["bitwise_and(6, 3)", 2],
    ["bitwise_or(6, 3)", 7],
    ["bitwise_xor(6, 3)", 5],
    ["width_bucket(3.5, 0, 10, 5)", 2],
    ["width_bucket(10, 0, 10, 5)", 6],
    ["random() < 1", true],
    ["rand() < 1", true],
  ],
  "text": [
    ["concat('a', 'b', 'c')", "abc"],
    ["concat('a', NULL)", null],
    ["'a' || 'b'", "ab"],
    ["concat_ws(',', 'a', NULL, 'b')", "a,b"],
    ["length('né')", 2],
    ["upper('a') || lower('B')", "Ab"],
    ["substr('abc', 2)", "bc"],
    ["substr('abc', 0, 2)", ""],
    ["substr('abc', -2)", "bc"],
    ["substr('abc', -5)", ""],
    ["substr('abc', 1, -1)", ""],
    ["substring('abc' FROM 2 FOR 1)", "b"],
    ["split_part('a,b', ',', 2)", "b"],
    ["split_part('a,b', ',', 3)", null],
    ["split('a,b', ',')", ["a", "b"]],
    ["strpos('abc', 'c')", 3],
    ["strpos('abc', 'z')", 0],
    ["position('b' IN 'abc')", 2],
    ["trim(' \ta\n ')", "a"],
    ["ltrim(' a')", "a"],
    ["rtrim('a ')", "a"],
    ["trim(BOTH 'x' FROM 'xax')", "a"],
    ["replace('aba', 'a')", "b"],
    ["replace('aba', 'a', 'c')", "cbc"],
    ["reverse('abc')", "cba"],
    ["lpad('a', 3, 'x')", "xxa"],
    ["rpad('abc', 2, 'x')", "ab"],
    ["starts_with('abc', 'ab')", true],
    ["chr(65)", "A"],
    ["codepoint('A')", 65],
    ["translate('abc', 'ab', 'x')", "xc"],
    ["levenshtein_distance('abc', 'abd')", 1],
    ["hamming_distance('abc', 'abd')", 1],
    ["regexp_like('abc', 'b')", true],
    ["regexp_extract('a1b2', '([a-z])([0-9])', 2)", "1"],
    ["regexp_extract('abc', '[0-9]')", null],
    ["regexp_extract_all('a1b2', '[0-9]')", ["1", "2"]],
    ["regexp_replace('a1b2', '([0-9])', '<$1>')", "a<1>b<2>"],
    ["regexp_replace('a1b2', '[0-9]')", "ab"],
    ["regexp_count('a1b2', '[0-9]')", 2],
    ["regexp_split('a1b2c', '[0-9]')", ["a", "b", "c"]],
    ["'a_b' LIKE 'a#_b' ESCAPE '#'", true],
    ["'a\\%' LIKE 'a\\%'", true],
  ],
  "binary": [
    ["from_utf8(from_base64('aGk='))", "hi"],
    ["to_base64(to_utf8('hi'))", "aGk="],
    ["to_hex(to_utf8('hi'))", "6869"],
    ["from_utf8(from_hex('6869'))", "hi"],
    ["from_base64('aGk=')", "68 69"],
    ["to_hex(md5(to_utf8('')))", "D41D8CD98F00B204E9800998ECF8427E"],
    ["to_hex(sha1(to_utf8('')))", "DA39A3EE5E6B4B0D3255BFEF95601890AFD80709"],
    ["length(to_hex(sha256(to_utf8(''))))", 64],
  ],
  "dates and times": [
    ["DATE '2020-01-31' + INTERVAL '1' MONTH", "2020-02-29"],
    ["DATE '2020-01-31' - INTERVAL '2' DAY", "2020-01-29"],
    ["TIMESTAMP '2020-01-31 10:00:00' + INTERVAL '1' HOUR", "2020-01-31T11:00:00.000Z"],
    ["TIMESTAMP '2020-01-03 10:00:00' - TIMESTAMP '2020-01-01 09:00:00'", "2 01:00:00.000"],
    ["to_milliseconds(INTERVAL '2' SECOND)", 2000],
    ["date_trunc('month', DATE '2020-02-29')", "2020-02-01"],
    ["date_trunc('week', TIMESTAMP '2020-01-08 10:00:00')", "2020-01-06T00:00:00.000Z"],
    ["date_add('day', 1, DATE '2020-02-28')", "2020-02-29"],
    ["date_add('quarter', -1, DATE '2020-02-28')", "2019-11-28"],
    ["date_add('second', 90, TIMESTAMP '2020-01-01 00:00:00')", "2020-01-01T00:01:30.000Z"],
    ["date_diff('day', TIMESTAMP '2020-01-01 23:00:00', TIMESTAMP '2020-01-02 01:00:00')", 0],
    ["date_diff('hour', TIMESTAMP '2020-01-01 23:00:00', TIMESTAMP '2020-01-02 01:00:00')", 2],
    ["date_diff('month', DATE '2020-01-31', DATE '2020-03-30')", 1],
    ["day_of_week(DATE '2020-01-05')", 7],
    ["dow(DATE '2020-01-06')", 1],
    ["extract(DOW FROM DATE '2020-01-05')", 7],
    ["day_of_year(DATE '2020-02-01') + doy(DATE '2020-01-01')", 33],
    ["day(DATE '2020-02-03') + day_of_month(DATE '2020-02-03')", 6],
    ["week(DATE '2020-12-31') + week_of_year(DATE '2020-12-31')", 106],
    ["year_of_week(DATE '2021-01-01') + yow(DATE '2021-01-01')", 4040],
    ["year(DATE '2020-05-06') + quarter(DATE '2020-05-06') + month(DATE '2020-05-06')", 2027],
    ["hour(TIMESTAMP '2020-01-01 10:20:30.456') + minute(TIMESTAMP '2020-01-01 10:20:30.456')", 30],
    ["second(TIMESTAMP '2020-01-01 10:20:30.456') + millisecond(TIMESTAMP '2020-01-01 10:20:30.456')", 486],
    ["last_day_of_month(DATE '2020-02-03')", "2020-02-29"],
    ["date('2020-02-03')", "2020-02-03"],
    ["from_unixtime(1544065200)", "2018-12-06T03:00:00.000Z"],
    ["to_unixtime(TIMESTAMP '1970-01-01 00:00:01.500')", 1.5],
    ["from_iso8601_timestamp('2018-12-06T04:00:00+01:00')", "2018-12-06T03:00:00.000Z"],
    ["from_iso8601_date('2018-12-06')", "2018-12-06"],
    ["to_iso8601(TIMESTAMP '2018-12-06 03:00:00')", "2018-12-06T03:00:00.000"],
    ["to_iso8601(from_unixtime(0))", "1970-01-01T00:00:00.000Z"],
    ["to_iso8601(DATE '2018-12-06')", "2018-12-06"],
    ["date_parse('06.12.2018 03:05', '%d.%m.%Y %H:%i')", "2018-12-06T03:05:00.000Z"],
    ["date_format(TIMESTAMP '2018-12-06 15:04:05', '%W %e %M %y, %h:%i:%s %p')", "Thursday 6 December 18, 03:04:05 PM"],
    ["format_datetime(TIMESTAMP '2018-12-06 15:04:05', 'yyyy-MM-dd''T''HH:mm')", "2018-12-06T15:04"],
    ["parse_datetime('2018/12/06', 'yyyy/MM/dd')", "2018-12-06T00:00:00.000Z"],
    ["now() = current_timestamp AND current_date <= date(now()) AND localtimestamp > DATE '2020-01-01'", true],
    ["hour(TIMESTAMP '2020-07-01 22:30:00' AT TIME ZONE 'Europe/Berlin')", 0],
    ["date_format(at_timezone(TIMESTAMP '2020-07-01 22:30:00', 'America/New_York'), '%H:%i')", "18:30"],
    ["CAST(date_trunc('day', TIMESTAMP '2020-07-01 22:30:00' AT TIME ZONE 'Europe/Berlin') AS date)", "2020-07-02"],
    ["with_timezone(TIMESTAMP '2020-07-01 10:00:00', 'Europe/Berlin')", "2020-07-01T08:00:00.000Z"],
  ],
  "arrays and maps": [
    ["cardinality(ARRAY[1, NULL])", 2],
    ["cardinality(map(ARRAY['a'], ARRAY[1]))", 1],
    ["element_at(ARRAY[1, 2], -1)", 2],
    ["element_at(ARRAY[1, 2], 3)", null],
    ["element_at(map(ARRAY['a'], ARRAY[1]), 'a')", 1],
    ["element_at(map(ARRAY['a'], ARRAY[1]), 'b')", null],
    ["map(ARRAY['a'], ARRAY[1])['a']", 1],
    ["ARRAY[5, 6][2]", 6],
    ["ARRAY[1] || ARRAY[2]", [1, 2]],
    ["contains(ARRAY[1, 2], 2)", true],
    ["contains(ARRAY[1, NULL], 2)", null],
    ["contains(ARRAY[1], 2)", false],
    ["array_join(ARRAY['a', NULL, 'b'], '-')", "a-b"],
    ["array_sort(ARRAY[3, NULL, 1])", [1, 3, null]],
    ["array_distinct(ARRAY[2, 1, 2, NULL, NULL])", [2, 1, null]],
    ["array_max(ARRAY[1, 2])", 2],
    ["array_max(ARRAY[1, NULL])", null],
    ["array_min(ARRAY[1, 2])", 1],
    ["array_position(ARRAY[1, 2], 5)", 0],
    ["slice(ARRAY[1, 2, 3], 2, 5)", [2, 3]],
    ["flatten(ARRAY[ARRAY[1], ARRAY[2]])", [1, 2]],
    ["sequence(1, 3)", [1, 2, 3]],
    ["sequence(3, 1)", [3, 2, 1]],
    ["sequence(DATE '2020-01-31', DATE '2020-02-01', INTERVAL '1' DAY)", ["2020-01-31", "2020-02-01"]],
    ["transform(ARRAY[1, 2], x -> x * 2)", [2, 4]],
    ["filter(ARRAY[1, 2], x -> x > 1)", [2]],
    ["map_keys(map(ARRAY['a'], ARRAY[1]))", ["a"]],
    ["map_values(map(ARRAY['a'], ARRAY[1]))", [1]],
    ["cardinality(map_entries(map(ARRAY['a'], ARRAY[1])))", 1],
    ["map_from_entries(ARRAY[ROW('a', 1)])", { a: 1 }],
    ["CAST(ARRAY[1, 2] AS array(varchar))", ["1", "2"]],
    ["CAST(ROW(1, 'x') AS row(a bigint, b varchar))", { a: 1, b: "x" }],
  ],
  "JSON": [
    ['json_extract_scalar(\'{"a":{"b":[1,"x"]}}\', \'$.a.b[1]\')', "x"],
    ["json_extract_scalar('{\"a\":{\"b\":1}}', '$.a')", null],
    ["json_extract_scalar('no json', '$.a')", null],
    ["json_extract_scalar('{\"a b\":1}', '$[\"a b\"]')", "1"],
    ["json_format(json_extract('{\"a\":[1]}', '$.a'))", "[1]"],
    ["json_array_length('[1,2]')", 2],
    ["json_extract_scalar(json_parse('{\"a\":1}'), '$.a')", "1"],
  ],
  "conditions": [
    ["if(1 > 2, 'a')", null],
    ["if(1 > 2, 'a', if(true, 'b'))", "b"],
    ["coalesce(NULL, 1)", 1],
    ["nullif(1, 1)", null],
    ["try(1/0)", null],
    ["try(CAST('x' AS integer))", null],
    ["try(date_parse('x', '%Y'))", null],
    ["try(1/2)", 0],
    ["length(CAST(uuid() AS varchar))", 36],
    ["CASE 1 WHEN 1 THEN 'one' ELSE 'other' END", "one"],
  ],
  "casts": [
    ["CAST(2.5e0 AS integer)", 3],
    ["CAST(-2.5e0 AS bigint)", -3],
    ["CAST(2.5 AS integer)", 3],
    ["CAST('12' AS bigint)", 12],
    ["TRY_CAST('1.5' AS integer)", null],
    ["TRY_CAST('x' AS date)", null],
    ["CAST(1.50 AS varchar)", "1.50"],
    ["CAST(TIMESTAMP '2020-01-01 10:00:00' AS varchar)", "2020-01-01 10:00:00.000"],
    ["CAST(true AS varchar)", "true"],
    ["CAST('2020-01-02' AS date)", "2020-01-02"],
    ["CAST('2020-01-02 10:00:00 Europe/Berlin' AS timestamp with time zone)", "2020-01-02T09:00:00.000Z"],
    ["CAST(NULL AS integer)", null],
  ],
};

/** Over the rows (x, y, s): (1, 10, 'a'), (2, 20, NULL), (3, 30, 'c'), (NULL, 40, 'a'). */
const aggregateExamples: [string, Json][] = [
  ["count(*)", 4],
  ["count(x)", 3],
  ["count(DISTINCT s)", 2],
  ["count_if(x > 1)", 2],
  ["sum(x)", 6],
  ["sum(x) / count(*)", 1],
  ["sum(x) FILTER (WHERE s IS NULL)", 2],
  ["avg(x)", 2],
  ["min(s)", "a"],
  ["max(x)", 3],
  ["max_by(s, x)", "c"],
  ["min_by(s, y)", "a"],
  ["max_by(x, y)", null],
  ["any_value(x) IS NOT NULL", true],
  ["arbitrary(x) IS NOT NULL", true],
  ["array_agg(x ORDER BY y DESC)", [null, 3, 2, 1]],
  ["array_agg(x ORDER BY x DESC)", [3, 2, 1, null]],
  ["approx_distinct(s)", 2],
  ["approx_percentile(x, 0.5)", 2],
  ["approx_percentile(x, ARRAY[0.1, 0.9])", [1, 3]],
  ["stddev(x)", 1],
  ["stddev_samp(x)", 1],
  ["round(stddev_pop(x), 3)", 0.816],
  ["variance(x)", 1],
  ["var_samp(x)", 1],
  ["round(var_pop(x), 3)", 0.667],
  ["corr(y, x)", 1],
  ["corr(y, 1)", null],
  ["covar_samp(y, x)", 10],
  ["round(covar_pop(y, x), 3)", 6.667],
  ["round(regr_slope(y, x), 9)", 10],
  ["abs(round(regr_intercept(y, x), 9))", 0],
  ["bool_and(x > 1)", false],
  ["every(x > 0)", true],
  ["bool_or(x > 2)", true],
  ["bitwise_and_agg(x)", 0],
  ["bitwise_or_agg(x)", 3],
  ["histogram(s)", { a: 2, c: 1 }],
  ["map_agg(y, s) FILTER (WHERE s = 'c')", { 30: "c" }],
  ["try(sum(x) / count(nullif(x, x)))", null],
  ["try(sum(x) / 2)", 3],
];

/** Of the second of the rows by y. */
const windowExamples: [string, Json][] = [
  ["row_number() OVER (ORDER BY y)", 2],
  ["rank() OVER (ORDER BY s)", 4],
  ["dense_rank() OVER (ORDER BY s)", 3],
  ["percent_rank() OVER (ORDER BY s)", 1],
  ["cume_dist() OVER (ORDER BY y)", 0.5],
  ["ntile(2) OVER (ORDER BY y)", 1],
  ["lag(x) OVER (ORDER BY y)", 1],
  ["lead(x, 2, 9) OVER (ORDER BY y)", null],
  ["first_value(x) OVER (ORDER BY y)", 1],
  ["last_value(x) OVER (ORDER BY y)", 2],
  ["nth_value(x, 2) OVER (ORDER BY y)", 2],
  ["sum(x) OVER (ORDER BY y ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)", 3],
  ["avg(y) OVER ()", 25],
  ["try(sum(x) OVER () / 0)", null],
];

const rows = "(VALUES (1, 10, 'a'), (2, 20, NULL), (3, 30, 'c'), (NULL, 40, 'a')) AS t(x, y, s)";

describe("functions of Athena's SQL", () => {
  let lake: Lake;
  before(() => {
    lake = new Lake();
  });
  after(() => lake.remove());

  async function check(expressions: readonly [string, Json][], query: (expression: string) => string): Promise<void> {
    for (const [expression, value] of expressions) {
      const [row] = await lake.query(query(expression));
      expect(row, expression).to.deep.equal({ value });
    }
  }

  for (const [title, expressions] of Object.entries(examples)) {
    it(title, () => check(expressions, (expression) => `SELECT ${expression} AS value`));
  }

  it("aggregates", () => check(aggregateExamples, (expression) => `SELECT ${expression} AS value FROM ${rows}`));

  it("window functions", () =>
    check(
      windowExamples,
      (expression) => `SELECT value FROM (SELECT ${expression} AS value, y FROM ${rows}) AS w WHERE y = 20`,
    ));

  it("each have an example here", () => {
    const text = [...Object.values(examples).flat(), ...aggregateExamples, ...windowExamples]
      .map(([expression]) => expression)
      .join("\n");
    const untried = Object.keys({ ...scalars, ...aggregates, ...windowFunctions }).filter(
      (name) => !new RegExp(`\\b${name}\\(`).test(text),
    );
    expect(untried).to.deep.equal([]);
  });

  it("are listed in docs/sql.md as they are (else write it anew, as its head says)", () => {
    const file = new URL("../../docs/sql.md", import.meta.url);
    expect(readFileSync(file, "utf8").trim()).to.equal(sqlReference().trim());
  });
});
