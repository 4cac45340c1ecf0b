import { expect } from "chai";
import { evaluate, type Graph, type Resource } from "../../graph/index.ts";
import { comparable, template } from "../validators/cfn-lint.ts";
import { checkStreams } from "../validators/firehose-rules.ts";
import { MappingError } from "../validators/mapping.ts";
import { policiesOf } from "../validators/policies.ts";

const streamType = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream";

function resource(type: string, inputs: Record<string, unknown>): Resource {
  return {
    id: "it",
    type,
    name: "it",
    parent: null,
    component: false,
    protect: false,
    inputs,
    outputs: {},
    references: [],
  };
}

/** The rules that a delivery stream with these properties breaks. */
function broken(extendedS3Configuration: Record<string, unknown>): string[] {
  return checkStreams({ resources: [resource(streamType, { extendedS3Configuration })] }).map(({ rule }) => rule);
}

describe("The project's environments", () => {
  const graphs = new Map<string, Graph>();
  before(async () => {
    for (const name of ["dev", "prod"]) graphs.set(name, (await evaluate(name)).graph);
  });

  it("declare no delivery stream that Firehose would refuse", () => {
    for (const [name, graph] of graphs) {
      expect(
        graph.resources.filter(({ type }) => type === streamType),
        name,
      ).to.have.length(3);
      expect(checkStreams(graph), name).to.deep.equal([]);
    }
  });

  it("have a place in CloudFormation for every property of what is compared", () => {
    for (const [name, graph] of graphs) {
      const resources = comparable(graph);
      expect(Object.keys((template(resources) as { Resources: object }).Resources), name).to.have.length(
        resources.length,
      );
    }
  });

  it("have a policy and a trust policy for every role, one for the bucket and one for the things", () => {
    for (const [name, graph] of graphs) {
      const roles = graph.resources.filter(({ type }) => type === "aws:iam/role:Role").length;
      const kinds = Object.groupBy(policiesOf(graph), ({ kind }) => kind);
      expect(kinds.trust, name).to.have.length(roles);
      expect(kinds.device, name).to.have.length(1);
      expect(kinds.access?.length, name).to.be.at.least(roles + 1);
    }
  });
});

describe("A delivery stream", () => {
  const conversion = { dataFormatConversionConfiguration: {} };

  it("that converts to Parquet buffers 64 MB or more, uncompressed", () => {
    expect(broken({ ...conversion, bufferingSize: 64, compressionFormat: "UNCOMPRESSED" })).to.deep.equal([]);
    expect(broken({ ...conversion, bufferingSize: 63 })).to.deep.equal(["CONVERSION_BUFFER"]);
    expect(broken(conversion)).to.deep.equal(["CONVERSION_BUFFER"]);
    expect(broken({ ...conversion, bufferingSize: 64, compressionFormat: "GZIP" })).to.deep.equal([
      "CONVERSION_COMPRESSION",
    ]);
  });

  it("that converts nothing may buffer less, and compress", () => {
    expect(broken({ bufferingSize: 1, compressionFormat: "GZIP" })).to.deep.equal([]);
    expect(broken({ dataFormatConversionConfiguration: { enabled: false }, bufferingSize: 1 })).to.deep.equal([]);
  });

  it("says of what kind an error is when its error prefix has an expression", () => {
    const dated = "a/!{timestamp:yyyy}/";
    expect(broken({ prefix: dated, errorOutputPrefix: "errors/!{firehose:error-output-type}/" })).to.deep.equal([]);
    expect(broken({ prefix: dated, errorOutputPrefix: "errors/" })).to.deep.equal([]);
    expect(broken({ prefix: "a/", errorOutputPrefix: dated })).to.deep.equal(["ERROR_PREFIX"]);
  });

  it("has an error prefix where its prefix has an expression, and for its backup", () => {
    expect(broken({ prefix: "a/!{timestamp:yyyy}/" })).to.deep.equal(["ERROR_PREFIX"]);
    expect(broken({ s3BackupMode: "Enabled", s3BackupConfiguration: { prefix: "channel/" } })).to.deep.equal([
      "ERROR_PREFIX",
    ]);
  });
});

describe("A resource's counterpart in CloudFormation", () => {
  const propertiesOf = (one: Resource): unknown =>
    (template([one]) as { Resources: { R0: { Properties: unknown } } }).Resources.R0.Properties;

  it("has its properties under their names there, lists, tags and nested objects too", () => {
    const rule = resource("aws:iot/topicRule:TopicRule", {
      name: "steam",
      enabled: true,
      sql: "SELECT * FROM 'a'",
      firehoses: [{ deliveryStreamName: "readings", roleArn: "arn", batchMode: false }],
      tags: { "metercast:environment": "dev" },
    });
    expect(propertiesOf(rule)).to.deep.equal({
      RuleName: "steam",
      TopicRulePayload: {
        RuleDisabled: false,
        Sql: "SELECT * FROM 'a'",
        Actions: [{ Firehose: { DeliveryStreamName: "readings", RoleArn: "arn", BatchMode: false } }],
      },
      Tags: [{ Key: "metercast:environment", Value: "dev" }],
    });
  });

  it("is what Cloud Control is to make, where that makes it", () => {
    const state = { AwsAccountId: "123456789012", DashboardId: "energy", Name: "Energy" };
    const inputs = { typeName: "AWS::QuickSight::Dashboard", desiredState: JSON.stringify(state) };
    const declared = resource("aws:cloudcontrol/resource:Resource", inputs);
    expect(comparable({ resources: [declared] })).to.deep.equal([declared]);
    expect(template([declared])).to.deep.include({ Resources: { R0: { Type: inputs.typeName, Properties: state } } });
  });

  it("is refused when nobody has decided where a property belongs, since it would go unchecked", () => {
    const rule = resource("aws:iot/topicRule:TopicRule", { firehoses: [{ rolArn: "arn" }] });
    expect(() => propertiesOf(rule)).to.throw(MappingError, /nobody has decided where "rolArn" belongs/);
  });
});
