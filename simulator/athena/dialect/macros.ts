import { aggregates, scalars, windowFunctions } from "./functions/index.ts";

const wholeTypes = "('TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT', 'UBIGINT')";
const floatTypes = "('DOUBLE', 'FLOAT')";

/**
 * Macros of the rewritten operators and casts. `fail` is an expression of the type of x that fails with the message:
 * DuckDB's own error() cannot stand inside TRY.
 */
const operatorMacros: Readonly<Record<string, readonly string[]>> = {
  fail: ["(message, x) AS cast_to_type(CAST(CAST('Athena: ' || message AS INTEGER) AS VARCHAR), x)"],
  not_zero: ["(x) AS CASE WHEN x = 0 THEN trino.fail('Division by zero', x) ELSE x END"],
  divide: [
    `(a, b) AS CASE
       WHEN typeof(a) IN ${wholeTypes} AND typeof(b) IN ${wholeTypes} THEN cast_to_type(a // trino.not_zero(b), a + b)
       WHEN typeof(a) IN ${floatTypes} OR typeof(b) IN ${floatTypes} THEN cast_to_type(a / b, a + b)
       ELSE cast_to_type(a / trino.not_zero(b), a + b) END`,
  ],
  modulus: [
    `(a, b) AS CASE WHEN typeof(a) IN ${floatTypes} OR typeof(b) IN ${floatTypes} THEN a % b ELSE a % trino.not_zero(b) END`,
  ],
  plus: [
    "(a, b) AS CASE WHEN typeof(a) = 'DATE' OR typeof(b) = 'DATE' THEN trino.fail('to a date an INTERVAL is added, or write date_add', a + b) ELSE a + b END",
  ],
  minus: [
    "(a, b) AS CASE WHEN typeof(a) = 'DATE' OR typeof(b) = 'DATE' THEN trino.fail('from a date an INTERVAL is taken; between two write date_diff', a - b) ELSE a - b END",
  ],
  plus_days: ["(x, i) AS cast_to_type(x + i, x)"],
  minus_days: ["(x, i) AS cast_to_type(x - i, x)"],
  plus_time: [
    "(x, i) AS CASE WHEN typeof(x) = 'DATE' THEN trino.fail('a date takes whole days: cast it to timestamp', x + i) ELSE x + i END",
  ],
  minus_time: [
    "(x, i) AS CASE WHEN typeof(x) = 'DATE' THEN trino.fail('a date takes whole days: cast it to timestamp', x - i) ELSE x - i END",
  ],
  join: [
    `(a, b) AS CASE
       WHEN typeof(a) NOT IN ('VARCHAR', '"NULL"', 'BLOB') AND NOT typeof(a) LIKE '%[]' OR typeof(b) NOT IN ('VARCHAR', '"NULL"', 'BLOB') AND NOT typeof(b) LIKE '%[]'
         THEN trino.fail('|| and concat join texts or arrays: cast the rest to varchar', concat(a, b))
       WHEN a IS NULL OR b IS NULL THEN NULL ELSE a || b END`,
  ],
  text: [
    `(x) AS CASE WHEN typeof(x) NOT IN ('VARCHAR', 'JSON', '"NULL"') THEN trino.fail(lower(typeof(x)) || ' is not compared with a text: write DATE, TIMESTAMP or CAST before it', x) ELSE x END`,
  ],
  number: [
    `(x) AS CASE WHEN typeof(x) IN ('VARCHAR', 'DATE', 'BOOLEAN', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE') THEN trino.fail(lower(typeof(x)) || ' is not compared with a number: CAST one of them', x) ELSE x END`,
  ],
  condition: [
    `(x) AS CASE WHEN typeof(x) NOT IN ('BOOLEAN', '"NULL"') THEN CAST(trino.fail('a condition is boolean, this is ' || lower(typeof(x)), x) AS BOOLEAN) ELSE CAST(x AS BOOLEAN) END`,
  ],
  subscript: [
    "(x, i) AS CASE WHEN x IS NOT NULL AND x[i] IS NULL THEN trino.fail('there is nothing at the subscript: write element_at', x[i]) ELSE x[i] END",
  ],
  whole: [
    `(x) AS CASE
       WHEN typeof(x) IN ${floatTypes} THEN cast_to_type(round(TRY_CAST(x AS DOUBLE)), x)
       WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(TRY_CAST(x AS VARCHAR), '[+-]?[0-9]+') THEN trino.fail('this text is no whole number', x)
       ELSE x END`,
  ],
  as_text: [
    `(x) AS CASE
       WHEN typeof(x) IN ${floatTypes} THEN trino.fail('a double is written 1.0E0 in Athena: cast it to decimal first', '')
       WHEN typeof(x) = 'TIMESTAMP' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
       WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g UTC')
       WHEN typeof(x) IN ('BLOB', 'INTERVAL') OR typeof(x) LIKE '%[]' OR typeof(x) LIKE '%(%' AND typeof(x) NOT LIKE 'DECIMAL%'
         THEN trino.fail(lower(typeof(x)) || ' is not cast to varchar in Athena', '')
       ELSE CAST(x AS VARCHAR) END`,
  ],
  as_date: [
    `(x) AS CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(TRY_CAST(x AS VARCHAR), '\\d{4}-\\d{1,2}-\\d{1,2}') THEN trino.fail('this text is no date, 2018-12-03', x) ELSE x END`,
  ],
  as_time: [
    `(x) AS CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(TRY_CAST(x AS VARCHAR), '\\d{4}-\\d{1,2}-\\d{1,2}( \\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?)?') THEN trino.fail('this text is no timestamp such as 2018-12-03 10:00:00; with T or a zone write from_iso8601_timestamp', x) ELSE x END`,
  ],
  as_instant: [
    `(x) AS CASE WHEN typeof(x) = 'VARCHAR' AND NOT regexp_full_match(TRY_CAST(x AS VARCHAR), '\\d{4}-\\d{1,2}-\\d{1,2}( \\d{1,2}:\\d{2}(:\\d{2}(\\.\\d+)?)?)?( [A-Za-z_/]+| ?[+-]\\d{2}:\\d{2})?') THEN trino.fail('this text is no timestamp with time zone, 2018-12-03 10:00:00 UTC; with T write from_iso8601_timestamp', x) ELSE x END`,
  ],
  finite: ["(x) AS CASE WHEN isfinite(x) THEN x END"],
  only_text: [
    `(x) AS CASE WHEN typeof(x) NOT IN ('VARCHAR', '"NULL"') THEN trino.fail('concat_ws joins texts: cast the rest to varchar', '') ELSE CAST(x AS VARCHAR) END`,
  ],
  summed: [
    "(x) AS CASE WHEN typeof(x) = 'BOOLEAN' THEN trino.fail('a boolean is not summed: write count_if', x) WHEN typeof(x) = 'FLOAT' THEN trino.fail('sums of real are rounded to real in Athena: cast it to double', x) ELSE x END",
  ],
  averaged: [
    "(x) AS CASE WHEN typeof(x) LIKE 'DECIMAL%' THEN trino.fail('the mean of decimals keeps their digits in Athena: cast it to double', x) WHEN typeof(x) = 'FLOAT' THEN trino.fail('the mean of real is real in Athena: cast it to double', x) ELSE x END",
  ],
  at_zone: [
    "(x, zone) AS CASE WHEN typeof(x) NOT IN ('TIMESTAMP', 'TIMESTAMP WITH TIME ZONE') THEN trino.fail('AT TIME ZONE takes a timestamp', timezone(zone, CAST(x AS TIMESTAMP WITH TIME ZONE))) ELSE timezone(zone, CAST(x AS TIMESTAMP WITH TIME ZONE)) END",
  ],
  unnested: [
    "(x) AS CASE WHEN typeof(x) LIKE 'STRUCT%[]' THEN trino.fail('UNNEST of rows gives a column per field in Athena: unnest one field', x) WHEN typeof(x) LIKE 'MAP(%' THEN trino.fail('unnest map_keys(x) and map_values(x)', x) ELSE x END",
  ],
};

/** The statements that make the macros of Athena's meaning, in a schema of their own. */
export function macroStatements(): string {
  const functions = Object.entries({ ...scalars, ...aggregates, ...windowFunctions });
  const macros = [
    ...Object.entries(operatorMacros),
    ...functions.flatMap(([name, { macro }]) => (macro ? [[name, macro] as const] : [])),
  ];
  return [
    "CREATE SCHEMA trino",
    ...macros.map(([name, bodies]) => `CREATE MACRO trino.${name}${bodies.join(", ")}`),
  ].join(";\n");
}
