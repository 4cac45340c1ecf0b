import { ExpressionParser } from "./parser.ts";
import type { StatementSyntax } from "./syntax.ts";

/** `[SET @v = expression, ...] SELECT [VALUE] items [FROM 'filter'] [WHERE expression]` */
export class StatementParser extends ExpressionParser {
  statement(): StatementSyntax {
    const variables = this.word("SET") ? this.#variables() : [];
    if (!this.word("SELECT")) throw this.unexpected(variables.length > 0 ? "`,` or SELECT" : "SET or SELECT");
    const select = this.select();
    let from: StatementSyntax["from"];
    if (this.word("FROM")) {
      const { kind, text, offset } = this.token;
      if (kind !== "string") throw this.unexpected("a topic filter in single quotes, as in FROM 'sensor/#'");
      from = { filter: text, offset };
      this.next();
    }
    const where = this.word("WHERE") ? this.expression() : undefined;
    if (where !== undefined) this.end("an operator or the end of the statement");
    this.end(from === undefined ? "`,`, FROM, WHERE or the end of the statement" : "WHERE or the end of the statement");
    return { variables, select, from, where };
  }

  #variables(): StatementSyntax["variables"] {
    const variables: StatementSyntax["variables"] = [];
    do {
      const { kind, text: name } = this.token;
      if (kind !== "variable") throw this.unexpected("the name of a variable, as in SET @celsius = ...");
      if (variables.some((variable) => variable.name === name)) {
        throw this.error(`@${name} is already set; a variable is assigned once`);
      }
      this.next();
      this.expect("=", "`=`");
      variables.push({ name, node: this.expression() });
    } while (this.symbol(","));
    return variables;
  }
}
