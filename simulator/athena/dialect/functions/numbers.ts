import type { SqlFunction } from "./function.ts";

const sameMath = [
  "asin",
  "acos",
  "atan",
  "cos",
  "cosh",
  "cbrt",
  "degrees",
  "exp",
  "radians",
  "sin",
  "sinh",
  "tan",
  "tanh",
  "abs",
];

export const numbers: Record<string, SqlFunction> = {
  ...Object.fromEntries(sameMath.map((name) => [name, { arguments: "x", count: [1, 1] } satisfies SqlFunction])),
  atan2: { arguments: "y, x", count: [2, 2] },
  bitwise_and: { arguments: "x, y", count: [2, 2], macro: ["(x, y) AS x & y"] },
  bitwise_or: { arguments: "x, y", count: [2, 2], macro: ["(x, y) AS x | y"] },
  bitwise_xor: { arguments: "x, y", count: [2, 2], macro: ["(x, y) AS xor(x, y)"] },
  ceil: { arguments: "x", count: [1, 1], duckdb: "trino.ceiling" },
  ceiling: {
    arguments: "x",
    count: [1, 1],
    macro: [`(x) AS cast_to_type(ceil(x), round(x))`],
  },
  e: { arguments: "", count: [0, 0], macro: ["() AS exp(1)"] },
  floor: {
    arguments: "x",
    count: [1, 1],
    macro: [`(x) AS cast_to_type(floor(x), round(x))`],
  },
  greatest: { arguments: "x, y, ...", count: [2, 100], rewritten: true, note: "NULL if any is" },
  infinity: { arguments: "", count: [0, 0], macro: ["() AS CAST('Infinity' AS DOUBLE)"] },
  is_finite: { arguments: "x", count: [1, 1], duckdb: "isfinite" },
  is_infinite: { arguments: "x", count: [1, 1], duckdb: "isinf" },
  is_nan: { arguments: "x", count: [1, 1], duckdb: "isnan" },
  least: { arguments: "x, y, ...", count: [2, 100], rewritten: true, note: "NULL if any is" },
  ln: {
    arguments: "x",
    count: [1, 1],
    macro: [
      "(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE ln(x) END",
    ],
  },
  log: { arguments: "base, x", count: [2, 2] },
  log10: {
    arguments: "x",
    count: [1, 1],
    macro: [
      "(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE log10(x) END",
    ],
  },
  log2: {
    arguments: "x",
    count: [1, 1],
    macro: [
      "(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) WHEN x = 0 THEN CAST('-Infinity' AS DOUBLE) ELSE log2(x) END",
    ],
  },
  mod: { arguments: "x, y", count: [2, 2], duckdb: "trino.modulus", note: "by zero an error" },
  nan: { arguments: "", count: [0, 0], macro: ["() AS CAST('NaN' AS DOUBLE)"] },
  pi: { arguments: "", count: [0, 0] },
  pow: { arguments: "x, y", count: [2, 2] },
  power: { arguments: "x, y", count: [2, 2] },
  rand: { arguments: "", count: [0, 0], duckdb: "random" },
  random: { arguments: "", count: [0, 0] },
  round: {
    arguments: "x[, digits]",
    count: [1, 2],
    macro: ["(x) AS round(x)", "(x, d) AS cast_to_type(round(x, d), x + x)"],
    note: "halves away from zero",
  },
  sign: { arguments: "x", count: [1, 1], macro: ["(x) AS cast_to_type(sign(x), round(x))"] },
  sqrt: {
    arguments: "x",
    count: [1, 1],
    macro: ["(x) AS CASE WHEN x < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt(x) END"],
  },
  truncate: { arguments: "x", count: [1, 1], duckdb: "trunc" },
  width_bucket: {
    arguments: "x, low, high, buckets",
    count: [4, 4],
    macro: [
      `(x, a, b, n) AS CASE
         WHEN a >= b OR n < 1 THEN trino.fail('width_bucket needs low < high and a bucket', CAST(0 AS BIGINT))
         WHEN x < a THEN 0 WHEN x >= b THEN n + 1 ELSE CAST(floor(n * (CAST(x AS DOUBLE) - a) / (b - a)) AS BIGINT) + 1 END`,
    ],
  },
};
