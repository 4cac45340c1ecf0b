import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { collectRejections } from "../rejections.ts";
import { failureOf, graphOf, Store } from "./programs.ts";

// The arguments that TypeScript would refuse, as a file of a team's own may pass them.
const nothing = {} as aws.lambda.FunctionArgs;

describe("a program that fails is one error", () => {
  it("for a missing required argument: type, name, argument and place", async () => {
    const error = await failureOf(() => {
      new aws.lambda.Function("transform", nothing);
      return {};
    });
    expect(error.message).to.match(
      /^aws:lambda\/function:Function "transform": Missing required property 'role' \(graph\/test\/failures\.test\.ts:\d+:\d+\)$/,
    );
    expect(error).to.include({ type: "aws:lambda/function:Function", resource: "transform" });
  });

  it("for a type that nobody has decided about", async () => {
    const error = await failureOf(() => {
      new aws.ec2.Vpc("network", {});
      return {};
    });
    expect(error.message).to.match(
      /^aws:ec2\/vpc:Vpc "network": nobody has decided .* add its id and outputs to graph\/outputs\.ts/,
    );
  });

  it("for an output that nobody supplies, at the place that reads it; one that AWS may leave out is undefined", async () => {
    const error = await failureOf(() => {
      const bucket = new aws.s3.Bucket("files");
      return { url: pulumi.interpolate`http://${bucket.websiteEndpoint}` };
    });
    expect(error.message).to.match(
      /^aws:s3\/bucket:Bucket "files": nobody supplies its output "websiteEndpoint".*failures\.test\.ts/,
    );
    const graph = await graphOf(() => {
      const bucket = new aws.s3.Bucket("files");
      return { tags: bucket.tags.apply((tags) => JSON.stringify(tags ?? "none")) };
    });
    expect(graph.outputs).to.deep.equal({ tags: '"none"' });
  });

  it("for an apply that throws: the resource that waits for it", async () => {
    const error = await failureOf(() => {
      const { bucket } = new Store("lake", { days: 1 });
      const target = bucket.arn.apply((): string => {
        throw new Error("no such luck");
      });
      new aws.s3.BucketLogging("log", { bucket: bucket.id, targetBucket: target, targetPrefix: "log/" });
      return { target };
    });
    expect(error.message).to.match(
      /^aws:s3\/bucketLogging:BucketLogging "log": .*no such luck \(graph\/test\/failures/,
    );
  });

  it("for a resource inside apply", async () => {
    const error = await failureOf(() => {
      new aws.s3.Bucket("files").arn.apply(() => new aws.ec2.Vpc("network", {}));
      return {};
    });
    expect(error).to.include({ type: "aws:ec2/vpc:Vpc", resource: "network" });
  });

  it("for a file that cannot be read, a resource declared twice, one of an account, and transforms that only the engine runs", async () => {
    const code = new pulumi.asset.FileAsset("no-such-file.zip");
    const errors = [
      await failureOf(() => ({ function: new aws.lambda.Function("f", { role: "arn", code }).id })),
      await failureOf(() => ({ ids: [new aws.s3.Bucket("files").id, new aws.s3.Bucket("files").id] })),
      await failureOf(() => ({ id: aws.s3.Bucket.get("files", "their-bucket").id })),
      await failureOf(() => ({ id: new aws.s3.Bucket("files", {}, { transforms: [() => undefined] }).id })),
    ];
    expect(errors.map(({ message }) => message)).to.satisfy((messages: string[]) =>
      [
        /"f": cannot read .*no-such-file\.zip/,
        /"files" is declared twice/,
        /reads an existing resource \(their-bucket\)/,
        /use transformations/,
      ].every((expected, index) => expected.test(messages[index] ?? "")),
    );
  });

  it("for a call that nobody has decided about", async () => {
    const error = await failureOf(async () => ({ zones: await aws.getAvailabilityZones({}) }));
    expect(error.message).to.match(/calls aws:index\/getAvailabilityZones:getAvailabilityZones.*graph\/invokes\.ts/);
  });

  it("for whatever the program throws itself", async () => {
    const error = await failureOf(() => {
      throw new Error("a city without a clock");
    });
    expect(error.message).to.match(/^a city without a clock \(graph\/test\/failures\.test\.ts:\d+:\d+\)$/);
  });

  it("for a registration that Pulumi's runtime breaks off without an end", async () => {
    const source = new pulumi.asset.StringAsset("");
    const error = await failureOf(() => ({ id: new aws.s3.BucketObjectv2("file", { bucket: "files", source }).id }));
    expect(error.message).to.match(/"file": an asset with an empty text/);
  });

  it("and the next evaluation is none the worse", async () => {
    await failureOf(() => ({ id: new aws.ec2.Vpc("network", {}).id }));
    const graph = await graphOf(() => ({ bucket: new aws.s3.Bucket("files", { bucket: "files" }).bucket }));
    expect(graph.outputs).to.deep.equal({ bucket: "files" });
  });
});

describe("rejections during an evaluation", () => {
  it("of the program are collected, and those from elsewhere go where they went before", async () => {
    const [elsewhere, failures]: [unknown[], unknown[]] = [[], []];
    const before = process.listeners("unhandledRejection");
    process.removeAllListeners("unhandledRejection");
    process.on("unhandledRejection", (reason) => elsewhere.push(reason));
    let start = (): void => undefined;
    const started = new Promise<void>((resolve) => (start = resolve));
    const outside = started.then(() => void Promise.reject(new Error("outside")));
    try {
      await collectRejections(failures, async () => {
        void Promise.reject(new Error("inside"));
        start();
        await Promise.resolve();
      });
      await outside;
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const listener of before) process.on("unhandledRejection", listener);
    }
    expect(failures.map(String)).to.deep.equal(["Error: inside"]);
    expect(elsewhere.map(String)).to.deep.equal(["Error: outside"]);
  });
});
