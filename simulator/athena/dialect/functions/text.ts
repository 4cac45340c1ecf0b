import type { SqlFunction } from "./function.ts";

export const text: Record<string, SqlFunction> = {
  chr: { arguments: "n", count: [1, 1] },
  codepoint: { arguments: "text", count: [1, 1], duckdb: "unicode" },
  concat: { arguments: "x, y, ...", count: [2, 100], rewritten: true, note: "NULL if any is; texts or arrays" },
  concat_ws: { arguments: "separator, x, ...", count: [2, 100], rewritten: true, note: "leaves NULLs out" },
  hamming_distance: { arguments: "x, y", count: [2, 2], duckdb: "hamming" },
  length: { arguments: "text", count: [1, 1], macro: ["(x) AS length(trino.text(x))"] },
  levenshtein_distance: { arguments: "x, y", count: [2, 2], duckdb: "levenshtein" },
  lower: { arguments: "text", count: [1, 1] },
  lpad: { arguments: "text, size, filler", count: [3, 3] },
  ltrim: {
    arguments: "text",
    count: [1, 2],
    macro: ["(s) AS regexp_replace(s, '^[\\s\\pZ]+', '')", "(s, c) AS ltrim(s, c)"],
  },
  position: { arguments: "part IN text", count: [2, 2] },
  regexp_count: { arguments: "text, pattern", count: [2, 2], macro: ["(s, p) AS len(regexp_extract_all(s, p))"] },
  regexp_extract: {
    arguments: "text, pattern[, group]",
    count: [2, 3],
    macro: [
      "(s, p) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p) END",
      "(s, p, g) AS CASE WHEN regexp_matches(s, p) THEN regexp_extract(s, p, g) END",
    ],
    note: "NULL where nothing matches",
  },
  regexp_extract_all: { arguments: "text, pattern[, group]", count: [2, 3] },
  regexp_like: {
    arguments: "text, pattern",
    count: [2, 2],
    duckdb: "regexp_matches",
    note: "patterns of RE2: no look-around, no back references",
  },
  regexp_replace: {
    arguments: "text, pattern[, replacement]",
    count: [2, 3],
    macro: [
      "(s, p) AS regexp_replace(s, p, '', 'g')",
      "(s, p, r) AS regexp_replace(s, p, regexp_replace(r, '\\$(\\d)', '\\\\\\1', 'g'), 'g')",
    ],
    note: "replaces all; groups are $1",
  },
  regexp_split: { arguments: "text, pattern", count: [2, 2], duckdb: "string_split_regex" },
  replace: {
    arguments: "text, part[, replacement]",
    count: [2, 3],
    macro: ["(s, p) AS replace(s, p, '')", "(s, p, r) AS replace(s, p, r)"],
  },
  reverse: { arguments: "text", count: [1, 1] },
  rpad: { arguments: "text, size, filler", count: [3, 3] },
  rtrim: {
    arguments: "text",
    count: [1, 2],
    macro: ["(s) AS regexp_replace(s, '[\\s\\pZ]+$', '')", "(s, c) AS rtrim(s, c)"],
  },
  split: { arguments: "text, separator", count: [2, 2], duckdb: "string_split" },
  split_part: {
    arguments: "text, separator, index",
    count: [3, 3],
    macro: [
      "(s, d, i) AS CASE WHEN i < 1 THEN trino.fail('the index of split_part counts from 1', '') ELSE string_split(s, d)[i] END",
    ],
    note: "NULL behind the last part",
  },
  starts_with: { arguments: "text, start", count: [2, 2] },
  strpos: { arguments: "text, part", count: [2, 2] },
  substr: {
    arguments: "text, start[, length]",
    count: [2, 3],
    macro: [
      "(s, p) AS CASE WHEN p = 0 OR abs(p) > length(s) THEN substr(s, 1, 0) ELSE substr(s, p) END",
      "(s, p, n) AS CASE WHEN p = 0 OR abs(p) > length(s) OR n <= 0 THEN substr(s, 1, 0) ELSE substr(s, p, n) END",
    ],
    note: "from 1; negative counts from the end",
  },
  substring: {
    arguments: "text, start[, length]",
    count: [2, 3],
    duckdb: "trino.substr",
    note: "also FROM start FOR length",
  },
  translate: { arguments: "text, from, to", count: [3, 3] },
  trim: {
    arguments: "text",
    count: [1, 2],
    macro: ["(s) AS regexp_replace(s, '^[\\s\\pZ]+|[\\s\\pZ]+$', '', 'g')", "(s, c) AS trim(s, c)"],
    note: "also BOTH, LEADING, TRAILING 'x' FROM text",
  },
  upper: { arguments: "text", count: [1, 1] },
};

export const binary: Record<string, SqlFunction> = {
  from_base64: { arguments: "text", count: [1, 1] },
  from_hex: { arguments: "text", count: [1, 1], duckdb: "unhex" },
  from_utf8: { arguments: "binary", count: [1, 1], duckdb: "decode", note: "an error where the bytes are not UTF-8" },
  md5: { arguments: "binary", count: [1, 1], macro: ["(b) AS unhex(md5(b))"] },
  sha1: { arguments: "binary", count: [1, 1], macro: ["(b) AS unhex(sha1(b))"] },
  sha256: { arguments: "binary", count: [1, 1], macro: ["(b) AS unhex(sha256(b))"] },
  to_base64: { arguments: "binary", count: [1, 1], duckdb: "base64" },
  to_hex: { arguments: "binary", count: [1, 1], duckdb: "hex" },
  to_utf8: { arguments: "text", count: [1, 1], duckdb: "encode" },
};
