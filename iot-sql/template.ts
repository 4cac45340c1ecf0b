import { Compiler, type Evaluate, type InjectedFunctions } from "./compile.ts";
import { toText } from "./conversions.ts";
import { errorAt } from "./errors.ts";
import { Frame, type Message } from "./message.ts";
import { ExpressionParser } from "./parser.ts";
import { setVariables, variablesOf, type Statement } from "./statement.ts";

/** A field of a rule's action with substitution templates. */
export interface Template {
  readonly text: string;
  /** The text with each `${expression}` replaced; what does not convert to a String is the empty text. */
  evaluate(message: Message): string;
}

export interface TemplateOptions {
  /** The rule's statement, whose variables of SET the template may use. */
  statement?: Statement;
  /** For the functions that call other services, which are refused otherwise; by lower-case name. */
  functions?: InjectedFunctions;
}

/**
 * Compiles a field such as `readings/${topic(2)}`. Expressions see the original payload, never an alias of SELECT.
 *
 * @throws {IotSqlError} where AWS would refuse an expression; positions are those in the field's text
 */
export function compileTemplate(text: string, options: TemplateOptions = {}): Template {
  const variables = options.statement && variablesOf(options.statement, options.functions);
  const compiler = new Compiler(text, { functions: options.functions, variables: variables?.names ?? [] });
  const parts: (string | Evaluate)[] = [];
  let at = 0;
  for (let open = text.indexOf("${"); open !== -1; open = text.indexOf("${", at)) {
    if (open > at) parts.push(text.slice(at, open));
    if (text.indexOf("}", open) === -1) throw errorAt(text, open, "the `${` that begins here has no `}`");
    const parser = new ExpressionParser(text, open + 2);
    parts.push(compiler.expression(parser.expression()));
    at = parser.closeTemplate();
  }
  if (at < text.length) parts.push(text.slice(at));
  if (parts.length === 0 || (parts.length === 1 && typeof parts[0] === "string")) return { text, evaluate: () => text };
  return {
    text,
    evaluate(message) {
      const frame = new Frame(message);
      if (variables !== undefined) setVariables(frame, variables.values);
      return parts.map((part) => (typeof part === "string" ? part : (toText(part(frame)) ?? ""))).join("");
    },
  };
}
