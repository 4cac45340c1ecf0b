import { QueryError } from "../errors.ts";
import { arithmetic } from "./arithmetic.ts";
import { comparable } from "./comparable.ts";
import type { Expressions } from "./expressions.ts";
import { translateAggregate } from "./aggregates.ts";
import { aggregates, checkCount, named, scalars, windowFunctions, type SqlFunction } from "./functions/index.ts";
import { interval, isInterval } from "./intervals.ts";
import { clockFunctions, extractFields, rewrites } from "./rewrites.ts";
import type { Place } from "./scope.ts";
import { call, constantText, macro, nodes, only, type Node } from "./tree.ts";
import { unknownFunction } from "./unknown-function.ts";

/** Athena's call of a function or operator as DuckDB's. */
export function translateCall(node: Node, place: Place, expressions: Expressions): Node {
  const name = String(node["function_name"]).toLowerCase();
  const inner = { ...place, clock: false };
  if (node["is_operator"] === true) return arithmetic(node, name, expressions.all(node["children"], inner));
  if (isInterval(node)) return interval(node);
  if (node["schema"] === "main") return writtenOtherwise(node, name, place, expressions);
  if (node["schema"] !== "" || node["catalog"] !== "") {
    throw new QueryError(`A function has no database before its name: ${String(node["schema"])}.${name}.`);
  }
  if (name === "count_star" && nodes(node["children"]).length === 0) {
    only(node, "count(*)", ["function_name", "filter", "is_operator"]);
    return { ...node, filter: expressions.optionalCondition(node["filter"], inner) };
  }
  const aggregate = named(aggregates, name);
  if (aggregate) return translateAggregate(node, name, aggregate, inner, expressions);
  const known = named(scalars, name);
  if (known) return scalar(node, name, known, place, expressions);
  if (named(windowFunctions, name)) throw new QueryError(`${name} needs OVER (...).`);
  throw unknownFunction(name);
}

function scalar(node: Node, name: string, known: SqlFunction, place: Place, expressions: Expressions): Node {
  only(node, name, ["function_name", "children"]);
  const parsed = nodes(node["children"]);
  checkCount(name, known, parsed.length);
  const clock = clockFunctions.has(name) || (name === "date_trunc" && place.clock);
  if (name === "at_timezone") requireClock(place);
  const translated = parsed.map((child) =>
    child["class"] === "LAMBDA" && (name === "transform" || name === "filter")
      ? lambda(child, place, expressions)
      : expressions.translate(child, { ...place, clock }),
  );
  if (name === "nullif") {
    const [first, second] = parsed as [Node, Node];
    return call(name, [comparable(first, translated[0] as Node, [second]), translated[1] as Node]);
  }
  const rewrite = rewrites[name];
  if (rewrite) return rewrite({ parsed, translated }, name);
  if (known.macro) return macro(name, ...translated);
  const duckdb = known.duckdb ?? name;
  return duckdb.startsWith("trino.") ? macro(duckdb.slice("trino.".length), ...translated) : call(duckdb, translated);
}

function lambda(node: Node, place: Place, expressions: Expressions): Node {
  only(node, "->", ["lhs", "expr"]);
  const parameter = node["lhs"] as Node;
  if (parameter["class"] !== "COLUMN_REF") throw new QueryError("transform and filter take x -> expression, of one x.");
  return { ...node, expr: expressions.translate(node["expr"] as Node, { ...place, clock: false }) };
}

/** What the parser makes a call of although it is written otherwise. */
function writtenOtherwise(node: Node, name: string, place: Place, expressions: Expressions): Node {
  only(node, name, ["function_name", "schema", "children"]);
  const inner = { ...place, clock: false };
  const parsed = nodes(node["children"]);
  switch (name) {
    case "date_part": {
      const field = constantText(parsed[0])?.toLowerCase() ?? "";
      const extract = named(extractFields, field);
      if (extract === undefined) {
        throw new QueryError(`EXTRACT has no ${field} in Athena; it has ${Object.keys(extractFields).join(", ")}.`);
      }
      return scalar(
        { ...node, schema: "", children: parsed.slice(1) },
        extract,
        scalars[extract] as SqlFunction,
        place,
        expressions,
      );
    }
    case "timezone": {
      requireClock(place);
      const [zone, value] = expressions.all(parsed, inner) as [Node, Node];
      return macro("at_zone", value, zone);
    }
    case "trim":
    case "ltrim":
    case "rtrim":
    case "substring":
      return scalar({ ...node, schema: "" }, name, scalars[name] as SqlFunction, inner, expressions);
    case "position":
    case "row":
    case "like_escape":
    case "not_like_escape":
      return { ...node, children: expressions.all(parsed, inner) };
    default:
      throw name === "list_value" ? new QueryError("Athena writes an array ARRAY[x, y].") : unknownFunction(name);
  }
}

function requireClock(place: Place): void {
  if (place.clock) return;
  throw new QueryError(
    "AT TIME ZONE keeps the instant in Athena and shows it on another clock, which DuckDB has no type for: " +
      "put it into hour(...) or its like, date_format(...), CAST(... AS date) or CAST(... AS timestamp), with date_trunc around it if need be.",
  );
}
