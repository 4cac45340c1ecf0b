import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as aws from "@pulumi/aws";
import * as awsx from "@pulumi/awsx";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { knownRemoteTypes, remoteOutputNames } from "../remote-components.ts";
import { failureOf, graphOf, resourceNamed } from "./programs.ts";

const model = fileURLToPath(new URL("../../model", import.meta.url));

/** A repository and an image in it, whose address a parameter takes up. */
function images(context: string, imageTag: string) {
  return () => {
    const repository = new awsx.ecr.Repository("files", { name: "files" });
    const image = new awsx.ecr.Image("predict", { repositoryUrl: repository.url, context, imageTag });
    new aws.s3.Bucket("bucket", { bucket: "b", tags: { image: image.imageUri } });
    return { image: image.imageUri };
  };
}

const imageOf = async (context: string, tag: string) => String((await graphOf(images(context, tag))).outputs["image"]);

describe("A component that its provider makes", () => {
  it("gives what depends on it its outputs", async () => {
    const graph = await graphOf(images(model, "1"));
    const url = "123456789012.dkr.ecr.us-east-1.amazonaws.com/files";
    expect(resourceNamed(graph, "files")).to.deep.include({ component: true, outputs: { url } });
    const { imageUri } = resourceNamed(graph, "predict").outputs;
    expect(imageUri).to.match(new RegExp(`^${url}@sha256:[0-9a-f]{64}$`));
    expect(resourceNamed(graph, "bucket").inputs["tags"]).to.deep.equal({ image: imageUri });
  });

  it("is named by what it is made of: another tag gives another image", async () => {
    expect(await imageOf(model, "1")).to.equal(await imageOf(model, "1"));
    expect(await imageOf(model, "1")).to.not.equal(await imageOf(model, "2"));
  });

  it("has its paths from the project's folder on, wherever that is and however they are written", async () => {
    for (const context of [model, relative(process.cwd(), model), `${relative(process.cwd(), model)}/`]) {
      expect(resourceNamed(await graphOf(images(context, "1")), "predict").inputs["context"]).to.equal("model");
    }
  });

  it("is an error where nobody has decided what it gives back", async () => {
    class Unknown extends pulumi.ComponentResource {
      constructor(name: string) {
        super("awsx:ec2:Vpc", name, {}, {}, true);
      }
    }
    const failure = await failureOf(() => ({ vpc: new Unknown("network").urn }));
    expect(failure).to.include({ type: "awsx:ec2:Vpc", resource: "network" });
    expect(failure.message).to.match(/nobody has decided what this component gives back.*graph\/remote-components\.ts/);
  });

  for (const type of knownRemoteTypes) {
    it(`gives back what ${type} declares`, () => {
      const [, module = "", name = ""] = type.split(":");
      const file = `../../node_modules/@pulumi/awsx/${module}/${name.toLowerCase()}.d.ts`;
      const text = readFileSync(new URL(file, import.meta.url), "utf8");
      for (const output of remoteOutputNames(type))
        expect(text).to.contain(`readonly ${output}: pulumi.Output<string>;`);
    });
  }
});
