import { accountId } from "./declaration.ts";
import { GraphError } from "./graph-error.ts";

type Answer = (inputs: Record<string, unknown>, region: string) => Record<string, unknown>;

// The account's part of its IoT host names: fourteen characters in AWS, here a fixed text that no account has.
const iotPrefix = "a0metercast000";

/** AWS's host names by endpoint type (IoT Core, DescribeEndpoint). */
const iotHosts: Record<string, string> = {
  "iot:Data": `${iotPrefix}.iot`,
  "iot:Data-ATS": `${iotPrefix}-ats.iot`,
  "iot:CredentialProvider": `${iotPrefix}.credentials.iot`,
  "iot:Jobs": `${iotPrefix}.jobs.iot`,
};

/** What the functions that a program may call answer, without an account. */
const answers: Record<string, Answer> = {
  "aws:iot/getEndpoint:getEndpoint": ({ endpointType = "iot:Data" }, region) => {
    const host = iotHosts[String(endpointType)];
    if (host === undefined) {
      throw new GraphError(
        `aws.iot.getEndpoint: no endpoint type "${String(endpointType)}"; there are ${Object.keys(iotHosts).join(", ")}`,
      );
    }
    const endpointAddress = `${host}.${region}.amazonaws.com`;
    return { id: endpointAddress, endpointAddress, endpointType, region };
  },
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    id: accountId,
    accountId,
    arn: `arn:aws:iam::${accountId}:root`,
    userId: accountId,
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
  }),
  "aws:index/getRegion:getRegion": (_, region) => ({
    id: region,
    name: region,
    region,
    endpoint: `ec2.${region}.amazonaws.com`,
  }),
};

/** The answer to a call of a provider's function (an "invoke"); throws GraphError for one that has no entry. */
export function answerInvoke(token: string, inputs: Record<string, unknown>, region: string): Record<string, unknown> {
  const answer = answers[token];
  if (answer === undefined) {
    throw new GraphError(
      `the program calls ${token}, and nobody has decided what it answers without an account: ` +
        `add it to graph/invokes.ts (there are ${Object.keys(answers).join(", ")})`,
    );
  }
  return answer(inputs, typeof inputs["region"] === "string" ? inputs["region"] : region);
}
