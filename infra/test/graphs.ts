import type { Environment } from "../../environments/index.ts";
import { checkEnvironment } from "../../environments/index.ts";
import type { Evaluation, Graph, Resource } from "../../graph/index.ts";
import { evaluate } from "../../graph/index.ts";

const evaluations = new Map<string, Promise<Evaluation>>();

/** The program evaluated for one of the project's environments, once for all tests of a file. */
export function evaluationOf(name: "dev" | "prod"): Promise<Evaluation> {
  const evaluation = evaluations.get(name) ?? evaluate(name);
  evaluations.set(name, evaluation);
  return evaluation;
}

export async function graphOf(name: "dev" | "prod"): Promise<Graph> {
  return (await evaluationOf(name)).graph;
}

/** The environment of a file's text, which must be right. */
export function environmentOf(text: string): Environment {
  const { environment, problems } = checkEnvironment(text, "test.yaml");
  if (environment === undefined) throw new Error(JSON.stringify(problems, null, 2));
  return environment;
}

export function resourcesOf(graph: Graph, type: string): Resource[] {
  return graph.resources.filter((resource) => resource.type === type);
}

/** The one resource of a type whose physical name is given. */
export function resource(graph: Graph, type: string, name: string): Resource {
  const [found, ...others] = resourcesOf(graph, type).filter(
    ({ inputs }) => (inputs["name"] ?? inputs["bucket"]) === name,
  );
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} resources ${type} "${name}"`);
  return found;
}

export interface Statement {
  Sid: string;
  Effect: string;
  Action: string[];
  Resource: string[];
}

/** What a role allows, by its name. */
export function statementsOf(graph: Graph, role: string): Statement[] {
  const { inputs } = resource(graph, "aws:iam/rolePolicy:RolePolicy", role);
  return (JSON.parse(String(inputs["policy"])) as { Statement: Statement[] }).Statement;
}

export const types = {
  bucket: "aws:s3/bucket:Bucket",
  function: "aws:lambda/function:Function",
  logGroup: "aws:cloudwatch/logGroup:LogGroup",
  role: "aws:iam/role:Role",
  rolePolicy: "aws:iam/rolePolicy:RolePolicy",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  table: "aws:glue/catalogTable:CatalogTable",
  thing: "aws:iot/thing:Thing",
  topicRule: "aws:iot/topicRule:TopicRule",
} as const;
