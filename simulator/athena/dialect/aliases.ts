import { aggregates, named } from "./functions/index.ts";
import { columnRef, nodes, type Node } from "./tree.ts";
import { QueryError } from "../errors.ts";

/**
 * Athena resolves the names of a SELECT in its tables, DuckDB also among the names that the SELECT list gives: in HAVING
 * first those, in an expression of ORDER BY last, the other way round than Athena. The query with HAVING and ORDER BY
 * written so that both mean the same, and the uses of such a name that are right only where the tables have the column.
 *
 * @throws QueryError where a name means two things
 */
export function aliasesIn(query: Node): { query: Node; uses: { name: string; clause: string }[] } {
  const aliases = new Map<string, Node>();
  for (const node of nodes(query["select_list"])) {
    const alias = String(node["alias"]).toLowerCase();
    if (alias !== "" && nameOf(node) !== alias) aliases.set(alias, node);
  }
  if (aliases.size === 0) return { query, uses: [] };
  const uses: { name: string; clause: string }[] = [];
  const look = (clause: string, value: unknown) =>
    eachName(value, (name) => {
      if (aliases.has(name)) uses.push({ name, clause });
    });
  look("SELECT", query["select_list"]);
  look("WHERE", query["where_clause"]);
  look("GROUP BY", query["group_expressions"]);
  look("HAVING", query["having"]);
  return { query: { ...query, having: qualified(query, aliases), modifiers: substituted(query, aliases) }, uses };
}

/** A column's own name, unqualified; undefined for any other expression. */
function nameOf(node: Node): string | undefined {
  const names = node["class"] === "COLUMN_REF" ? (node["column_names"] as string[]) : [];
  return names.at(-1)?.toLowerCase();
}

function qualified(query: Node, aliases: ReadonlyMap<string, Node>): unknown {
  const table = query["from_table"] as Node;
  const tableName =
    [table["alias"], table["table_name"]].map((name) => (typeof name === "string" ? name : "")).find(Boolean) ?? "";
  return replaced(query["having"], (name) => {
    if (!aliases.has(name)) return undefined;
    if (tableName === "") {
      throw new QueryError(
        `In HAVING, ${name} is a column of the SELECT list for DuckDB and of the tables for Athena: write table.${name}.`,
      );
    }
    return columnRef(tableName, name);
  });
}

function substituted(query: Node, aliases: ReadonlyMap<string, Node>): Node[] {
  return nodes(query["modifiers"]).map((modifier) => {
    if (modifier["type"] !== "ORDER_MODIFIER") return modifier;
    const orders = nodes(modifier["orders"]).map((order) => {
      const expression = order["expression"] as Node;
      if (expression["class"] === "COLUMN_REF") return order;
      const inside = (name: string, inAggregate: boolean) => {
        const found = aliases.get(name);
        if (found && inAggregate) {
          throw new QueryError(
            `In ORDER BY, ${name} inside an aggregate is a column of the SELECT list for Athena: write table.${name}.`,
          );
        }
        return found ? { ...found, alias: "" } : undefined;
      };
      return { ...order, expression: replaced(expression, inside) };
    });
    return { ...modifier, orders };
  });
}

function eachName(value: unknown, visit: (name: string) => void): void {
  replaced(value, (name) => {
    visit(name);
    return undefined;
  });
}

/** The expressions with each unqualified name replaced; those inside subqueries are resolved there. */
function replaced(
  value: unknown,
  replace: (name: string, inAggregate: boolean) => Node | undefined,
  inAggregate = false,
): unknown {
  if (Array.isArray(value)) return value.map((each) => replaced(each, replace, inAggregate));
  if (typeof value !== "object" || value === null) return value;
  const node = value as Node;
  if (node["class"] === "SUBQUERY") return { ...node, child: replaced(node["child"], replace, inAggregate) };
  if (node["class"] === "LAMBDA") return node;
  if (node["class"] === "COLUMN_REF") {
    const names = node["column_names"] as string[];
    return (names.length === 1 ? replace(String(names[0]).toLowerCase(), inAggregate) : undefined) ?? node;
  }
  const aggregate =
    node["class"] === "FUNCTION" && named(aggregates, String(node["function_name"]).toLowerCase()) !== undefined;
  return Object.fromEntries(
    Object.entries(node).map(([key, each]) => [key, replaced(each, replace, inAggregate || aggregate)]),
  );
}
