import * as aws from "@pulumi/aws";
import type { PulumiCommand } from "@pulumi/pulumi/automation/index.js";
import { Deployment } from "./deployment.ts";
import { EngineError } from "./engine-error.ts";

/**
 * Holds that a fault does not pass: a program with a misspelt property three levels deep, which Pulumi takes without a word,
 * must be refused in the preview.
 *
 * @throws EngineError when it is not, or for another reason.
 */
export async function proveRefusal(command: PulumiCommand): Promise<void> {
  const firehose = { deliveryStreamName: "readings", roleArn: "arn:aws:iam::123456789012:role/rules", seperator: "\n" };
  const program = (): Promise<void> => {
    new aws.iot.TopicRule("rule", {
      enabled: true,
      sql: "SELECT * FROM 'a'",
      sqlVersion: "2016-03-23",
      errorAction: { firehose },
    });
    return Promise.resolve();
  };
  const deployment = await Deployment.open(command, { name: "dev", region: "us-east-1", program });
  try {
    await deployment.preview();
  } catch (error) {
    if (error instanceof EngineError && error.message.includes("did you mean separator?")) return;
    throw new EngineError("a program with a misspelt property was refused, but not for that", { cause: error });
  } finally {
    deployment.close();
  }
  throw new EngineError("a program with a misspelt property was taken: the stand-in provider does not check");
}
