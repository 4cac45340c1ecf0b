import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { TagDecisionError, environmentTags, tagging, takesTags } from "../naming/tags.ts";

class Nothing extends pulumi.ComponentResource {}

/** What the transformation makes of a resource's properties; undefined when it leaves them alone. */
async function tagged(type: string, props: Record<string, unknown>): Promise<unknown> {
  await pulumi.runtime.setMocks({ call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) });
  const resource = new Nothing("metercast:test:Nothing", "nothing");
  const result = tagging({ team: "grid" })({ resource, type, name: "one", props, opts: {} });
  if (result === undefined) return undefined;
  const all = result.props as { tags: pulumi.Input<Record<string, string>> };
  return new Promise((resolve) => {
    pulumi.output(all.tags).apply(resolve);
  });
}

describe("Tags", () => {
  it("are the team's and the environment's name, which the team's cannot replace", () => {
    const tags = { "team": "grid", "metercast:environment": "other" };
    expect(environmentTags({ name: "dev", tags })).to.deep.equal({ "team": "grid", "metercast:environment": "dev" });
  });

  it("are put on a resource that takes them, beside its own, which win", async () => {
    const type = "aws:s3/bucket:Bucket";
    expect(await tagged(type, {})).to.deep.equal({ team: "grid" });
    expect(await tagged(type, { tags: { kind: "raw" } })).to.deep.equal({ team: "grid", kind: "raw" });
    expect(await tagged(type, { tags: pulumi.output({ team: "own" }) })).to.deep.equal({ team: "own" });
  });

  it("are not put on what takes none", async () => {
    expect(await tagged("aws:iot/thing:Thing", {})).to.equal(undefined);
    expect(await tagged("aws:s3/bucketObjectv2:BucketObjectv2", {})).to.equal(undefined);
    expect(await tagged("metercast:lake:DataLake", {})).to.equal(undefined);
    expect(await tagged("pulumi:providers:aws", {})).to.equal(undefined);
  });

  it("are an error for a type about which nobody has decided", () => {
    expect(() => takesTags("aws:ec2/vpc:Vpc", "orders")).to.throw(
      TagDecisionError,
      /"orders" is an aws:ec2\/vpc:Vpc, and nobody has decided whether that takes tags/,
    );
  });
});
