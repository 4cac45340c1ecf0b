import type { Resource } from "../../graph/index.ts";
import { checkResources } from "./cfn-lint.ts";
import { checkPolicies } from "./parliament.ts";
import type { Policy } from "./policies.ts";
import type { Tools } from "./tools.ts";
import type { Statement, TrinoGrammar } from "./trino-grammar.ts";
import { type Finding, ValidatorError } from "./validator-error.ts";

const stream = "arn:aws:firehose:us-east-1:123456789012:deliverystream/readings";

function policy(resource: string, kind: Policy["kind"], statement: Record<string, unknown>): Policy {
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] };
  return { resource, kind, document, arn: "arn:aws:iam::123456789012:role/rules" };
}

/** Policies with one fault each, and the issue that it must be called. */
const faultyPolicies: [Policy, string][] = [
  [policy("misspelt action", "access", { Action: "firehose:PutRecrod", Resource: stream }), "UNKNOWN_ACTION"],
  [policy("resource of another service", "access", { Action: "s3:PutObject", Resource: stream }), "RESOURCE_MISMATCH"],
  [
    policy("condition of another service", "trust", {
      Action: "sts:AssumeRole",
      Principal: { Service: "iot.amazonaws.com" },
      Condition: { StringEquals: { "firehose:SourceAccount": "123456789012" } },
    }),
    "UNKNOWN_CONDITION_FOR_ACTION",
  ],
  [
    policy("variable in the wrong place", "device", {
      Action: "iot:Publish",
      Resource: "arn:aws:iot:us-east-1:123456789012:client/${iot:Connection.Thing.ThingName}",
    }),
    "RESOURCE_MISMATCH",
  ],
];

function resource(id: string, type: string, inputs: Record<string, unknown>): Resource {
  const none = { name: id, parent: null, component: false, protect: false, outputs: {}, references: [] };
  return { id, type, inputs, ...none };
}

function faultyStream(id: string, properties: Record<string, unknown>): Resource {
  const arns = { bucketArn: "arn:aws:s3:::files", roleArn: "arn:aws:iam::123456789012:role/delivery" };
  return resource(id, "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", {
    destination: "extended_s3",
    extendedS3Configuration: { ...arns, ...properties },
  });
}

/** A dashboard with one sheet, on which one thing is not as QuickSight has it. */
function faultyDashboard(id: string, sheet: Record<string, unknown>): Resource {
  const Definition = { DataSetIdentifierDeclarations: [], Sheets: [{ SheetId: "one", ...sheet }] };
  const desiredState = { AwsAccountId: "123456789012", DashboardId: "energy", Name: "Energy", Definition };
  return resource(id, "aws:cloudcontrol/resource:Resource", {
    typeName: "AWS::QuickSight::Dashboard",
    desiredState: JSON.stringify(desiredState),
  });
}

/** Resources with one fault each, and the rule that must find it. */
const faultyResources: [Resource, string][] = [
  [faultyStream("interval that is too long", { bufferingInterval: 9999 }), "E3034"],
  [faultyStream("compression that there is not", { compressionFormat: "BROTLI" }), "E3030"],
  [faultyStream("role that is no ARN", { roleArn: "delivery" }), "E3031"],
  [
    resource("name with a hyphen", "aws:iot/topicRule:TopicRule", {
      name: "metercast-dev",
      sql: "SELECT * FROM 'a'",
      firehoses: [],
    }),
    "E3031",
  ],
  [
    resource("table of no type", "aws:glue/catalogTable:CatalogTable", { databaseName: "dev", tableType: "EXTERNAL" }),
    "E3030",
  ],
  [
    resource("window that there is not", "aws:scheduler/schedule:Schedule", {
      scheduleExpression: "rate(1 hour)",
      flexibleTimeWindow: { mode: "NEVER" },
      target: {
        arn: "arn:aws:states:us-east-1:123456789012:stateMachine:a",
        roleArn: "arn:aws:iam::123456789012:role/a",
      },
    }),
    "E3030",
  ],
  [
    resource("comparison that there is not", "aws:cloudwatch/metricAlarm:MetricAlarm", {
      comparisonOperator: "MoreThan",
      evaluationPeriods: 1,
      threshold: 0,
      metricName: "Errors",
      namespace: "AWS/Lambda",
      period: 300,
      statistic: "Sum",
    }),
    "E3030",
  ],
  [
    faultyDashboard("chart of no type", {
      Visuals: [{ LineChartVisual: { VisualId: "a", ChartConfiguration: { Type: "LINES" } } }],
    }),
    "E3030",
  ],
  [faultyDashboard("visual that there is not", { Visuals: [{ LineGraphVisual: { VisualId: "a" } }] }), "E3002"],
  [faultyDashboard("visual without an id", { Visuals: [{ KPIVisual: { Actions: [] } }] }), "E3003"],
  [
    faultyDashboard("element that is too wide", {
      Layouts: [
        {
          Configuration: {
            GridLayout: { Elements: [{ ElementId: "a", ElementType: "VISUAL", ColumnSpan: 37, RowSpan: 1 }] },
          },
        },
      ],
    }),
    "E3034",
  ],
  [resource("data set of no kind", "aws:quicksight/dataSet:DataSet", { importMode: "MEMORY" }), "E3030"],
  [resource("retention that there is not", "aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 31 }), "E3030"],
];

/**
 * Holds that the validators find faults: a validator that says yes to everything proves nothing.
 *
 * @throws ValidatorError that names the fault that was not found, or not as what it is.
 */
export function proveFindings(tools: Tools): void {
  const policies = faultyPolicies.map(([one]) => one);
  requireFound(
    "parliament",
    checkPolicies(tools, policies),
    faultyPolicies.map(([{ resource: id }, rule]) => [id, rule]),
  );
  const resources = faultyResources.map(([one]) => one);
  requireFound(
    "cfn-lint",
    checkResources(tools, resources, "us-east-1"),
    faultyResources.map(([{ id }, rule]) => [id, rule]),
  );
}

/** Statements that DuckDB takes, and Trino does not. */
const foreignStatements: Statement[] = [
  { name: "EXCLUDE", sql: "SELECT * EXCLUDE (a) FROM t" },
  { name: "QUALIFY", sql: "SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1" },
  { name: "cast by colons", sql: "SELECT a::integer FROM t" },
  { name: "list in brackets", sql: "SELECT [1, 2]" },
  { name: "FROM first", sql: "FROM t SELECT a" },
  { name: "reserved word", sql: "SELECT 1 AS order" },
  { name: "property of UNLOAD", sql: "UNLOAD (SELECT 1 AS dt) TO 's3://a/' WITH (format: 'PARQUET')" },
  { name: "query of UNLOAD", sql: "UNLOAD (SELECT 1 AS dt;) TO 's3://a/' WITH (format = 'PARQUET')" },
];

/** Holds that Trino's parser refuses what is not its own. @throws ValidatorError as {@link proveFindings} */
export function proveGrammar(grammar: TrinoGrammar): void {
  requireFound(
    "Trino's parser",
    grammar.check(foreignStatements),
    foreignStatements.map(({ name }) => [name, "TRINO_GRAMMAR"]),
  );
}

function requireFound(
  validator: string,
  found: readonly Finding[],
  faults: readonly [id: string, rule: string][],
): void {
  for (const [id, rule] of faults) {
    if (found.some((finding) => finding.resource === id && finding.rule === rule)) continue;
    const said = found.filter(({ resource: of }) => of === id).map((one) => `${one.rule} ${one.message}`);
    throw new ValidatorError(
      `${validator} does not find the fault "${id}" as ${rule}; it says ${said.length === 0 ? "nothing" : said.join("; ")}`,
    );
  }
}
