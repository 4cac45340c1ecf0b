import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { check } from "../check.ts";
import type { Graph } from "../graph.ts";
import { graphOf, Store } from "./programs.ts";
import { graphOf as graphOfResources, resource } from "./resources.ts";

/** A graph of one resource, as a program gives it that casts its arguments. */
function graphWith(type: string, inputs: Record<string, unknown>): Graph {
  return graphOfResources(resource(type, "it", inputs));
}

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";
const ruleType = "aws:iot/topicRule:TopicRule";
const rule = { enabled: true, sql: "SELECT * FROM 'a'", sqlVersion: "2016-03-23" };

function messages(type: string, inputs: Record<string, unknown>): string[] {
  return check(graphWith(type, inputs)).map(({ message }) => message);
}

describe("the check of a graph", () => {
  it("passes what a program declares properly: components, maps, lists, assets, policies, secrets, settings of a provider", async () => {
    const graph = await graphOf(() => {
      const provider = new aws.Provider("aws", { region: "us-east-1", defaultTags: { tags: { stage: "dev" } } });
      const role = new aws.iam.Role("role", {
        assumeRolePolicy: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: "*" }],
        },
      });
      new Store("lake", { days: 14, owner: role }, { provider });
      new aws.lambda.Function("transform", {
        role: role.arn,
        runtime: aws.lambda.Runtime.NodeJS24dX,
        code: new pulumi.asset.AssetArchive({ "index.mjs": new pulumi.asset.StringAsset("export {}") }),
        environment: { variables: { STREAM: "left_out", PASSWORD: pulumi.secret("hunter2") } },
        tags: { stage: "dev" },
      });
      new aws.iot.TopicRule("rule", {
        ...rule,
        firehoses: [{ deliveryStreamName: "readings", roleArn: role.arn, separator: "\n" }],
      });
      return {};
    });
    expect(check(graph)).to.deep.equal([]);
  });

  it("rejects a property that the type does not have, deep in lists, with the nearest one and all that there are", () => {
    const parameters = [{ parameterName: "LambdaArn", parameterValue: "arn", size: "MB" }];
    const problems = check(
      graphWith(streamType, {
        destination: "extended_s3",
        extendedS3Configuration: {
          bucketArn: "arn",
          roleArn: "arn",
          processingConfiguration: { enabled: true, processors: [{ type: "Lambda", parameters: [...parameters] }] },
        },
      }),
    );
    expect(problems).to.deep.equal([
      {
        resource: `${streamType}::it`,
        path: "extendedS3Configuration.processingConfiguration.processors[0].parameters[0].size",
        message:
          `${streamType}::it: extendedS3Configuration.processingConfiguration.processors[0].parameters[0].size: ` +
          `no such property (there are: parameterName, parameterValue)`,
      },
    ]);
  });

  it("names the nearest property, and what is required and missing", () => {
    expect(
      messages(ruleType, { ...rule, firehoses: [{ deliveryStreamName: "readings", rolArn: "arn" }] }),
    ).to.deep.equal([
      `${ruleType}::it: firehoses[0].rolArn: no such property; did you mean roleArn? ` +
        `(there are: batchMode, deliveryStreamName, roleArn, separator)`,
      `${ruleType}::it: firehoses[0].roleArn: required, and missing`,
    ]);
  });

  it("rejects a value of another kind: a list for an object, a text for a number, an object for a text", () => {
    const configuration = { bucketArn: "arn", roleArn: { arn: "arn" }, bufferingSize: "64" };
    expect(messages(streamType, { destination: "extended_s3", extendedS3Configuration: configuration })).to.deep.equal([
      `${streamType}::it: extendedS3Configuration.roleArn: must be a text, it is an object`,
      `${streamType}::it: extendedS3Configuration.bufferingSize: must be a number, it is a text`,
    ]);
    expect(messages(ruleType, { ...rule, errorAction: [] })).to.deep.equal([
      `${ruleType}::it: errorAction: must be an object, it is a list`,
    ]);
  });

  it("looks into maps, and into the objects that may stand for a text", () => {
    expect(messages("aws:iot/thing:Thing", { attributes: { floors: 3 } })).to.deep.equal([
      `aws:iot/thing:Thing::it: attributes["floors"]: must be a text, it is a number`,
    ]);
    const statement = { Effect: "Allow", Action: "sts:AssumeRole", Ressource: "*" };
    expect(
      messages("aws:iam/role:Role", { assumeRolePolicy: { Version: "2012-10-17", Statement: [statement] } }),
    ).to.satisfy(
      ([message, ...more]: string[]) =>
        more.length === 0 &&
        message?.includes("assumeRolePolicy.Statement[0].Ressource: no such property; did you mean Resource?"),
    );
  });

  it("rejects a type that @pulumi/aws does not have", () => {
    expect(messages("aws:iot/topicRuler:TopicRuler", {})).to.deep.equal([
      "aws:iot/topicRuler:TopicRuler::it: @pulumi/aws has no resource type aws:iot/topicRuler:TopicRuler",
    ]);
  });
});
