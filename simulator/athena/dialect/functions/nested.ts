import type { SqlFunction } from "./function.ts";

export const nested: Record<string, SqlFunction> = {
  array_distinct: {
    arguments: "array",
    count: [1, 1],
    macro: ["(x) AS list_filter(x, lambda e, i: list_position(x, e) = i)"],
  },
  array_join: { arguments: "array, separator", count: [2, 2], duckdb: "array_to_string", note: "leaves NULLs out" },
  array_max: {
    arguments: "array",
    count: [1, 1],
    macro: ["(x) AS CASE WHEN list_count(x) = len(x) THEN list_max(x) END"],
  },
  array_min: {
    arguments: "array",
    count: [1, 1],
    macro: ["(x) AS CASE WHEN list_count(x) = len(x) THEN list_min(x) END"],
  },
  array_position: {
    arguments: "array, x",
    count: [2, 2],
    macro: [
      "(a, x) AS CASE WHEN a IS NOT NULL AND x IS NOT NULL THEN CAST(coalesce(list_position(a, x), 0) AS BIGINT) END",
    ],
  },
  array_sort: { arguments: "array", count: [1, 1], macro: ["(x) AS list_sort(x, 'ASC', 'NULLS LAST')"] },
  cardinality: {
    arguments: "array or map",
    count: [1, 1],
    macro: [
      "(x) AS CAST(CASE WHEN typeof(x) LIKE 'MAP(%' THEN len(json_keys(to_json(x))) ELSE json_array_length(to_json(x)) END AS BIGINT)",
    ],
  },
  contains: {
    arguments: "array, x",
    count: [2, 2],
    macro: [
      "(a, x) AS CASE WHEN list_contains(a, x) THEN true WHEN a IS NULL OR x IS NULL OR list_count(a) < len(a) THEN NULL ELSE false END",
    ],
  },
  element_at: {
    arguments: "array or map, index or key",
    count: [2, 2],
    macro: ["(x, k) AS x[k]"],
    note: "NULL where there is none; negative counts from the end of an array",
  },
  filter: { arguments: "array, x -> condition", count: [2, 2], duckdb: "list_filter" },
  flatten: { arguments: "array", count: [1, 1] },
  map: { arguments: "keys, values", count: [2, 2] },
  map_entries: { arguments: "map", count: [1, 1] },
  map_from_entries: { arguments: "array", count: [1, 1] },
  map_keys: { arguments: "map", count: [1, 1] },
  map_values: { arguments: "map", count: [1, 1] },
  sequence: {
    arguments: "from, to[, step]",
    count: [2, 3],
    macro: [
      "(a, b) AS generate_series(a, b, CASE WHEN a <= b THEN 1 ELSE -1 END)",
      "(a, b, step) AS CASE WHEN typeof(a) = 'DATE' THEN cast_to_type(generate_series(a, b, step), [a]) ELSE cast_to_type(generate_series(a, b, step), [a]) END",
    ],
    note: "of dates and timestamps with a step",
  },
  slice: {
    arguments: "array, start, length",
    count: [3, 3],
    macro: [
      "(x, s, n) AS CASE WHEN s < 1 OR n < 0 THEN trino.fail('slice starts from 1 here', x) ELSE x[s:s + n - 1] END",
    ],
  },
  transform: { arguments: "array, x -> expression", count: [2, 2], duckdb: "list_transform" },
};

export const json: Record<string, SqlFunction> = {
  json_array_length: { arguments: "json", count: [1, 1], macro: ["(j) AS CAST(json_array_length(j) AS BIGINT)"] },
  json_extract: {
    arguments: "json, path",
    count: [2, 2],
    rewritten: true,
    macro: ["(j, p) AS CASE WHEN json_valid(j) THEN json_extract(j, p) END"],
    note: "a constant path $.name[0]",
  },
  json_extract_scalar: {
    arguments: "json, path",
    count: [2, 2],
    rewritten: true,
    macro: [
      "(j, p) AS CASE WHEN json_valid(j) THEN CASE WHEN json_type(j, p) NOT IN ('OBJECT', 'ARRAY', 'NULL') THEN json_extract_string(j, p) END END",
    ],
    note: "a constant path $.name[0]; NULL for objects and arrays",
  },
  json_format: { arguments: "json", count: [1, 1], macro: ["(j) AS CAST(j AS VARCHAR)"] },
  json_parse: { arguments: "text", count: [1, 1], macro: ["(s) AS CAST(s AS JSON)"] },
};
