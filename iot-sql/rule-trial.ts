import { randomUUID } from "node:crypto";
import { basicIngestOf } from "./basic-ingest.ts";
import { IotSqlError, type Warning } from "./errors.ts";
import type { Message } from "./message.ts";
import type { RuleCase } from "./rule-case.ts";
import { compileStatement, type Statement } from "./statement.ts";
import { compileTemplate, type Template } from "./template.ts";

/** What became of a case. */
export interface RuleResult {
  /**
   * JSON text on one line, since a double would lose digits of a number: `{"matched":true,"output":...}` with the value
   * that an action gets, `outputBase64` in its place where that is not JSON; `{"matched":false}` where no action runs;
   * `{"error":{"message","line","column"}}` where AWS would refuse the statement or the template.
   */
  json: string;
  refused: boolean;
  warnings: readonly Warning[];
}

/** Statements that are kept compiled; a file of cases mostly has few, but may have any number. */
const mostKept = 10_000;

/** A statement or a template compiled, or why AWS would refuse it. */
type Compiled<T> = T | IotSqlError;

/** Tries rules on messages as the rules engine would run them; each text is compiled once. */
export class RuleTrial {
  readonly #statements = new Map<string, Compiled<Statement>>();
  readonly #templates = new Map<Statement, Map<string, Compiled<Template>>>();

  run(ruleCase: RuleCase): RuleResult {
    const statement = this.#statement(ruleCase.sql);
    if (statement instanceof IotSqlError) return refusal(statement);
    const { warnings } = statement;
    const template = ruleCase.template === undefined ? undefined : this.#template(statement, ruleCase.template);
    if (template instanceof IotSqlError) return refusal(template, warnings);
    const message = messageOf(ruleCase);
    const json = message === undefined ? unmatched : outcome(statement, template, message);
    return { json, refused: false, warnings };
  }

  #statement(sql: string): Compiled<Statement> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      if (this.#statements.size >= mostKept) {
        this.#statements.clear();
        this.#templates.clear();
      }
      statement = compiled(() => compileStatement(sql));
      this.#statements.set(sql, statement);
    }
    return statement;
  }

  #template(statement: Statement, text: string): Compiled<Template> {
    const known = this.#templates.get(statement) ?? new Map<string, Compiled<Template>>();
    this.#templates.set(statement, known);
    let template = known.get(text);
    if (template === undefined) {
      if (known.size >= mostKept) known.clear();
      template = compiled(() => compileTemplate(text, { statement }));
      known.set(text, template);
    }
    return template;
  }
}

const unmatched = '{"matched":false}';

function outcome(statement: Statement, template: Template | undefined, message: Message): string {
  const fires = message.basicIngestRule !== undefined && statement.topicFilter === undefined;
  if (!fires && !statement.matchesTopic(message.topic)) return unmatched;
  const output = statement.evaluate(message);
  if (output === undefined) return unmatched;
  if (template !== undefined) return matched(JSON.stringify(template.evaluate(message)));
  return typeof output === "string" && output !== ""
    ? matched(output)
    : `{"matched":true,"outputBase64":"${base64(output)}"}`;
}

/** Some readers of lines take U+2028 and U+2029 for ends of lines, which JSON allows within a text. */
function matched(json: string): string {
  return `{"matched":true,"output":${json.replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}}`;
}

function base64(output: string | Uint8Array): string {
  return Buffer.from(output).toString("base64");
}

/** Undefined where Basic Ingest addresses another rule. */
function messageOf({ topic, payload, clientId, protocol = "mqtt", rule }: RuleCase): Message | undefined {
  const ingest = basicIngestOf(topic);
  if (ingest !== undefined && rule !== undefined && ingest.rule !== rule) return undefined;
  return {
    payload,
    topic: ingest?.topic ?? topic,
    received: Date.now(),
    protocol,
    traceId: randomUUID(),
    ...(clientId !== undefined && { clientId }),
    ...(ingest && { basicIngestRule: ingest.rule }),
  };
}

function compiled<T>(compile: () => T): Compiled<T> {
  try {
    return compile();
  } catch (error) {
    if (error instanceof IotSqlError) return error;
    throw error;
  }
}

function refusal({ message, line, column }: IotSqlError, warnings: readonly Warning[] = []): RuleResult {
  return { json: JSON.stringify({ error: { message, line, column } }), refused: true, warnings };
}
