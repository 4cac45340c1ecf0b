import type { Step } from "./deployment.ts";
import { projectEnvironment, unprotected, withCity } from "./environment-text.ts";
import type { Scenario } from "./scenario.ts";

const types = {
  bucket: "aws:s3/bucket:Bucket",
  dataSet: "aws:quicksight/dataSet:DataSet",
  function: "aws:lambda/function:Function",
  group: "aws:iot/thingGroup:ThingGroup",
  lifecycle: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  membership: "aws:iot/thingGroupMembership:ThingGroupMembership",
  policyAttachment: "aws:iot/policyAttachment:PolicyAttachment",
  registeredThing: "metercast:registry:RegisteredThing",
  repository: "awsx:ecr:Repository",
  stateMachine: "aws:sfn/stateMachine:StateMachine",
  stream: "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  thing: "aws:iot/thing:Thing",
  versioning: "aws:s3/bucketVersioning:BucketVersioning",
  workgroup: "aws:athena/workgroup:Workgroup",
} as const;

/** The development environment: a city gets another label, then a fifth city joins. */
export function dev(): Scenario {
  const environment = projectEnvironment("dev");
  const relabelled = withCity(environment, "London", { label: "Greater London" });
  const dublin = {
    siteId: 12,
    label: "Dublin, Ireland",
    country: "IE",
    latitude: 53.35,
    longitude: -6.26,
    timeZone: "Europe/Dublin",
    meterTypes: ["electricity"],
    buildings: { firstId: 1033, count: 36 },
  };
  return {
    environment,
    changes: [
      { what: "London's label", to: relabelled, steps: [`update ${types.group}::registry-London`, ...shown(labelled)] },
      {
        what: "a city more, Dublin",
        to: withCity(relabelled, "Dublin", dublin),
        steps: [
          `create ${types.group}::registry-Dublin`,
          `create ${types.policyAttachment}::registry-Dublin`,
          ...things("create", "metercast_dev_Dublin_electricity"),
          ...things("create", "metercast_dev_Dublin_weather"),
          ...transforms(),
          ...runs(),
          ...shown(labelled),
        ],
      },
    ],
  };
}

/** The production environment: a city loses meter types, another one's clocks change; its data are protected. */
export function prod(): Scenario {
  const environment = projectEnvironment("prod");
  const fewer = withCity(environment, "Dublin", { meterTypes: ["electricity", "steam"] });
  const moved = withCity(fewer, "Phoenix", { timeZone: "America/Denver" });
  return {
    environment,
    changes: [
      {
        what: "Dublin without two meter types",
        to: fewer,
        steps: [
          ...things("delete", "metercast_prod_Dublin_chilledwater"),
          ...things("delete", "metercast_prod_Dublin_hotwater"),
        ],
      },
      { what: "Phoenix's time zone", to: moved, steps: [...transforms(), ...runs(), ...shown(onTheClock)] },
    ],
    unprotect: {
      what: "protect: false",
      to: unprotected(moved),
      steps: [
        `update ${types.bucket}::lake-bucket`,
        `update ${types.lifecycle}::lake-bucket`,
        `update ${types.workgroup}::lake-workgroup`,
        `delete ${types.versioning}::lake-bucket`,
        // Its repository may be deleted with the images in it, then.
        `update ${types.repository}::inference-predict-image`,
      ],
    },
  };
}

/** All scenarios, by the name of their environment. */
export const scenarios: Readonly<Record<string, () => Scenario>> = { dev, prod };

function things(operation: "create" | "delete", name: string): Step[] {
  return [types.registeredThing, types.thing, types.membership].map((type): Step => `${operation} ${type}::${name}`);
}

/** The transforms' configuration lists the cities; a stream names the version of its transform, which a change publishes. */
function transforms(): Step[] {
  return ["left-out", "meters-pipeline", "weather-pipeline"].flatMap((name): Step[] => [
    `update ${types.function}::${name}-transform`,
    `update ${types.stream}::${name}-stream`,
  ]);
}

/** So do those of the functions plan and features; a machine names the version of each of its functions. */
function runs(): Step[] {
  return [
    `update ${types.function}::datasets-plan`,
    `update ${types.function}::inference-features`,
    `update ${types.stateMachine}::datasets-machine`,
    `update ${types.stateMachine}::inference-machine`,
  ];
}

/** Data sets that have a city's label, and those that have its clock. */
const labelled = ["buildings", "cities", "elements", "errors", "forecasts", "meters", "use_by_day", "use_by_hour"];
const onTheClock = ["cities", "forecasts", "meters"];

/** Who reads of a city sees its label and its clock: in the digest, and in data sets of the dashboard. */
function shown(dataSets: readonly string[]): Step[] {
  return [
    `update ${types.function}::dashboard-digest`,
    ...dataSets.map((name): Step => `update ${types.dataSet}::dashboard-${name}`),
  ];
}
