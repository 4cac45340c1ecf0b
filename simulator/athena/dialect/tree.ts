import type { DuckDBConnection } from "@duckdb/node-api";
import { QueryError } from "../errors.ts";
import { reservedWords } from "./tokens.ts";

/** A node of the tree that DuckDB's `json_serialize_sql` gives of a SELECT, and takes back as text. */
export type Node = { [key: string]: unknown };

/** Place of a node that DuckDB made up: 2^64 - 1. */
const nowhere = "18446744073709551615";

/**
 * @param sql one or more statements
 * @throws QueryError for what DuckDB's parser does not take, or what is no SELECT
 */
export async function parseSelect(sql: string, connection: DuckDBConnection): Promise<Node> {
  const reader = await connection.runAndReadAll("SELECT json_serialize_sql(CAST($1 AS VARCHAR))", [sql]);
  const text = String(reader.getRows()[0]?.[0])
    .replaceAll(`"query_location":${nowhere}`, `"query_location":-1`)
    // A number whose writing says what it is, 1.0, or that has more digits than JavaScript's: kept as marked text.
    .replace(/"(value|upper|lower)":(-?(?:\d{16,}|\d+[.eE][\d.eE+-]*))/g, '"$1":"\\u0001$2"');
  const result = JSON.parse(text) as {
    error: boolean;
    error_message?: string;
    position?: string;
    statements?: { node: Node }[];
  };
  if (result.error) {
    const at = result.position === undefined ? "" : `${place(sql, Number(result.position))}: `;
    throw new QueryError(`${at}${result.error_message ?? "this is no SELECT"}${nameHint(result.error_message)}`);
  }
  const [statement, second] = result.statements ?? [];
  if (!statement) throw new QueryError("The query is empty.");
  if (second) throw new QueryError("One statement at a time.");
  return statement.node;
}

/** The text of a query's tree, in DuckDB's SQL. */
export async function sqlOf(query: Node, connection: DuckDBConnection): Promise<string> {
  const tree = { error: false, statements: [{ node: query, named_param_map: [] }] };
  const json = JSON.stringify(tree, (key, value: unknown) => (key === "query_location" ? 0 : value)).replace(
    /"\\u0001(-?[\d.eE+-]+)"/g,
    "$1",
  );
  const reader = await connection.runAndReadAll("SELECT json_deserialize_sql(CAST($1 AS JSON))", [json]);
  return String(reader.getRows()[0]?.[0]);
}

/** A reserved word where the parser expects something else is often meant as a column. */
function nameHint(message = ""): string {
  const word = /near "(\w+)"/.exec(message)?.[1] ?? "";
  return reservedWords.has(word.toUpperCase()) ? `; a column of that name is written "${word.toLowerCase()}"` : "";
}

/** `line 2, column 5`, counted from one; the parser counts characters, not bytes as its tree does. */
function place(sql: string, character: number): string {
  const before = [...sql].slice(0, character).join("").split("\n");
  return `line ${before.length}, column ${[...(before.at(-1) ?? "")].length + 1}`;
}

/**
 * A node's properties by name; a property that is not named and holds anything is something nobody has decided about.
 *
 * @throws QueryError
 */
export function only(node: Node, what: string, known: readonly string[]): void {
  for (const [key, value] of Object.entries(node)) {
    if (known.includes(key) || key === "class" || key === "type" || key === "alias" || key === "query_location")
      continue;
    if (!isEmpty(value))
      throw new QueryError(`${what} with ${key.replaceAll("_", " ")} is not in the SQL that Athena and DuckDB share.`);
  }
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "" || value === false) return true;
  if (Array.isArray(value)) return value.length === 0;
  return typeof value === "object" && Object.values(value).every((each) => typeof each === "string" || isEmpty(each));
}

export function nodes(value: unknown): Node[] {
  return Array.isArray(value) ? (value as Node[]) : [];
}

/** A call of one of the macros that give Athena's meaning. */
export function macro(name: string, ...args: Node[]): Node {
  return call(name, args, "trino");
}

/** A call of DuckDB's own function. */
export function call(name: string, args: Node[], schema = ""): Node {
  return {
    class: "FUNCTION",
    type: "FUNCTION",
    alias: "",
    function_name: name,
    schema,
    catalog: "",
    children: args.map(withoutAlias),
    filter: null,
    order_bys: { type: "ORDER_MODIFIER", orders: [] },
    distinct: false,
    is_operator: false,
    export_state: false,
  };
}

/** An alias inside an expression would be the name of an argument. */
function withoutAlias(node: Node): Node {
  return { ...node, alias: "" };
}

export function textConstant(text: string): Node {
  return constant({ type: { id: "VARCHAR", type_info: null }, is_null: false, value: text });
}

export function integerConstant(number: number): Node {
  return constant({ type: { id: "INTEGER", type_info: null }, is_null: false, value: number });
}

function constant(value: Node): Node {
  return { class: "CONSTANT", type: "VALUE_CONSTANT", alias: "", value };
}

export function cast(child: Node, type: string): Node {
  return {
    class: "CAST",
    type: "OPERATOR_CAST",
    alias: "",
    child,
    cast_type: { id: type, type_info: null },
    try_cast: false,
  };
}

export function columnRef(...names: string[]): Node {
  return { class: "COLUMN_REF", type: "COLUMN_REF", alias: "", column_names: names };
}

export function operator(type: string, ...children: Node[]): Node {
  return { class: "OPERATOR", type, alias: "", children: children.map(withoutAlias) };
}

/** The text of a constant; undefined for every other node. */
export function constantText(node: Node | undefined): string | undefined {
  const value = node?.["class"] === "CONSTANT" ? (node["value"] as Node) : undefined;
  return typeof value?.["value"] === "string" && (value["type"] as Node)["id"] === "VARCHAR"
    ? value["value"]
    : undefined;
}

/** The digits of a constant number as they were written. */
export function numberText(node: Node): string {
  return String((node["value"] as Node)["value"]).replace("\u0001", "");
}

/** The constant NULL. */
export function isNull(node: Node): boolean {
  return node["class"] === "CONSTANT" && (node["value"] as Node)["is_null"] === true;
}

/** Texts or arrays behind each other, by Athena's rules. */
export function joined(left: Node, right: Node): Node {
  const [first, second] = [left, right].map((node) => (isNull(node) ? cast(node, "VARCHAR") : node)) as [Node, Node];
  return macro("join", first, second);
}
