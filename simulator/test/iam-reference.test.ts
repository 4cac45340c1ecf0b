import { evaluate, type Graph, type Resource } from "@metercast/graph";
import { expect } from "chai";
import { assumeRole, calls } from "../permissions/index.ts";
import { contextKeys } from "../permissions/calls.ts";
import { isWildcardOnly, problemsOf, type Named } from "./iam-reference.ts";

interface Statement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  Action: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

interface Declared {
  /** Resource and statement, for a message. */
  where: string;
  effect: "Allow" | "Deny";
  actions: string[];
  resources: string[];
  conditionKeys: string[];
}

/** Actions whose only resources are of another use of theirs. */
const withoutOwnResource = new Set([
  "cloudwatch:PutMetricData", // data sets are OTLP's; a metric has no ARN
]);

const place = { region: "us-east-1", accountId: "123456789012" };

/** Where programs have policies: the input that holds one, and what it is about where its statements do not say. */
const policies: Record<string, { input: string; about?: (resource: Resource) => string }> = {
  "aws:iam/role:Role": { input: "assumeRolePolicy", about: ({ outputs }) => String(outputs["arn"]) },
  "aws:iam/rolePolicy:RolePolicy": { input: "policy" },
  "aws:iot/policy:Policy": { input: "policy" },
  "aws:s3/bucketPolicy:BucketPolicy": { input: "policy" },
};

function statementsOf(graph: Graph): Declared[] {
  return graph.resources.flatMap((resource) => {
    const policy = policies[resource.type];
    if (!policy) return [];
    const document = JSON.parse(String(resource.inputs[policy.input])) as { Statement: Statement[] };
    return document.Statement.map((statement, index) => ({
      where: `${graph.stack}: ${resource.type} ${resource.name}, statement ${statement.Sid ?? index}`,
      effect: statement.Effect,
      actions: [statement.Action].flat(),
      resources: [statement.Resource ?? policy.about?.(resource) ?? []].flat(),
      conditionKeys: Object.values(statement.Condition ?? {}).flatMap((keys) => Object.keys(keys)),
    }));
  });
}

describe("the declared policies, by AWS's service authorization reference,", () => {
  let declared: Declared[];

  before(async () => {
    const evaluations = [await evaluate("dev"), await evaluate("prod")];
    declared = evaluations.flatMap(({ graph }) => statementsOf(graph));
  });

  it("are found", () => {
    for (const environment of ["dev", "prod"]) {
      for (const type of Object.keys(policies)) {
        expect(
          declared.some(({ where }) => where.startsWith(`${environment}: ${type} `)),
          `${environment}: ${type}`,
        ).to.equal(true);
      }
    }
  });

  it("allow actions that there are, on resources that they are about, by condition keys that they have", async () => {
    const problems: string[] = [];
    for (const { where, effect, ...statement } of declared) {
      if (effect === "Deny") continue;
      for (const problem of await problemsOf(statement)) problems.push(`${where}: ${problem}`);
    }
    expect(problems).to.deep.equal([]);
  });

  it("allow no action by a wildcard, and no resource by `*` where AWS offers one to name", async () => {
    for (const { where, effect, actions, resources } of declared) {
      if (effect === "Deny") continue;
      expect(actions.join(), where).not.to.match(/[*?]/);
      if (!resources.includes("*")) continue;
      for (const action of actions.filter((one) => !withoutOwnResource.has(one))) {
        expect(await isWildcardOnly(action), `${where}: ${action} on *`).to.equal(true);
      }
    }
  });
});

describe("the table of calls, by AWS's service authorization reference,", () => {
  /** Something to call, for any row. */
  const target = {
    bucket: "lake",
    database: "db",
    from: "energy@example.com",
    functionArn: "arn:aws:lambda:us-east-1:123456789012:function:f:1",
    identity: "energy@example.com",
    job: "j",
    key: "readings/a",
    logGroup: "/aws/lambda/f",
    logStream: "s",
    machineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m",
    passedRoleArn: "arn:aws:iam::123456789012:role/r",
    prefix: "readings/",
    queueArn: "arn:aws:sqs:us-east-1:123456789012:q",
    repository: "model",
    stream: "readings",
    table: "rows",
    to: "sagemaker.amazonaws.com",
    topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
    workgroup: "w",
  };

  for (const [name, call] of Object.entries(calls)) {
    it(`asks in ${name} for actions on what they are about`, async () => {
      const { actions, resources } = call as (typeof calls)["rulePutsRecord"];
      expect(await problemsOf({ actions, resources: resources(target, place) })).to.deep.equal([]);
    });
  }

  it("knows condition keys that a call has", async () => {
    const role = ["arn:aws:iam::123456789012:role/r"];
    const special: Record<string, Named> = {
      "cloudwatch:namespace": { actions: ["cloudwatch:PutMetricData"], resources: ["*"] },
      "iam:passedtoservice": { actions: ["iam:PassRole"], resources: role },
      "s3:prefix": { actions: ["s3:ListBucket"], resources: ["arn:aws:s3:::lake"] },
      "ses:fromaddress": {
        actions: ["ses:SendEmail"],
        resources: ["arn:aws:ses:us-east-1:123456789012:identity/energy@example.com"],
      },
    };
    for (const key of contextKeys) {
      const asked = special[key] ?? { actions: [assumeRole.action], resources: role };
      expect(await problemsOf({ ...asked, conditionKeys: [key] })).to.deep.equal([]);
    }
  });
});
