import type { Flow, Load } from "../cost/index.ts";
import type { Resource } from "../graph.ts";
import { resource } from "./resources.ts";

/** Small graphs and loads for the tests of costs. */

export const streamName = "readings";
const functionArn = "arn:aws:lambda:us-east-1:123456789012:function:transform";

export function rule(sql: string, settings: object = {}, action: object = {}): Resource {
  const name = "name" in settings ? String(settings.name) : "all";
  return resource("aws:iot/topicRule:TopicRule", name, {
    name,
    enabled: true,
    sql,
    firehoses: [{ deliveryStreamName: streamName, roleArn: "role", batchMode: false, ...action }],
    ...settings,
  });
}

/** A stream that writes an object each 60 seconds; `configuration` is added to its destination's. */
export function stream(configuration: object = {}): Resource {
  return resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", streamName, {
    name: streamName,
    destination: "extended_s3",
    extendedS3Configuration: { prefix: "readings/", bufferingSize: 64, bufferingInterval: 60, ...configuration },
  });
}

export const conversion = { dataFormatConversionConfiguration: { outputFormatConfiguration: {} } };

export const throughFunction = {
  processingConfiguration: {
    enabled: true,
    processors: [{ type: "Lambda", parameters: [{ parameterName: "LambdaArn", parameterValue: `${functionArn}:1` }] }],
  },
};

export function lambda(inputs: object): Resource {
  return resource("aws:lambda/function:Function", "transform", { name: "transform", ...inputs }, { arn: functionArn });
}

/** A million readings a month, one per message, nothing left out. */
export function load(flow: Partial<Flow> = {}): Load {
  return {
    flows: [
      {
        kind: "readings",
        topic: "in/a",
        client: "meter",
        element: '{"building_id":1}',
        perHour: 1e6 / 730,
        envelope: 1,
        full: true,
        ...flow,
      },
    ],
    leftOut: 0,
    monthsKept: 12,
    queriesPerDay: 24,
  };
}
