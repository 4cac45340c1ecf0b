import { QueryError } from "../errors.ts";
import { translateWindow } from "./aggregates.ts";
import { translateCall } from "./calls.ts";
import { comparable, isBooleanConstant } from "./comparable.ts";
import type { CommonTables, Place } from "./scope.ts";
import { reservedWords, type Token } from "./tokens.ts";
import { cast, isNull, macro, nodes, numberText, only, textConstant, type Node } from "./tree.ts";
import { liftedTry } from "./try.ts";

/** Athena's expressions as DuckDB's, with the same values or an error. */
export class Expressions {
  readonly #tokens: ReadonlyMap<number, Token>;
  readonly #subquery: (query: Node, ctes: CommonTables) => Node;

  /** @param subquery translates a query inside an expression */
  constructor(tokens: readonly Token[], subquery: (query: Node, ctes: CommonTables) => Node) {
    this.#tokens = new Map(tokens.map((token) => [token.byte, token]));
    this.#subquery = subquery;
  }

  /** @throws QueryError naming what Athena does not have, or has with another meaning */
  translate(node: Node, place: Place): Node {
    return { ...this.#byClass(node, place), alias: node["alias"] ?? "" };
  }

  all(list: unknown, place: Place): Node[] {
    return nodes(list).map((node) => this.translate(node, place));
  }

  optional(node: unknown, place: Place): Node | null {
    return node ? this.translate(node as Node, place) : null;
  }

  /** What WHERE, HAVING, ON and their like hold: DuckDB takes numbers and texts for conditions too. */
  condition(node: Node, place: Place): Node {
    const translated = this.translate(node, place);
    const isBoolean =
      ["COMPARISON", "CONJUNCTION", "BETWEEN"].includes(String(node["class"])) ||
      booleanOperators.has(String(node["type"]));
    return isBoolean ? translated : macro("condition", translated);
  }

  optionalCondition(node: unknown, place: Place): Node | null {
    return node ? this.condition(node as Node, place) : null;
  }

  /** The items of an ORDER BY: NULLs last in either direction, unless they say otherwise. */
  orders(list: unknown, place: Place): Node[] {
    return nodes(list).map((order) => ({
      type: order["type"],
      null_order: order["null_order"] === "ORDER_DEFAULT" ? "NULLS LAST" : order["null_order"],
      expression: this.translate(order["expression"] as Node, place),
    }));
  }

  #byClass(node: Node, outer: Place): Node {
    const place = { ...outer, clock: false };
    switch (node["class"]) {
      case "COLUMN_REF":
        return this.#column(node);
      case "CONSTANT":
        return this.#constant(node);
      case "FUNCTION":
        return translateCall(node, outer, this);
      case "WINDOW":
        return translateWindow(node, place, this);
      case "OPERATOR":
        return this.#operator(node, place);
      case "CAST":
        return this.#cast(node, place);
      case "COMPARISON":
        return this.#comparison(node, place);
      case "CONJUNCTION":
        only(node, "AND or OR", ["children"]);
        return { ...node, children: nodes(node["children"]).map((child) => this.condition(child, place)) };
      case "BETWEEN": {
        only(node, "BETWEEN", ["input", "lower", "upper"]);
        const [input, lower, upper] = [node["input"], node["lower"], node["upper"]] as [Node, Node, Node];
        const checked = comparable(input, this.translate(input, place), [lower, upper]);
        return {
          ...node,
          input: checked,
          lower: this.translate(lower, place),
          upper: this.translate(upper, place),
        };
      }
      case "CASE": {
        only(node, "CASE", ["case_checks", "else_expr"]);
        const checks = nodes(node["case_checks"]).map((check) => ({
          when_expr: this.condition(check["when_expr"] as Node, place),
          then_expr: this.translate(check["then_expr"] as Node, place),
        }));
        return { ...node, case_checks: checks, else_expr: this.translate(node["else_expr"] as Node, place) };
      }
      case "SUBQUERY":
        return this.#subqueryExpression(node, place);
      case "STAR":
        if (node["columns"] === true) throw new QueryError("Athena has no COLUMNS(...): name the columns.");
        only(node, "SELECT * EXCLUDE, REPLACE or RENAME", ["relation_name"]);
        return node;
      case "LAMBDA":
        throw new QueryError(
          "-> stands only in transform and filter in Athena; of JSON it is json_extract(json, '$.name').",
        );
      case "COLLATE":
        throw new QueryError("Athena has no COLLATE.");
      case "PARAMETER":
        throw new QueryError("There are no parameters here.");
      case "POSITIONAL_REFERENCE":
        throw new QueryError("Athena has no #1: name the column.");
      default:
        throw new QueryError(`${String(node["type"])} is not in the SQL that Athena and DuckDB share.`);
    }
  }

  #column(node: Node): Node {
    only(node, "A column", ["column_names"]);
    const names = (node["column_names"] as string[]).slice();
    const token = this.#tokens.get(Number(node["query_location"]));
    const word = token?.word ?? "";
    if (names.length === 1 && ["CURRENT_DATE", "CURRENT_TIMESTAMP", "LOCALTIMESTAMP"].includes(word)) return node;
    if (reservedWords.has(word)) {
      throw new QueryError(
        word.startsWith("CURRENT_") || word === "LOCALTIME"
          ? `${word} is not in the SQL that Athena and DuckDB share.`
          : `${token?.text} is a reserved word in Athena: write "${token?.text.toLowerCase()}" in double quotes.`,
      );
    }
    if (names.length > 3 && names[0]?.toLowerCase() === "awsdatacatalog") names.shift();
    return { ...node, column_names: names };
  }

  #constant(node: Node): Node {
    const type = String(((node["value"] as Node)["type"] as Node)["id"]);
    if (type === "VARCHAR") return cast(node, "VARCHAR"); // else DuckDB takes it for a date where it looks like one
    if (type === "DOUBLE") return cast(textConstant(numberText(node)), "DOUBLE"); // else its text, 1.0, is a decimal's
    if (["INTEGER", "BIGINT", "DECIMAL", "BOOLEAN", "NULL"].includes(type)) return node;
    throw new QueryError(
      type === "HUGEINT" ? "A whole number is larger than a bigint." : `There is no literal of ${type} in Athena.`,
    );
  }

  #comparison(node: Node, place: Place): Node {
    only(node, "A comparison", ["left", "right"]);
    const [left, right] = [node["left"] as Node, node["right"] as Node];
    return {
      ...node,
      left: comparable(left, this.translate(left, place), [right]),
      right: comparable(right, this.translate(right, place), [left]),
    };
  }

  #subqueryExpression(node: Node, place: Place): Node {
    only(node, "A subquery", ["subquery_type", "subquery", "child", "comparison_type"]);
    const { node: query } = node["subquery"] as { node: Node };
    return {
      ...node,
      subquery: { ...(node["subquery"] as Node), node: this.#subquery(query, place.ctes) },
      child: node["child"] ? this.translate(node["child"] as Node, place) : null,
    };
  }

  #operator(node: Node, place: Place): Node {
    only(node, "This operator", ["children"]);
    const type = String(node["type"]);
    const parsed = nodes(node["children"]);
    const translated = this.all(parsed, place);
    const [first, second] = translated;
    switch (type) {
      case "OPERATOR_NOT":
        return { ...node, children: parsed.map((child) => this.condition(child, place)) };
      case "OPERATOR_IS_NULL":
      case "OPERATOR_IS_NOT_NULL":
      case "OPERATOR_COALESCE":
      case "GROUPING_FUNCTION":
      case "ARRAY_CONSTRUCTOR":
        return { ...node, children: translated };
      case "COMPARE_IN":
      case "COMPARE_NOT_IN":
        return {
          ...node,
          children: [comparable(parsed[0] as Node, first as Node, parsed.slice(1)), ...translated.slice(1)],
        };
      case "ARRAY_EXTRACT":
        return macro("subscript", first as Node, second as Node);
      case "STRUCT_EXTRACT":
        return { ...node, children: [first, parsed[1]] };
      case "OPERATOR_TRY":
        return liftedTry(first as Node, place.groups);
      case "ARRAY_SLICE":
        throw new QueryError(
          "Athena has no [from:to]: write slice(array, start, length) or substr(text, start, length).",
        );
      default:
        throw new QueryError(`${type} is not in the SQL that Athena and DuckDB share.`);
    }
  }

  #cast(node: Node, place: Place): Node {
    only(node, "CAST", ["child", "cast_type", "try_cast"]);
    const child = node["child"] as Node;
    const type = String((node["cast_type"] as Node)["id"]);
    if (isBooleanConstant(node)) return node;
    const clock = type === "DATE" || type.startsWith("TIMESTAMP");
    const value = this.translate(child, { ...place, clock: clock && !type.includes("ZONE") });
    if (isNull(child)) return { ...node, child: value };
    const checks: Readonly<Record<string, string>> = {
      "TINYINT": "whole",
      "SMALLINT": "whole",
      "INTEGER": "whole",
      "BIGINT": "whole",
      "VARCHAR": "as_text",
      "DATE": "as_date",
      "TIMESTAMP": "as_time",
      "TIMESTAMP_MS": "as_time",
      "TIMESTAMP WITH TIME ZONE": "as_instant",
    };
    const check = checks[type];
    if (check === undefined && !["BOOLEAN", "DOUBLE", "FLOAT", "DECIMAL", "LIST", "MAP", "STRUCT"].includes(type)) {
      throw new QueryError(`CAST AS ${type} is not in the SQL that Athena and DuckDB share.`);
    }
    const result = { ...node, child: check === undefined ? value : macro(check, value), try_cast: false };
    return node["try_cast"] === true ? liftedTry(result, place.groups) : result;
  }
}

const booleanOperators = new Set([
  "OPERATOR_NOT",
  "OPERATOR_IS_NULL",
  "OPERATOR_IS_NOT_NULL",
  "COMPARE_IN",
  "COMPARE_NOT_IN",
]);
