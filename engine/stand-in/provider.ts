import { readFileSync } from "node:fs";
import { join } from "node:path";
import { provider } from "@pulumi/pulumi";
import { awsFolder } from "../../graph/aws-package.ts";
import { answerInvoke } from "../../graph/invokes.ts";
import { constructed } from "./components.ts";
import { checkInputs, created, updated } from "./resources.ts";

/**
 * What the engine starts in place of the AWS provider, and of awsx, whose components it makes without their parts. It checks every property of every resource by @pulumi/aws's own
 * declarations and answers what the graph forms. It knows neither ranges nor enumerations nor what a change replaces.
 */
const region = process.env["AWS_REGION"];
if (region === undefined) throw new Error("AWS_REGION must say for which region the stand-in provider answers");

const standIn: provider.Provider = {
  check: (urn, _, news) => Promise.resolve({ inputs: news as unknown, failures: checkInputs(urn, news) }),
  create: (urn, inputs) => Promise.resolve(created(urn, inputs as Record<string, unknown>, region)),
  update: (_, urn, olds, news) =>
    Promise.resolve(updated(urn, olds as Record<string, unknown>, news as Record<string, unknown>, region)),
  construct: (name, type, inputs, options) => constructed(region, name, type, inputs, options),
  invoke: (token, inputs) =>
    Promise.resolve({ outputs: answerInvoke(token, inputs as Record<string, unknown>, region) }),
};

const { version } = JSON.parse(readFileSync(join(awsFolder, "package.json"), "utf8")) as { version: string };
await provider.main({ version, ...standIn }, process.argv.slice(2));
