import { QueryError } from "../errors.ts";
import { aliasesIn } from "./aliases.ts";
import { Expressions } from "./expressions.ts";
import type { CommonTables, Place } from "./scope.ts";
import type { Token } from "./tokens.ts";
import { macro, nodes, only, type Node } from "./tree.ts";
import { hasAggregate, signature } from "./try.ts";

/** Where a table stands: its database and its name. */
export interface TableName {
  database: string;
  name: string;
}

/** Starts the name of a column that the query gives none; Athena calls it _col and its place, from 0. */
export const unnamed = "\u0001col";

/** Athena's queries as DuckDB's, and what was found in them. */
export class Queries {
  readonly tables: TableName[] = [];
  readonly names: { source: Node; name: string; clause: string }[] = [];
  readonly setOperations: { left: Node; right: Node; operation: string }[] = [];
  readonly #resolve: (database: string | undefined, name: string) => TableName;
  readonly #expressions: Expressions;

  constructor(tokens: readonly Token[], resolve: (database: string | undefined, name: string) => TableName) {
    this.#resolve = resolve;
    this.#expressions = new Expressions(tokens, (query, tables) => this.translate(query, tables));
  }

  /** @param outer what WITH names around the query */
  translate(query: Node, outer: CommonTables): Node {
    if (query["type"] === "SELECT_NODE") return this.#select(query, outer);
    if (query["type"] === "SET_OPERATION_NODE") return this.#setOperation(query, outer);
    throw new QueryError(`${String(query["type"])} is not in the SQL that Athena and DuckDB share.`);
  }

  #setOperation(query: Node, outer: CommonTables): Node {
    only(query, "A set operation", ["modifiers", "cte_map", "setop_type", "setop_all", "left", "right"]);
    if (!["UNION", "INTERSECT", "EXCEPT"].includes(String(query["setop_type"]))) {
      throw new QueryError("Athena has UNION, INTERSECT and EXCEPT, of columns in the same order.");
    }
    const { ctes, map } = this.#commonTables(query, outer);
    const left = this.translate(query["left"] as Node, ctes);
    const right = this.translate(query["right"] as Node, ctes);
    this.setOperations.push({
      left: among(ctes, left),
      right: among(ctes, right),
      operation: String(query["setop_type"]),
    });
    return {
      ...query,
      cte_map: map,
      left,
      right,
      modifiers: this.#modifiers(query, { ctes, clock: false }),
    };
  }

  #select(parsed: Node, outer: CommonTables): Node {
    if (parsed["qualify"])
      throw new QueryError("Athena has no QUALIFY: put the window into a subquery and its condition into WHERE.");
    if (parsed["sample"]) throw new QueryError("Samples differ from run to run and are not run here.");
    only(parsed, "A SELECT", [
      ...["modifiers", "cte_map", "select_list", "from_table", "where_clause", "group_expressions", "group_sets"],
      ...["aggregate_handling", "having"],
    ]);
    if (parsed["aggregate_handling"] !== "STANDARD_HANDLING") throw new QueryError("Athena has no GROUP BY ALL.");
    const { ctes, map } = this.#commonTables(parsed, outer);
    const from = this.#table(parsed["from_table"] as Node, ctes);
    const { query, uses } = aliasesIn(parsed);
    const source = { ...emptySelect, cte_map: { map: [...ctes.values()] }, select_list: [star], from_table: from };
    for (const { name, clause } of uses) this.names.push({ source, name, clause });
    const expressions = this.#expressions;
    const { groups, grouped } = this.#groups(query, ctes);
    return {
      ...query,
      cte_map: map,
      from_table: from,
      select_list: nodes(query["select_list"]).map((node, index) => named(expressions.translate(node, grouped), index)),
      where_clause: expressions.optionalCondition(query["where_clause"], { ctes, clock: false }),
      group_expressions: groups,
      having: expressions.optionalCondition(query["having"], grouped),
      modifiers: this.#modifiers(query, grouped),
    };
  }

  /** The expressions of GROUP BY, and the scope of what is computed of the groups. */
  #groups(query: Node, ctes: CommonTables): { groups: Node[]; grouped: Place } {
    const groups = this.#expressions.all(query["group_expressions"], { ctes, clock: false, groups: new Set() });
    const isGrouped = groups.length > 0 || query["having"] || nodes(query["select_list"]).some(hasAggregate);
    if (!isGrouped) return { groups, grouped: { ctes, clock: false } };
    const meant = groups.map((group) => {
      const position = group["class"] === "CONSTANT" ? Number((group["value"] as Node)["value"]) : NaN;
      const item = nodes(query["select_list"])[position - 1];
      return signature(item ? this.#expressions.translate(item, { ctes, clock: false, groups: new Set() }) : group);
    });
    return { groups, grouped: { ctes, clock: false, groups: new Set(meant) } };
  }

  /** What WITH names for the query, each seeing those before it, and the WITH itself. */
  #commonTables(query: Node, outer: CommonTables): { ctes: CommonTables; map: Node } {
    const ctes = new Map(outer);
    const own: Node[] = [];
    for (const entry of nodes((query["cte_map"] as Node | undefined)?.["map"])) {
      const value = entry["value"] as Node;
      if (value["materialized"] !== "CTE_MATERIALIZE_DEFAULT") throw new QueryError("Athena has no MATERIALIZED.");
      only(value, "WITH", ["aliases", "query", "materialized"]);
      const { node } = value["query"] as { node: Node };
      const translated = { ...(value["query"] as Node), node: this.translate(node, ctes) };
      const table = { ...entry, value: { ...value, query: translated } };
      ctes.set(String(entry["key"]).toLowerCase(), table);
      own.push(table);
    }
    return { ctes, map: { map: own } };
  }

  #modifiers(query: Node, place: Place): Node[] {
    return nodes(query["modifiers"]).map((modifier) => {
      switch (modifier["type"]) {
        case "ORDER_MODIFIER":
          return { ...modifier, orders: this.#expressions.orders(modifier["orders"], place) };
        case "DISTINCT_MODIFIER":
          only(modifier, "DISTINCT", []);
          return modifier;
        case "LIMIT_MODIFIER":
          for (const key of ["limit", "offset"]) {
            const count = modifier[key] as Node | null;
            const isNumber = count?.["class"] === "CONSTANT" && typeof (count["value"] as Node)["value"] === "number";
            if (count && !isNumber) throw new QueryError(`${key.toUpperCase()} takes a number of rows in Athena.`);
          }
          return modifier;
        default:
          throw new QueryError("LIMIT takes a number of rows in Athena.");
      }
    });
  }

  #table(table: Node, ctes: CommonTables): Node {
    if (table["sample"]) throw new QueryError("Samples differ from run to run and are not run here.");
    switch (table["type"]) {
      case "EMPTY":
        return table;
      case "BASE_TABLE":
        return this.#baseTable(table, ctes);
      case "SUBQUERY": {
        only(table, "A subquery", ["subquery", "column_name_alias"]);
        const { node } = table["subquery"] as { node: Node };
        return {
          ...table,
          subquery: { ...(table["subquery"] as Node), node: this.translate(node, ctes) },
        };
      }
      case "EXPRESSION_LIST":
        only(table, "VALUES", ["values", "column_name_alias", "expected_names", "expected_types"]);
        return this.#values(table, ctes);
      case "JOIN":
        return this.#join(table, ctes);
      case "TABLE_FUNCTION":
        return this.#unnest(table, ctes);
      default:
        throw new QueryError(`${String(table["type"])} is not in the SQL that Athena and DuckDB share.`);
    }
  }

  /** Athena gives the columns of VALUES no names that could be used. */
  #values(table: Node, ctes: CommonTables): Node {
    const rows = (table["values"] as Node[][]).map((row) => this.#expressions.all(row, { ctes, clock: false }));
    const names = rows[0]?.map((_, index) => `${unnamed}${index}`);
    const query = { ...emptySelect, select_list: [star], from_table: { ...table, values: rows } };
    return {
      type: "SUBQUERY",
      alias: table["alias"],
      sample: null,
      subquery: { node: query },
      column_name_alias: names,
    };
  }

  #baseTable(table: Node, ctes: CommonTables): Node {
    only(table, "A table", ["schema_name", "table_name", "catalog_name", "column_name_alias"]);
    const [catalog, database, name] = [table["catalog_name"], table["schema_name"], table["table_name"]].map(
      String,
    ) as [string, string, string];
    if (database === "" && ctes.has(name.toLowerCase())) return table;
    if (catalog !== "" && catalog.toLowerCase() !== "awsdatacatalog") {
      throw new QueryError(`There is no catalog ${catalog}; Glue's is awsdatacatalog.`);
    }
    const found = this.#resolve(database === "" ? undefined : database, name);
    this.tables.push(found);
    return { ...table, catalog_name: "", schema_name: found.database, table_name: found.name };
  }

  #join(table: Node, ctes: CommonTables): Node {
    only(table, "A join", ["left", "right", "condition", "join_type", "ref_type", "using_columns"]);
    const [kind, type] = [String(table["ref_type"]), String(table["join_type"])];
    if (kind !== "REGULAR" && kind !== "CROSS") throw new QueryError(`Athena has no ${kind} JOIN.`);
    if (!["INNER", "LEFT", "RIGHT", "OUTER", "FULL"].includes(type)) {
      throw new QueryError(`Athena has no ${type} JOIN: write WHERE EXISTS or NOT EXISTS.`);
    }
    return {
      ...table,
      left: this.#table(table["left"] as Node, ctes),
      right: this.#table(table["right"] as Node, ctes),
      condition: this.#expressions.optionalCondition(table["condition"], { ctes, clock: false }),
    };
  }

  #unnest(table: Node, ctes: CommonTables): Node {
    const call = table["function"] as Node;
    const name = String(call["function_name"]);
    if (name !== "unnest") throw new QueryError(`Athena has no ${name}(...) in FROM: query a declared table.`);
    only(table, "UNNEST", ["function", "column_name_alias", "with_ordinality"]);
    const args = nodes(call["children"]);
    if (args.length !== 1) throw new QueryError("UNNEST takes one array here.");
    const [array] = this.#expressions.all(args, { ctes, clock: false });
    return { ...table, function: { ...call, children: [macro("unnested", array as Node)] } };
  }
}

const star: Node = {
  class: "STAR",
  type: "STAR",
  alias: "",
  relation_name: "",
  exclude_list: [],
  replace_list: [],
  columns: false,
  expr: null,
  qualified_exclude_list: [],
  rename_list: [],
};

const emptySelect: Node = {
  type: "SELECT_NODE",
  modifiers: [],
  cte_map: { map: [] },
  select_list: [],
  from_table: null,
  where_clause: null,
  group_expressions: [],
  group_sets: [],
  aggregate_handling: "STANDARD_HANDLING",
  having: null,
  sample: null,
  qualify: null,
};

/** A part of a query by itself, with what WITH names around it. */
function among(ctes: CommonTables, query: Node): Node {
  const own = nodes((query["cte_map"] as Node)["map"]);
  return { ...query, cte_map: { map: [...ctes.values(), ...own] } };
}

function named(node: Node, index: number): Node {
  const has =
    node["alias"] !== "" ||
    node["class"] === "COLUMN_REF" ||
    node["class"] === "STAR" ||
    node["type"] === "STRUCT_EXTRACT";
  return has ? node : { ...node, alias: `${unnamed}${index}` };
}
