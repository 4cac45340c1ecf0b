import { Compiler, type Evaluate, type InjectedFunctions } from "./compile.ts";
import { errorAt, type Warning } from "./errors.ts";
import { writeJson } from "./json.ts";
import { Frame, type Message } from "./message.ts";
import { StatementParser } from "./statement-parser.ts";
import type { Node, Select, StatementSyntax } from "./syntax.ts";
import { checkTopicFilter, compileTopicFilter } from "./topic-filter.ts";

/** A compiled statement of a topic rule. */
export interface Statement {
  readonly sql: string;
  readonly topicFilter: string | undefined;
  /**
   * "whole" if the message comes through as it is, by `*`, VALUE or encode(*): arrays survive; "columns" otherwise: an
   * envelope, an array at the top level, would become `{}`.
   */
  readonly shape: "whole" | "columns";
  /** Where the statement may mean otherwise than it seems to. */
  readonly warnings: readonly Warning[];
  /** Whether FROM takes a topic; never without FROM, for then the rule fires by Basic Ingest alone. */
  matchesTopic(topic: string): boolean;
  /**
   * What an action gets: JSON text (the empty text where SELECT VALUE is Undefined), or the payload's bytes (`*` of a
   * payload that is not JSON). Undefined where WHERE is not true: no action runs.
   */
  evaluate(message: Message): string | Uint8Array | undefined;
  /** The top-level keys of the output in order; undefined where `*` is selected or VALUE. */
  columns(): string[] | undefined;
}

export interface StatementOptions {
  /** For the functions that call other services, which are refused otherwise; by lower-case name. */
  functions?: InjectedFunctions;
}

/** The definitions of SET, which substitution templates of the rule's actions may use too. */
const definitions = new WeakMap<Statement, { text: string; variables: StatementSyntax["variables"] }>();

/** The closures of a statement's variables compiled for another text's compiler, and their names. */
export function variablesOf(
  statement: Statement,
  functions?: InjectedFunctions,
): { names: string[]; values: Evaluate[] } {
  const definition = definitions.get(statement);
  if (definition === undefined) return { names: [], values: [] };
  const compiler = new Compiler(definition.text, { functions });
  const values = compileVariables(compiler, definition.variables);
  return { names: compiler.variables, values };
}

/**
 * Compiles a statement of AWS IoT SQL 2016-03-23 to closures, once for all messages.
 *
 * @throws {IotSqlError} where AWS would refuse it
 */
export function compileStatement(sql: string, options: StatementOptions = {}): Statement {
  const syntax = new StatementParser(sql).statement();
  const { select } = syntax;
  const topicFilter = syntax.from?.filter;
  const problem = topicFilter === undefined ? undefined : checkTopicFilter(topicFilter);
  if (problem !== undefined) throw errorAt(sql, syntax.from?.offset ?? 0, problem);

  const compiler = new Compiler(sql, { functions: options.functions });
  const variables = compileVariables(compiler, syntax.variables);
  const where = syntax.where === undefined ? undefined : compiler.expression(syntax.where);
  const output = compileOutput(compiler, select);
  warnOfNames(compiler, select);
  const matches = topicFilter === undefined ? () => false : compileTopicFilter(topicFilter);

  const statement: Statement = {
    sql,
    topicFilter,
    shape: isWhole(select) ? "whole" : "columns",
    warnings: compiler.warnings,
    matchesTopic: matches,
    evaluate(message) {
      const frame = new Frame(message);
      if (variables.length > 0) setVariables(frame, variables);
      if (where !== undefined && where(frame) !== true) return undefined;
      return output(frame);
    },
    columns: () => columnsOf(select),
  };
  definitions.set(statement, { text: sql, variables: syntax.variables });
  return statement;
}

export function setVariables(frame: Frame, variables: readonly Evaluate[]): void {
  frame.variables = [];
  for (const evaluate of variables) frame.variables.push(evaluate(frame));
}

function compileVariables(compiler: Compiler, variables: StatementSyntax["variables"]): Evaluate[] {
  return variables.map(({ name, node }) => {
    const evaluate = compiler.expression(node);
    compiler.variables.push(name);
    return evaluate;
  });
}

type Output = (frame: Frame) => string | Uint8Array;

function compileOutput(compiler: Compiler, select: Select): Output {
  const [first] = select.items;
  if (select.items.length === 1 && first?.node.kind === "star") return wholePayload;
  if (select.value || !areColumns(select)) {
    const project = compiler.projection(select);
    return (frame) => writeJson(project(frame));
  }
  const columns = select.items.map(({ node, alias }) => ({
    key: `${JSON.stringify(alias[0])}:`,
    write: columnWriter(compiler, node),
  }));
  return (frame) => {
    let text = "";
    for (const { key, write } of columns) {
      const json = write(frame);
      if (json !== "") text += text === "" ? key + json : `,${key}${json}`;
    }
    return `{${text}}`;
  };
}

/** The payload's JSON written anew, with duplicate keys gone; bytes that are no JSON stay what they are. */
function wholePayload(frame: Frame): string | Uint8Array {
  const { json } = frame;
  if (json === undefined) return frame.message.payload;
  return json.plain ? JSON.stringify(json.value) : writeJson(json.value);
}

/** Distinct keys of one level, so that the text can be written directly. */
function areColumns({ items }: Select): boolean {
  const keys = new Set(items.map(({ alias }) => alias[0]));
  return keys.size === items.length && items.every(({ node, alias }) => node.kind !== "star" && alias.length === 1);
}

/** Base64 needs no escapes, which matters for a payload of 128 KB. */
function columnWriter(compiler: Compiler, node: Node): (frame: Frame) => string {
  const evaluate = compiler.expression(node);
  if (!isEncodedPayload(node)) return (frame) => writeJson(evaluate(frame));
  return (frame) => {
    const text = evaluate(frame);
    return text === undefined ? "" : `"${text as string}"`;
  };
}

function isEncodedPayload(node: Node): boolean {
  return node.kind === "call" && node.name.toLowerCase() === "encode" && node.args[0]?.kind === "star";
}

/** `*` beside other items is the keys of an object: an array has none. */
function isWhole({ value, items }: Select): boolean {
  return (
    value || (items.length === 1 && items[0]?.node.kind === "star") || items.some(({ node }) => keepsMessage(node))
  );
}

function keepsMessage(node: Node): boolean {
  return node.kind === "call" && node.args.some((arg) => arg.kind === "star" || keepsMessage(arg));
}

function columnsOf(select: Select): string[] | undefined {
  if (select.value || select.items.some(({ node }) => node.kind === "star")) return undefined;
  return [...new Set(select.items.map(({ alias }) => alias[0] ?? ""))];
}

/** The documentation gives the key of a path without AS, and of nothing else. */
function warnOfNames(compiler: Compiler, select: Select): void {
  if (select.value) return;
  for (const { node, alias, named } of select.items) {
    if (named || ["name", "member", "star"].includes(node.kind)) continue;
    const key = JSON.stringify(alias[0]);
    compiler.warn(
      node.offset,
      `AWS does not document the key of an expression without AS; it is ${key} here, give it a name`,
    );
  }
}
