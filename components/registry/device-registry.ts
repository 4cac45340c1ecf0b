import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Environment, PublishTopics } from "../../environments/index.ts";
import { checkedName, keyedName, partName } from "../naming/names.ts";
import { devicePolicy } from "./device-policy.ts";
import type { ThingPlan } from "./things.ts";

export interface DeviceRegistryArgs {
  /** The environment: its name, region and cities. */
  environment: Environment;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Where the environment's things publish. */
  topics: PublishTopics;
}

/** What a thing of the environment needs to be registered. */
export interface ThingArgs {
  /** Names, attributes and city of the thing. */
  thing: ThingPlan;
  /** The registry with the thing's type and groups. */
  registry: DeviceRegistry;
}

/**
 * What the things of an environment share: their type, a group for each city, and the policy of their devices, which is
 * attached to the groups. A device needs a certificate that is attached to its thing; the team brings that, so that no
 * private key is ever kept here.
 */
export class DeviceRegistry extends pulumi.ComponentResource {
  /** Name of the thing type. */
  readonly thingTypeName: pulumi.Output<string>;
  /** Name of the device policy. */
  readonly policyName: pulumi.Output<string>;
  readonly #groups: ReadonlyMap<string, aws.iot.ThingGroup>;

  constructor(name: string, args: DeviceRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:registry:DeviceRegistry", name, { environment: args.environment.name }, opts);
    const { environment } = args;
    const child = { parent: this };

    const thingType = new aws.iot.ThingType(
      name,
      {
        name: partName("aws:iot/thingType:ThingType", environment.name),
        properties: {
          description: `Meters and weather stations of the environment ${environment.name}`,
          searchableAttributes: ["city", "kind", "meter"],
        },
      },
      child,
    );
    const policy = new aws.iot.Policy(
      name,
      {
        name: partName("aws:iot/policy:Policy", environment.name, "device"),
        policy: pulumi
          .output(args.accountId)
          .apply((accountId) => devicePolicy({ region: environment.region, accountId }, args.topics)),
      },
      child,
    );
    this.#groups = new Map(
      environment.cities.map(({ name: city, label }) => {
        const group = new aws.iot.ThingGroup(
          `${name}-${city}`,
          {
            name: keyedName("aws:iot/thingGroup:ThingGroup", environment.name, city),
            properties: { description: label },
          },
          child,
        );
        new aws.iot.PolicyAttachment(`${name}-${city}`, { policy: policy.name, target: group.arn }, child);
        return [city, group];
      }),
    );

    this.thingTypeName = thingType.name;
    this.policyName = policy.name;
    this.registerOutputs({ thingTypeName: this.thingTypeName, policyName: this.policyName });
  }

  /** Name of the thing group of a city. */
  groupName(city: string): pulumi.Output<string> {
    const group = this.#groups.get(city);
    if (group === undefined) {
      throw new pulumi.ResourceError(
        `no thing group for "${city}": there are ${[...this.#groups.keys()].join(", ")}`,
        this,
      );
    }
    return group.name;
  }
}

/** A thing, and its place in the group of its city. */
export class RegisteredThing extends pulumi.ComponentResource {
  /** Name of the thing. */
  readonly thingName: pulumi.Output<string>;

  constructor(name: string, args: ThingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("metercast:registry:RegisteredThing", name, { thing: args.thing }, opts);
    const child = { parent: this };

    const thing = new aws.iot.Thing(
      name,
      {
        name: checkedName("aws:iot/thing:Thing", args.thing.name),
        thingTypeName: args.registry.thingTypeName,
        attributes: args.thing.attributes,
      },
      child,
    );
    new aws.iot.ThingGroupMembership(
      name,
      { thingName: thing.name, thingGroupName: args.registry.groupName(args.thing.city) },
      child,
    );

    this.thingName = thing.name;
    this.registerOutputs({ thingName: this.thingName });
  }
}
