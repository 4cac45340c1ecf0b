import { QueryError } from "../errors.ts";
import type { Expressions } from "./expressions.ts";
import { aggregates, checkCount, named, pairs, windowFunctions, type SqlFunction } from "./functions/index.ts";
import type { Place } from "./scope.ts";
import { call, macro, nodes, only, type Node } from "./tree.ts";
import { unknownFunction } from "./unknown-function.ts";

/** Athena's aggregate as DuckDB's. */
export function translateAggregate(
  node: Node,
  name: string,
  known: SqlFunction,
  place: Place,
  expressions: Expressions,
): Node {
  only(node, name, ["function_name", "children", "filter", "order_bys", "distinct"]);
  const parsed = nodes(node["children"]);
  checkCount(name, known, parsed.length);
  const ordered = nodes((node["order_bys"] as Node)["orders"]);
  if (ordered.length > 0 && name !== "array_agg") throw new QueryError(`${name} has no ORDER BY here.`);
  const translated = {
    ...node,
    children: expressions.all(parsed, place),
    filter: expressions.optionalCondition(node["filter"], place),
    order_bys: { type: "ORDER_MODIFIER", orders: expressions.orders(ordered, place) },
  };
  return renamed(translated, name, known);
}

/** The aggregate of DuckDB that means the same; of a call or a window. */
function renamed(node: Node, name: string, known: SqlFunction): Node {
  const args = nodes(node["children"]);
  const [first] = args;
  if (name === "sum" && first) return { ...node, children: [macro("summed", first)] };
  if (name === "avg" && first) return { ...node, children: [macro("averaged", first)] };
  if (name === "approx_distinct") return { ...node, function_name: "count", distinct: true };
  if (name === "map_agg") {
    if (node["class"] === "WINDOW") throw new QueryError("map_agg has no OVER here.");
    return call("map_from_entries", [{ ...node, function_name: "array_agg", children: [call("row", args, "main")] }]);
  }
  const result = { ...node, function_name: known.duckdb ?? name };
  return pairs.includes(name) ? macro("finite", result) : result; // NULL in Athena where DuckDB says NaN
}

/** Athena's window function, or aggregate over a window, as DuckDB's. */
export function translateWindow(node: Node, place: Place, expressions: Expressions): Node {
  const name = String(node["function_name"]).toLowerCase();
  const known =
    named(windowFunctions, name) ??
    named(aggregates, name) ??
    (name === "count_star" ? aggregates["count"] : undefined);
  if (!known) throw unknownFunction(name);
  only(node, `${name} OVER`, [
    ...["function_name", "children", "partitions", "orders", "start", "end", "start_expr", "end_expr", "distinct"],
    ...["offset_expr", "default_expr", "filter_expr", "exclude_clause"],
  ]);
  if (node["exclude_clause"] !== "NO_OTHER") throw new QueryError("Athena's window frames have no EXCLUDE.");
  const optional = (key: string) => expressions.optional(node[key], place);
  const translated = {
    ...node,
    children: expressions.all(node["children"], place),
    partitions: expressions.all(node["partitions"], place),
    orders: expressions.orders(node["orders"], place),
    start_expr: optional("start_expr"),
    end_expr: optional("end_expr"),
    offset_expr: optional("offset_expr"),
    default_expr: optional("default_expr"),
    filter_expr: expressions.optionalCondition(node["filter_expr"], place),
  };
  return name === "count_star" ? translated : renamed(translated, name, known);
}
