import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { evaluateProgram } from "../evaluate-program.ts";
import { stringify } from "../stringify.ts";
import { graphOf, resourceNamed, Store } from "./programs.ts";

const trust = JSON.stringify({ Statement: [] });

function sha256(content: string): string {
  return createHash("sha256").update(content).digest("hex");
}

describe("a program's graph", () => {
  it("has every resource, those made inside apply too, under its parent", async () => {
    const graph = await graphOf(() => {
      new Store("lake", { days: 14 });
      return {};
    });
    expect(graph.resources.map(({ id, parent, component }) => ({ id, parent, component }))).to.deep.equal([
      { id: "test:store:Store::lake", parent: null, component: true },
      {
        id: "test:store:Store::lake/aws:s3/bucket:Bucket::lake-files",
        parent: "test:store:Store::lake",
        component: false,
      },
      {
        id: "test:store:Store::lake/aws:s3/bucketPolicy:BucketPolicy::lake-policy",
        parent: "test:store:Store::lake",
        component: false,
      },
    ]);
  });

  it("keeps apart two resources of one name under parents of one type below different components", async () => {
    class Outer extends pulumi.ComponentResource {
      constructor(type: string, name: string) {
        super(`test:outer:${type}`, name, {});
        new Store("same", { days: 1 }, { parent: this });
        this.registerOutputs({});
      }
    }
    const graph = await graphOf(() => {
      new Outer("One", "one");
      new Outer("Two", "two");
      return {};
    });
    const buckets = graph.resources.filter(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(buckets.map(({ parent }) => parent)).to.deep.equal([
      "test:outer:One::one/test:store:Store::same",
      "test:outer:Two::two/test:store:Store::same",
    ]);
    expect(new Set(buckets.map(({ outputs }) => outputs["bucket"]))).to.have.lengthOf(2);
  });

  it("has inputs resolved and outputs as AWS forms them", async () => {
    const graph = await graphOf(() => {
      const role = new aws.iam.Role("role", { name: "writer", path: "/team/", assumeRolePolicy: trust });
      const bucket = new aws.s3.Bucket("bucket", { bucket: "raw" });
      new aws.kinesis.FirehoseDeliveryStream("stream", {
        name: "readings",
        destination: "extended_s3",
        extendedS3Configuration: { bucketArn: bucket.arn, roleArn: role.arn },
      });
      return {};
    });
    const stream = resourceNamed(graph, "stream");
    expect(stream.inputs["extendedS3Configuration"]).to.deep.equal({
      bucketArn: "arn:aws:s3:::raw",
      roleArn: "arn:aws:iam::123456789012:role/team/writer",
    });
    expect(stream.outputs).to.include({
      arn: "arn:aws:firehose:us-east-1:123456789012:deliverystream/readings",
      id: "arn:aws:firehose:us-east-1:123456789012:deliverystream/readings",
      name: "readings",
      region: "us-east-1",
    });
  });

  it("gives a resource without a name one that is the same in every evaluation", async () => {
    const program = (): Record<string, unknown> => {
      new aws.sqs.Queue("dead-letters");
      return {};
    };
    const first = resourceNamed(await graphOf(program), "dead-letters").outputs["name"];
    expect(first).to.match(/^dead-letters-[0-9a-f]{7}$/);
    expect(resourceNamed(await graphOf(program), "dead-letters").outputs["name"]).to.equal(first);
  });

  it("refers to what the inputs and dependsOn come from, sorted, and not to itself", async () => {
    const graph = await graphOf(() => {
      const role = new aws.iam.Role("role", { assumeRolePolicy: trust });
      const bucket = new aws.s3.Bucket("bucket");
      const log = new aws.cloudwatch.LogGroup("log");
      new aws.iam.RolePolicy(
        "policy",
        { role, policy: pulumi.jsonStringify({ Resource: bucket.arn }) },
        { dependsOn: log },
      );
      return {};
    });
    const policy = resourceNamed(graph, "policy");
    expect(policy.references).to.deep.equal([
      "aws:cloudwatch/logGroup:LogGroup::log",
      "aws:iam/role:Role::role",
      "aws:s3/bucket:Bucket::bucket",
    ]);
    expect(policy.inputs["role"]).to.equal(resourceNamed(graph, "role").outputs["name"]);
  });

  it("shows a resource in a component's arguments as a reference, and what the component registers as its outputs", async () => {
    const graph = await graphOf(() => {
      const owner = new aws.iam.Role("owner", { assumeRolePolicy: trust });
      new Store("lake", { days: pulumi.output(14), owner });
      return {};
    });
    const store = resourceNamed(graph, "lake");
    expect(store.inputs).to.deep.equal({ days: 14, owner: { $resource: "aws:iam/role:Role::owner" } });
    expect(store.outputs).to.deep.equal({ bucket: resourceNamed(graph, "lake-files").outputs["bucket"], days: 14 });
  });

  it("masks secrets in inputs, in what follows from them, in components and in the stack's outputs", async () => {
    const graph = await graphOf(() => {
      const password = pulumi.secret("hunter2");
      const role = new aws.iam.Role("role", { name: pulumi.interpolate`role-${password}`, assumeRolePolicy: trust });
      new aws.lambda.Function("function", { role: role.arn, environment: { variables: { PASSWORD: password } } });
      new aws.s3.Bucket("hidden", { bucket: "hidden" }, { additionalSecretOutputs: ["arn"] });
      return { password, description: pulumi.interpolate`it is ${password}`, plain: "seen" };
    });
    expect(JSON.stringify(graph)).not.to.include("hunter2");
    expect(resourceNamed(graph, "function").inputs["environment"]).to.deep.equal({
      variables: { PASSWORD: "[secret]" },
    });
    expect(resourceNamed(graph, "hidden").outputs["arn"]).to.equal("[secret]");
    expect(graph.outputs).to.deep.equal({ password: "[secret]", description: "[secret]", plain: "seen" });
  });

  it("adds the provider's default tags to tagsAll and takes its region", async () => {
    const graph = await graphOf(() => {
      const provider = new aws.Provider("west", {
        region: "us-west-2",
        defaultTags: { tags: { team: "grid", stage: "dev" } },
      });
      new aws.sns.Topic("alarms", { name: "alarms", tags: { stage: "prod" } }, { provider });
      return {};
    });
    const topic = resourceNamed(graph, "alarms");
    expect(topic.outputs["arn"]).to.equal("arn:aws:sns:us-west-2:123456789012:alarms");
    expect(topic.outputs["tagsAll"]).to.deep.equal({ team: "grid", stage: "prod" });
    expect(topic.references).to.deep.equal([]);
  });

  it("sees what a transformation changes, protection inherited from a parent, and what a function of the provider answers", async () => {
    const graph = await graphOf(() => {
      new Store(
        "lake",
        { days: 1 },
        {
          protect: true,
          transformations: [
            ({ type, props, opts }) =>
              type === "aws:s3/bucket:Bucket" ? { props: { ...props, forceDestroy: true }, opts } : undefined,
          ],
        },
      );
      return { endpoint: aws.iot.getEndpointOutput({ endpointType: "iot:Data-ATS" }).endpointAddress };
    });
    const bucket = resourceNamed(graph, "lake-files");
    expect(bucket.inputs).to.deep.equal({ forceDestroy: true });
    expect(bucket.protect).to.equal(true);
    expect(graph.outputs["endpoint"]).to.match(/^a\w+-ats\.iot\.us-east-1\.amazonaws\.com$/);
  });

  it("is the same text when programs are evaluated again, after another one and at once", async () => {
    const program = (days: number) => () => {
      const store = new Store("lake", { days });
      return { bucket: store.bucket.bucket };
    };
    const texts = await Promise.all(
      [14, 30, 14].map(async (days) => stringify((await evaluateProgram(program(days))).graph)),
    );
    expect(texts[0]).to.equal(texts[2]);
    expect(texts[0]).not.to.equal(texts[1]);
  });
});

describe("the assets of a graph", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "graph-"));
    writeFileSync(join(folder, "a.txt"), "from a file");
  });

  after(() => rmSync(folder, { recursive: true }));

  it("are kept by hash, whether they come as text, file, promise, folder or archive in an archive", async () => {
    const { graph, assets } = await evaluateProgram(() => {
      const code = new pulumi.asset.AssetArchive({
        "index.mjs": new pulumi.asset.StringAsset(Promise.resolve("the handler")),
        "a.txt": new pulumi.asset.FileAsset(join(folder, "a.txt")),
        "all": new pulumi.asset.FileArchive(folder),
      });
      new aws.lambda.Function("function", { role: "arn", code });
      return {};
    });
    expect(resourceNamed(graph, "function").inputs["code"]).to.deep.equal({
      $archive: {
        "index.mjs": { $asset: sha256("the handler") },
        "a.txt": { $asset: sha256("from a file") },
        "all/a.txt": { $asset: sha256("from a file") },
      },
    });
    const contents = [...assets].map(([hash, bytes]) => [hash, new TextDecoder().decode(bytes)]);
    expect(contents).to.have.deep.members([
      [sha256("the handler"), "the handler"],
      [sha256("from a file"), "from a file"],
    ]);
  });
});
