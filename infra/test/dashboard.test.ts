import { expect } from "chai";
import { loadEnvironment, type Environment } from "../../environments/index.ts";
import { check, evaluate, type Graph } from "../../graph/index.ts";
import { resource, resourcesOf, statementsOf, types } from "./graphs.ts";

const dashboardTypes = {
  dataSource: "aws:quicksight/dataSource:DataSource",
  dataSet: "aws:quicksight/dataSet:DataSet",
  theme: "aws:quicksight/theme:Theme",
  dashboard: "aws:cloudcontrol/resource:Resource",
  functionUrl: "aws:lambda/functionUrl:FunctionUrl",
  policy: "aws:iam/policy:Policy",
  schedule: "aws:scheduler/schedule:Schedule",
  identity: "aws:sesv2/emailIdentity:EmailIdentity",
};

const dev = loadEnvironment(new URL("../../environments/dev.yaml", import.meta.url).pathname);

const dashboard: NonNullable<Environment["dashboard"]> = {
  authors: ["group/authors"],
  viewers: ["user/jane@example.com"],
  identityRegion: "us-west-2",
  refresh: "full",
  embedDomains: ["https://energy.example.com", "https://*.example.org"],
  theme: "dark",
  digest: {
    from: "energy@example.com",
    recipients: ["jane@example.com"],
    time: "07:30",
    timeZone: "America/New_York",
  },
};

interface Declared {
  Permissions: { Principal: string; Actions: string[] }[];
  ThemeArn: string;
  Tags: { Key: string; Value: string }[];
  Definition: { DataSetIdentifierDeclarations: { Identifier: string; DataSetArn: string }[] };
}

function declaredIn(graph: Graph): Declared {
  const [only] = resourcesOf(graph, dashboardTypes.dashboard);
  return JSON.parse(String(only?.inputs["desiredState"])) as Declared;
}

describe("An environment with a dashboard", () => {
  let graph: Graph;
  before(async function () {
    this.timeout(60_000);
    ({ graph } = await evaluate({ ...dev, dashboard }));
  });

  it("declares properties that its resources have, each below a component", () => {
    expect(check(graph)).to.deep.equal([]);
    const own = graph.resources.filter(({ id }) => id.includes("dashboard:Dashboard::dashboard/"));
    expect(own.length).to.be.above(30);
    for (const { id, parent } of own) expect(parent, id).to.be.a("string");
  });

  it("asks Athena by a role of its own, which reads tables and writes results and nothing else", () => {
    const [source] = resourcesOf(graph, dashboardTypes.dataSource);
    expect(source?.inputs["parameters"]).to.deep.equal({
      athena: {
        workGroup: "metercast-dev",
        roleArn: "arn:aws:iam::123456789012:role/metercast-dev-dashboard-source",
      },
    });
    const role = resource(graph, types.role, "metercast-dev-dashboard-source");
    expect(JSON.parse(String(role.inputs["assumeRolePolicy"])))
      .to.have.nested.property("Statement[0]")
      .that.deep.includes({
        Principal: { Service: "quicksight.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } },
      });
    const allowed = statementsOf(graph, "metercast-dev-dashboard-source");
    const put = allowed.filter(({ Action }) => Action.includes("s3:PutObject"));
    expect(put.flatMap(({ Resource }) => Resource)).to.deep.equal([
      "arn:aws:s3:::metercast-dev-123456789012-us-east-1/athena-results/*",
    ]);
    expect(
      allowed.flatMap(({ Action }) => Action).filter((action) => /Delete|Create|Update/.test(action)),
    ).to.deep.equal([]);
  });

  it("lets authors use data sets and themes, and authors and viewers see the dashboard; nobody may change them", () => {
    const group = "arn:aws:quicksight:us-west-2:123456789012:group/default/authors";
    const user = "arn:aws:quicksight:us-west-2:123456789012:user/default/jane@example.com";
    for (const type of [dashboardTypes.dataSource, dashboardTypes.dataSet, dashboardTypes.theme]) {
      for (const { inputs, id } of resourcesOf(graph, type)) {
        const permissions = inputs["permissions"] as { principal: string; actions: string[] }[];
        expect(
          permissions.map(({ principal }) => principal),
          id,
        ).to.deep.equal([group]);
        expect(
          permissions.flatMap(({ actions }) => actions).filter((action) => /:(Update|Delete)/.test(action)),
          id,
        ).to.deep.equal([]);
      }
    }
    expect(declaredIn(graph).Permissions).to.deep.equal(
      [group, user].map((Principal) => ({
        Principal,
        Actions: ["quicksight:DescribeDashboard", "quicksight:ListDashboardVersions", "quicksight:QueryDashboard"],
      })),
    );
  });

  it("shows its data sets in its theme, tagged", () => {
    const { Definition, ThemeArn, Tags } = declaredIn(graph);
    const arns = resourcesOf(graph, dashboardTypes.dataSet).map(({ outputs }) => String(outputs["arn"]));
    expect(Definition.DataSetIdentifierDeclarations.map(({ DataSetArn }) => DataSetArn).sort()).to.deep.equal(
      arns.sort(),
    );
    expect(ThemeArn).to.equal("arn:aws:quicksight:us-east-1:123456789012:theme/metercast-dev-dark");
    expect(Tags).to.deep.include({ Key: "metercast:environment", Value: "dev" });
  });

  it("makes a data set of each SQL, with the types of its columns and a declared logical table", () => {
    for (const { inputs, id } of resourcesOf(graph, dashboardTypes.dataSet)) {
      expect(inputs["importMode"], id).to.equal("SPICE");
      expect(inputs, id).to.have.nested.property("physicalTableMaps[0].customSql.columns[0].type").that.is.a("string");
      expect(inputs, id).to.have.nested.property("logicalTableMaps[0].source.physicalTableId", "rows");
      expect(inputs, id).not.to.have.property("refreshProperties");
    }
  });

  it("hands out URLs for its own users and its own pages, to whom its policy lets ask", () => {
    const [statement] = statementsOf(graph, "metercast-dev-embed-url").filter(({ Sid }) => Sid === "EmbedForUsers");
    expect(statement).to.deep.include({
      Action: ["quicksight:GenerateEmbedUrlForRegisteredUser"],
      Resource: ["arn:aws:quicksight:us-west-2:123456789012:user/default/*"],
      Condition: {
        "ForAllValues:StringEquals": {
          "quicksight:AllowedEmbeddingDomains": ["https://energy.example.com", "https://*.example.org"],
        },
      },
    });
    const [url] = resourcesOf(graph, dashboardTypes.functionUrl);
    expect(url?.inputs).to.deep.include({ authorizationType: "AWS_IAM", functionName: "metercast-dev-embed-url" });
    const lambda = resource(graph, types.function, "metercast-dev-embed-url");
    expect(lambda.inputs).to.have.nested.property("environment.variables").that.deep.equals({
      ACCOUNT_ID: "123456789012",
      DASHBOARD_ID: "metercast-dev",
      USER_ARN_PREFIX: "arn:aws:quicksight:us-west-2:123456789012:user/default/",
      EMBED_DOMAINS: "https://energy.example.com,https://*.example.org",
    });
    const callers = resource(graph, dashboardTypes.policy, "metercast-dev-embed-url-callers");
    const { Statement } = JSON.parse(String(callers.inputs["policy"])) as { Statement: { Resource: string[] }[] };
    expect(new Set(Statement.flatMap(({ Resource }) => Resource))).to.deep.equal(new Set([lambda.outputs["arn"]]));
  });

  it("sends the digest each day at its time, from its own address", () => {
    const schedule = resource(graph, dashboardTypes.schedule, "metercast-dev-digest");
    expect(schedule.inputs).to.deep.include({
      scheduleExpression: "cron(30 7 * * ? *)",
      scheduleExpressionTimezone: "America/New_York",
    });
    const [send] = statementsOf(graph, "metercast-dev-digest").filter(({ Sid }) => Sid === "Send");
    expect(send).to.deep.include({
      Action: ["ses:SendEmail"],
      Condition: { StringEquals: { "ses:FromAddress": "energy@example.com" } },
    });
    const [identity] = resourcesOf(graph, dashboardTypes.identity);
    expect(identity?.inputs["emailIdentity"]).to.equal("energy@example.com");
    expect(resource(graph, types.logGroup, "/aws/lambda/metercast-dev-digest").inputs["retentionInDays"]).to.equal(30);
  });

  it("has each data set refreshed by the machine that predicts, which may do no more than that with QuickSight", () => {
    const machine = resource(graph, types.stateMachine, "metercast-dev-inference");
    const { States } = JSON.parse(String(machine.inputs["definition"])) as {
      States: Record<string, { Result?: unknown; Next?: string }>;
    };
    const ids = resourcesOf(graph, dashboardTypes.dataSet).map(({ inputs }) => String(inputs["dataSetId"]));
    expect(States["Data sets of the dashboard"]?.Result).to.have.deep.members(
      ids.map((id) => ({ id, type: "FULL_REFRESH" })),
    );
    expect(States["Refresh dashboard"]?.Next).to.equal("Drifted?");
    const statements = statementsOf(graph, "metercast-dev-inference-machine");
    const [refresh, ...others] = statements.filter(({ Action }) => Action.some((one) => one.startsWith("quicksight:")));
    expect(others).to.deep.equal([]);
    expect(refresh?.Action).to.deep.equal(["quicksight:CreateIngestion", "quicksight:DescribeIngestion"]);
    expect(refresh?.Resource).to.have.members(
      ids.map((id) => `arn:aws:quicksight:us-east-1:123456789012:dataset/${id}/ingestion/*`),
    );
    expect(JSON.stringify(statementsOf(graph, "metercast-dev-datasets-machine"))).not.to.include("quicksight");
  });

  it("says where it is", () => {
    expect(graph.outputs["dashboard"]).to.deep.include({
      id: "metercast-dev",
      url: "https://us-east-1.quicksight.aws.amazon.com/sn/dashboards/metercast-dev",
    });
    expect(graph.outputs)
      .to.have.nested.property("dashboard.embedding.callerPolicy")
      .that.contains("embed-url-callers");
    expect(graph.outputs).to.have.nested.property("dashboard.digest.function", "metercast-dev-digest");
  });
});

describe("An environment with a dashboard that many runs refresh", () => {
  it("refreshes a part of what has times, and asks the rest directly", async function () {
    this.timeout(60_000);
    const rest = { ...dashboard };
    delete rest.digest;
    const { graph } = await evaluate({ ...dev, dashboard: { ...rest, refresh: "incremental", embedDomains: [] } });
    const modes = resourcesOf(graph, dashboardTypes.dataSet).map(({ name, inputs }) => [
      name,
      inputs["importMode"],
      inputs["refreshProperties"] !== undefined,
    ]);
    expect(modes).to.deep.include.members([
      ["dashboard-use_by_day", "SPICE", true],
      ["dashboard-meters", "DIRECT_QUERY", false],
    ]);
    for (const type of [dashboardTypes.functionUrl, dashboardTypes.identity, dashboardTypes.policy]) {
      expect(resourcesOf(graph, type), type).to.deep.equal([]);
    }
    expect(graph.outputs["dashboard"]).to.deep.include({ embedding: null, digest: null });
  });
});

describe("An environment without a dashboard", () => {
  it("has nothing of QuickSight, SES or a function's URL", async function () {
    this.timeout(60_000);
    const without = { ...dev };
    delete without.dashboard;
    const { graph } = await evaluate(without);
    const found = graph.resources.filter(({ type }) => /quicksight|cloudcontrol|sesv2|functionUrl/.test(type));
    expect(found).to.deep.equal([]);
    expect(JSON.stringify(graph)).not.to.match(/quicksight:/);
    expect(graph.outputs["dashboard"]).to.equal(null);
  });
});
