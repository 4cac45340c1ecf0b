import type { Resource } from "@metercast/graph";
import { compileStatement, compileTemplate, IotSqlError, type Statement, type Template } from "@metercast/iot-sql";
import { z } from "zod";
import { DeclarationError, read, withoutLocalMeaning } from "./read.ts";

const firehoseAction = z.strictObject({
  deliveryStreamName: z.string(),
  roleArn: z.string(),
  /** Put after the record; AWS takes these four. */
  separator: z.enum(["\n", "\t", "\r\n", ","]).optional(),
  /** One record per element of an array result; the program declares false. */
  batchMode: z.literal(false).default(false),
});

const topicRule = z.strictObject({
  name: z.string().regex(/^[a-zA-Z0-9_]{1,128}$/),
  description: withoutLocalMeaning, // for people
  enabled: z.boolean(),
  sql: z.string(),
  sqlVersion: z.literal("2016-03-23"),
  firehoses: z.array(firehoseAction).max(10),
  errorAction: z.strictObject({ firehose: firehoseAction }).optional(),
  tags: withoutLocalMeaning, // for the bill
});

export interface FirehoseAction {
  /** The delivery stream's name, which may depend on the message. */
  stream: Template;
  roleArn: string;
  separator: string | undefined;
}

export interface TopicRule {
  name: string;
  statement: Statement;
  actions: FirehoseAction[];
  errorAction: FirehoseAction | undefined;
}

/** The rule that a resource declares; undefined for one that is not enabled. */
export function topicRuleOf(resource: Resource): TopicRule | undefined {
  const declared = read(topicRule, resource);
  if (!declared.enabled) return undefined;
  const statement = compiled(resource, "sql", () => compileStatement(declared.sql));
  const actionOf = (action: z.output<typeof firehoseAction>, property: string): FirehoseAction => ({
    stream: compiled(resource, `${property}.deliveryStreamName`, () =>
      compileTemplate(action.deliveryStreamName, { statement }),
    ),
    roleArn: action.roleArn,
    separator: action.separator,
  });
  return {
    name: declared.name,
    statement,
    actions: declared.firehoses.map((action, index) => actionOf(action, `firehoses.${index}`)),
    errorAction: declared.errorAction && actionOf(declared.errorAction.firehose, "errorAction.firehose"),
  };
}

/** @throws DeclarationError with the place in the property's text where AWS would refuse it */
function compiled<Result>(resource: Resource, property: string, compile: () => Result): Result {
  try {
    return compile();
  } catch (error) {
    if (!(error instanceof IotSqlError)) throw error;
    throw new DeclarationError(resource, `${property}, line ${error.line}, column ${error.column}: ${error.message}`);
  }
}
