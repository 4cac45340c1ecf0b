import { aggregates, named } from "./functions/index.ts";
import { call, columnRef, integerConstant, nodes, operator, type Node } from "./tree.ts";

const aggregateNames = new Set([
  "count_star",
  ...Object.entries(aggregates).map(([name, { duckdb }]) => duckdb ?? name),
]);
const values = "\u0001try";

/**
 * NULL where the expression fails. DuckDB's TRY takes no aggregate, window or subquery, and trips over the columns of a
 * grouped query. As in Athena their own failures are not caught, so they are computed outside and handed in:
 * `list_transform([row(sum(a), sum(b))], v -> TRY(v[1] / v[2]))[1]`.
 *
 * @param groups signatures of what the query is grouped by, where it is grouped
 */
export function liftedTry(expression: Node, groups: ReadonlySet<string> | undefined): Node {
  if (!groups && !contains(expression, isOutside)) return operator("OPERATOR_TRY", expression);
  const outside: Node[] = [];
  const inside = handed(expression, outside, groups ?? new Set());
  if (outside.length === 0) return operator("OPERATOR_TRY", expression);
  const rows = operator("ARRAY_CONSTRUCTOR", call("row", outside, "main"));
  const lambda = {
    class: "LAMBDA",
    type: "LAMBDA",
    alias: "",
    lhs: columnRef(values),
    expr: operator("OPERATOR_TRY", inside),
  };
  return operator("ARRAY_EXTRACT", call("list_transform", [rows, lambda]), integerConstant(1));
}

/** The same for expressions that mean the same wherever they stand. */
export function signature(expression: Node): string {
  return JSON.stringify(expression, (key, value: unknown) =>
    key === "alias" || key === "query_location" ? undefined : value,
  );
}

/** Whether a parsed expression aggregates, itself or in a part. */
export function hasAggregate(expression: Node): boolean {
  return contains(expression, (node) => {
    const name = String(node["function_name"]).toLowerCase();
    return node["class"] === "FUNCTION" && (name === "count_star" || named(aggregates, name) !== undefined);
  });
}

function isOutside(node: Node): boolean {
  if (node["class"] === "WINDOW" || node["class"] === "SUBQUERY" || node["type"] === "GROUPING_FUNCTION") return true;
  return (
    node["class"] === "FUNCTION" && node["schema"] !== "trino" && aggregateNames.has(String(node["function_name"]))
  );
}

function contains(value: unknown, wanted: (node: Node) => boolean): boolean {
  if (Array.isArray(value)) return value.some((each) => contains(each, wanted));
  if (typeof value !== "object" || value === null) return false;
  return wanted(value as Node) || Object.values(value).some((each) => contains(each, wanted));
}

/** The expression with what is computed outside replaced by where it is handed in. */
function handed(node: Node, outside: Node[], groups: ReadonlySet<string>): Node {
  if (isOutside(node) || groups.has(signature(node)) || node["class"] === "COLUMN_REF") {
    outside.push(node);
    return operator("ARRAY_EXTRACT", columnRef(values), integerConstant(outside.length));
  }
  if (node["class"] === "LAMBDA") return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, value]) => {
      if (Array.isArray(value)) return [key, nodes(value).map((each) => handedItem(each, outside, groups))];
      return [key, isExpression(value) ? handed(value, outside, groups) : value];
    }),
  );
}

function handedItem(value: unknown, outside: Node[], groups: ReadonlySet<string>): unknown {
  if (isExpression(value)) return handed(value, outside, groups);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, handedItem(each, outside, groups)]));
}

function isExpression(value: unknown): value is Node {
  return typeof value === "object" && value !== null && "class" in value;
}
