import type { SqlFunction } from "./function.ts";

/** Aggregates of two columns. */
export const pairs = ["corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept"];
const spreads = ["stddev", "stddev_pop", "stddev_samp", "variance", "var_pop", "var_samp"];

/** All take FILTER (WHERE ...), DISTINCT where Athena does, and OVER (...). */
export const aggregates: Readonly<Record<string, SqlFunction>> = {
  ...Object.fromEntries(
    pairs.map((name) => [name, { arguments: "y, x", count: [2, 2], rewritten: true } satisfies SqlFunction]),
  ),
  ...Object.fromEntries(spreads.map((name) => [name, { arguments: "x", count: [1, 1] } satisfies SqlFunction])),
  any_value: { arguments: "x", count: [1, 1] },
  approx_distinct: { arguments: "x", count: [1, 1], rewritten: true, note: "exact here" },
  approx_percentile: {
    arguments: "x, share",
    count: [2, 2],
    duckdb: "quantile_disc",
    note: "exact here; a constant share or array of shares",
  },
  arbitrary: { arguments: "x", count: [1, 1], duckdb: "any_value" },
  array_agg: { arguments: "x [ORDER BY ...]", count: [1, 1], note: "NULLs included" },
  avg: { arguments: "x", count: [1, 1], rewritten: true },
  bitwise_and_agg: { arguments: "x", count: [1, 1], duckdb: "bit_and" },
  bitwise_or_agg: { arguments: "x", count: [1, 1], duckdb: "bit_or" },
  bool_and: { arguments: "x", count: [1, 1] },
  bool_or: { arguments: "x", count: [1, 1] },
  count: { arguments: "* or x", count: [0, 1] },
  count_if: { arguments: "condition", count: [1, 1] },
  every: { arguments: "x", count: [1, 1], duckdb: "bool_and" },
  histogram: { arguments: "x", count: [1, 1] },
  map_agg: { arguments: "key, value", count: [2, 2], rewritten: true, note: "an error where a key stands twice" },
  max: { arguments: "x", count: [1, 1] },
  max_by: { arguments: "x, by", count: [2, 2], duckdb: "arg_max_null" },
  min: { arguments: "x", count: [1, 1] },
  min_by: { arguments: "x, by", count: [2, 2], duckdb: "arg_min_null" },
  sum: { arguments: "x", count: [1, 1], rewritten: true },
};

export const windowFunctions: Readonly<Record<string, SqlFunction>> = {
  cume_dist: { arguments: "", count: [0, 0] },
  dense_rank: { arguments: "", count: [0, 0] },
  first_value: { arguments: "x", count: [1, 1] },
  lag: { arguments: "x[, offset[, default]]", count: [1, 3] },
  last_value: { arguments: "x", count: [1, 1] },
  lead: { arguments: "x[, offset[, default]]", count: [1, 3] },
  nth_value: { arguments: "x, n", count: [2, 2] },
  ntile: { arguments: "n", count: [1, 1] },
  percent_rank: { arguments: "", count: [0, 0] },
  rank: { arguments: "", count: [0, 0] },
  row_number: { arguments: "", count: [0, 0] },
};
