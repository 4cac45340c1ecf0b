import { Compiler } from "./compile.ts";
import { Frame } from "./message.ts";
import { ExpressionParser } from "./parser.ts";
import { Decimal, type Value } from "./value.ts";

/** An expression over the attributes of one message: the filter or the math of a pipeline. */
export interface Expression {
  readonly text: string;
  /** The attributes that it reads. */
  readonly attributes: readonly string[];
  /** Undefined is undefined, Null is null; a number of more digits than a double has comes rounded to a double. */
  evaluate(attributes: Record<string, unknown>): unknown;
}

/**
 * Compiles an expression of AWS IoT SQL. It has no message: topic(), clientid(), timestamp() and other functions of
 * the message are refused, and so that a replay gives the same result rand() and newuuid() are too.
 *
 * @throws {IotSqlError} where it is not an expression
 */
export function compileExpression(text: string): Expression {
  const parser = new ExpressionParser(text);
  const node = parser.expression();
  parser.end("an operator or the end of the expression");
  const compiler = new Compiler(text, { attributesOnly: true });
  const evaluate = compiler.expression(node);
  return {
    text,
    attributes: [...compiler.names],
    evaluate: (attributes) => plain(evaluate(new Frame(undefined, attributes as Value))),
  };
}

function plain(value: Value): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Decimal) return value.toNumber();
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
