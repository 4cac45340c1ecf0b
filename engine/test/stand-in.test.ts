import { runtime } from "@pulumi/pulumi";
import { expect } from "chai";
import { checkInputs, created, updated } from "../stand-in/resources.ts";
import { settled } from "../stand-in/wire.ts";

const region = "eu-west-1";

function urn(type: string, name = "it"): string {
  return `urn:pulumi:dev::metercast::metercast:test:Component$${type}::${name}`;
}

const rule = urn("aws:iot/topicRule:TopicRule", "steam");
const transform = urn("aws:lambda/function:Function", "transform");

describe("The stand-in for the AWS provider", () => {
  it("refuses a property that the type does not have, deep in a resource, and says where", () => {
    const firehose = { deliveryStreamName: "readings", roleArn: "arn", seperator: "\n" };
    const sent = { enabled: true, sql: "SELECT * FROM 'a'", sqlVersion: "2016-03-23", errorAction: { firehose } };
    expect(checkInputs(rule, sent)).to.deep.equal([
      {
        property: "errorAction.firehose.seperator",
        reason:
          "aws:iot/topicRule:TopicRule::steam: errorAction.firehose.seperator: no such property; did you mean separator? " +
          "(there are: batchMode, deliveryStreamName, roleArn, separator)",
      },
    ]);
  });

  it("takes what is not known yet for any kind of value, and a secret or an output for what is in it", () => {
    const mark = runtime.specialSigKey;
    const sent = {
      enabled: runtime.unknownValue,
      sql: { [mark]: runtime.specialOutputValueSig, value: "SELECT * FROM 'a'" },
      sqlVersion: { [mark]: runtime.specialSecretSig, value: "2016-03-23" },
    };
    expect(checkInputs(rule, sent)).to.deep.equal([]);
    const number = { [mark]: runtime.specialOutputValueSig, value: 3 };
    expect(checkInputs(rule, { ...sent, sql: number })).to.have.nested.property("[0].property", "sql");
    expect(settled({ list: [{ [mark]: runtime.specialOutputValueSig }] })).to.deep.equal({ list: [null] });
  });

  it("answers with the id, the ARN and the names that AWS would give, beside what was sent", () => {
    const sent = { enabled: true, name: "metercast_dev_steam", sql: "SELECT 1", sqlVersion: "2016-03-23" };
    expect(created(rule, sent, region)).to.deep.equal({
      id: "metercast_dev_steam",
      outs: {
        ...sent,
        arn: "arn:aws:iot:eu-west-1:123456789012:rule/metercast_dev_steam",
        region,
        tagsAll: {},
      },
    });
  });

  it("publishes the next version of a function with each change, where versions are asked for", () => {
    const sent = { name: "transform", role: "arn", publish: true };
    const { outs } = created(transform, sent, region) as { outs: Record<string, unknown> };
    expect(outs["version"]).to.equal("1");
    expect(updated(transform, { ...outs, version: "9" }, { ...sent, timeout: 60 }, region)).to.deep.include({
      outs: {
        ...outs,
        timeout: 60,
        version: "10",
        qualifiedArn: "arn:aws:lambda:eu-west-1:123456789012:function:transform:10",
      },
    });
    const unpublished = { name: "transform", role: "arn" };
    expect(updated(transform, { version: "$LATEST" }, unpublished, region)).to.have.nested.property(
      "outs.version",
      "$LATEST",
    );
  });
});
