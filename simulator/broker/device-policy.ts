import type { Graph, Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError } from "../declared/index.ts";

const listOf = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());

const policyDocument = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.array(
    z.strictObject({
      Sid: z.string().optional(),
      Effect: z.enum(["Allow", "Deny"]),
      Action: listOf,
      Resource: listOf,
      Condition: z
        .strictObject({
          StringEquals: z.record(z.string(), listOf).optional(),
          Bool: z.record(z.string(), listOf).optional(),
        })
        .optional(),
    }),
  ),
});

type Statement = z.output<typeof policyDocument>["Statement"][number];

interface Thing {
  name: string;
  typeName: string;
  attributes: Record<string, string>;
}

/**
 * Holds a client whose id is the name of a declared thing to the policies that are attached to the thing's groups
 * (AWS IoT developer guide, "AWS IoT Core policies"). On loopback any other client may do anything, and no client
 * needs a certificate: what a policy asks of one is taken as given.
 */
export class DevicePolicies {
  readonly #region: string;
  readonly #accountId: string;
  readonly #statements = new Map<string, { thing: Thing; statements: Statement[] }>();

  constructor(graph: Graph) {
    this.#region = graph.region;
    this.#accountId = graph.accountId;
    const ofType = (type: string) => graph.resources.filter((resource) => resource.type === type);
    const policies = new Map(
      ofType("aws:iot/policy:Policy").map((policy) => [policy.outputs["name"], statementsOf(policy)]),
    );
    const groups = new Map(
      ofType("aws:iot/thingGroup:ThingGroup").map(({ outputs }) => [outputs["name"], outputs["arn"]]),
    );
    const attachments = ofType("aws:iot/policyAttachment:PolicyAttachment").map(({ inputs }) => inputs);
    const memberships = ofType("aws:iot/thingGroupMembership:ThingGroupMembership").map(({ inputs }) => inputs);
    for (const { inputs, outputs } of ofType("aws:iot/thing:Thing")) {
      const thing: Thing = {
        name: String(outputs["name"]),
        typeName: (inputs["thingTypeName"] ?? "") as string,
        attributes: (inputs["attributes"] ?? {}) as Record<string, string>,
      };
      const itsGroups = memberships
        .filter((membership) => membership["thingName"] === thing.name)
        .map((membership) => groups.get(membership["thingGroupName"]));
      const statements = attachments
        .filter(({ target }) => itsGroups.includes(target))
        .flatMap(({ policy }) => policies.get(policy) ?? []);
      this.#statements.set(thing.name, { thing, statements });
    }
  }

  /** Why the client may not connect under this id; undefined if it may. */
  refusesConnect(client: string): string | undefined {
    return this.#refuses(client, "iot:Connect", `client/${client}`);
  }

  /** Why the client may not publish to the topic; undefined if it may. */
  refusesPublish(client: string, topic: string): string | undefined {
    return this.#refuses(client, "iot:Publish", `topic/${topic}`);
  }

  #refuses(client: string, action: string, resource: string): string | undefined {
    const known = this.#statements.get(client);
    if (!known) return undefined;
    const arn = `arn:aws:iot:${this.#region}:${this.#accountId}:${resource}`;
    const fitting = known.statements.filter((statement) => fits(statement, known.thing, client, action, arn));
    const allowed =
      fitting.some(({ Effect }) => Effect === "Allow") && !fitting.some(({ Effect }) => Effect === "Deny");
    return allowed ? undefined : `the policy of the thing ${known.thing.name} does not allow ${action} on ${arn}`;
  }
}

function statementsOf(policy: Resource): Statement[] {
  const parsed = policyDocument.safeParse(JSON.parse(String(policy.inputs["policy"])));
  if (parsed.success) return parsed.data.Statement;
  const [issue] = parsed.error.issues;
  throw new DeclarationError(policy, `policy.${issue?.path.join(".")}: ${issue?.message}`);
}

function fits(statement: Statement, thing: Thing, client: string, action: string, arn: string): boolean {
  const variable = (name: string) => variableOf(name, thing, client);
  return (
    statement.Action.some((pattern) => matches(pattern, action, variable)) &&
    statement.Resource.some((pattern) => matches(pattern, arn, variable)) &&
    Object.entries({ ...statement.Condition?.StringEquals, ...statement.Condition?.Bool }).every(([key, values]) =>
      values.some((value) => variable(key) === value),
    )
  );
}

/** Thing policy variables; undefined where the thing has no such attribute, which makes a pattern match nothing. */
function variableOf(name: string, thing: Thing, client: string): string | undefined {
  const attribute = /^iot:Connection\.Thing\.Attributes\[(.+)\]$/.exec(name);
  if (attribute) return thing.attributes[attribute[1] as string];
  switch (name) {
    case "iot:ClientId":
      return client;
    case "iot:Connection.Thing.ThingName":
      return thing.name;
    case "iot:Connection.Thing.ThingTypeName":
      return thing.typeName;
    case "iot:Connection.Thing.IsAttached":
      return "true";
    default:
      return undefined;
  }
}

/** `*` stands for any characters and `?` for one, but not those that a variable brings in. */
function matches(pattern: string, text: string, variable: (name: string) => string | undefined): boolean {
  let known = true;
  const expression = pattern.replace(/\$\{([^}]*)\}|[*?]|[^*?$]+|\$/g, (part, name: string | undefined) => {
    if (name !== undefined) {
      const value = variable(name);
      known &&= value !== undefined;
      return RegExp.escape(value ?? "");
    }
    if (part === "*") return ".*";
    return part === "?" ? "." : RegExp.escape(part);
  });
  return known && new RegExp(`^${expression}$`, "s").test(text);
}
