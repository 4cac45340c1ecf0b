import type { Graph, Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError } from "../declared/index.ts";
import { read, withoutLocalMeaning } from "../declared/read.ts";
import { readPolicy, type Statement } from "./policy-document.ts";

const role = z.strictObject({
  name: z.string(),
  assumeRolePolicy: z.unknown(),
  path: z.string().optional(),
  description: withoutLocalMeaning, // for people
  maxSessionDuration: withoutLocalMeaning, // services renew their sessions
  tags: withoutLocalMeaning, // for the bill
});

const rolePolicy = z.strictObject({ name: withoutLocalMeaning, role: z.string(), policy: z.unknown() });

const rolePolicyAttachment = z.strictObject({ role: z.string(), policyArn: z.string() });

const policy = z.strictObject({
  name: z.string(),
  path: z.string().optional(),
  description: withoutLocalMeaning, // for people
  policy: z.unknown(),
  tags: withoutLocalMeaning, // for the bill
});

const bucketPolicy = z.strictObject({ bucket: z.string(), policy: z.unknown() });

const topicPolicy = z.strictObject({ arn: z.string(), policy: z.unknown() });

const functionPermission = z.strictObject({
  statementId: withoutLocalMeaning, // the statement's name
  action: z.string(),
  function: z.string(),
  principal: z.string(),
  sourceAccount: z.string().optional(),
  sourceArn: z.string().optional(),
});

/** A role as a program declares it. */
export interface Role {
  name: string;
  arn: string;
  /** Who may take it. */
  trust: Statement[];
  /** What it allows and denies, of all its policies. */
  statements: Statement[];
}

/** The roles of a graph and the policies of its resources. */
export interface DeclaredPolicies {
  /** By ARN. */
  roles: ReadonlyMap<string, Role>;
  /** Policies of buckets, topics and functions: a statement names its resources itself. */
  resourceStatements: readonly Statement[];
}

/**
 * Reads who may do what from a graph.
 *
 * @throws DeclarationError for a property or a policy that is not known here
 */
export function readPolicies({ resources }: Graph): DeclaredPolicies {
  const ofType = (type: string) => resources.filter((resource) => resource.type === type);
  const roles = new Map<string, Role>();
  const byName = new Map<string, Role>();
  for (const resource of ofType("aws:iam/role:Role")) {
    const { name } = read(role, resource);
    const arn = String(resource.outputs["arn"]);
    // a program and its successor may both declare it
    const known = roles.get(arn) ?? { name, arn, trust: [], statements: [] };
    known.trust.push(...readPolicy(resource, "assumeRolePolicy", "trust"));
    roles.set(arn, known);
    byName.set(name, known);
  }
  const roleOf = (resource: Resource, name: string): Role => {
    const found = byName.get(name);
    if (!found) throw new DeclarationError(resource, `role is ${name}, which is not declared`);
    return found;
  };
  for (const resource of ofType("aws:iam/rolePolicy:RolePolicy")) {
    const declared = read(rolePolicy, resource);
    roleOf(resource, declared.role).statements.push(...readPolicy(resource, "policy", "identity"));
  }
  const policies = new Map<string, Statement[]>();
  for (const resource of ofType("aws:iam/policy:Policy")) {
    read(policy, resource);
    const arn = String(resource.outputs["arn"]);
    policies.set(arn, [...(policies.get(arn) ?? []), ...readPolicy(resource, "policy", "identity")]);
  }
  for (const resource of ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")) {
    const declared = read(rolePolicyAttachment, resource);
    const statements = policies.get(declared.policyArn);
    if (!statements) {
      throw new DeclarationError(
        resource,
        `policyArn is ${declared.policyArn}, which is not declared: what it allows is not known here; declare a policy of your own`,
      );
    }
    roleOf(resource, declared.role).statements.push(...statements);
  }
  const ofBuckets = ofType("aws:s3/bucketPolicy:BucketPolicy").flatMap((resource) => {
    read(bucketPolicy, resource);
    return readPolicy(resource, "policy", "resource");
  });
  const ofTopics = ofType("aws:sns/topicPolicy:TopicPolicy").flatMap((resource) => {
    read(topicPolicy, resource);
    return readPolicy(resource, "policy", "resource");
  });
  const functionArns = new Map(
    ofType("aws:lambda/function:Function").map(({ outputs }) => [outputs["name"], outputs["arn"]]),
  );
  const ofFunctions = ofType("aws:lambda/permission:Permission").map((resource) =>
    permissionOf(resource, functionArns),
  );
  return { roles, resourceStatements: [...ofBuckets, ...ofTopics, ...ofFunctions] };
}

/** The statement that Lambda's AddPermission adds to a function's policy. */
function permissionOf(resource: Resource, functionArns: ReadonlyMap<unknown, unknown>): Statement {
  const { action, function: name, principal, sourceAccount, sourceArn } = read(functionPermission, resource);
  const arn = name.startsWith("arn:") ? name : functionArns.get(name);
  if (typeof arn !== "string") throw new DeclarationError(resource, `function is ${name}, which is not declared`);
  const isService = principal.endsWith(".amazonaws.com");
  const account = /^\d{12}$/.test(principal) ? [`arn:aws:iam::${principal}:root`] : [principal];
  return {
    effect: "Allow",
    principals: { services: isService ? [principal] : [], arns: isService ? [] : account },
    actions: [action],
    resources: [arn],
    conditions: [
      ...(sourceAccount === undefined
        ? []
        : [{ operator: "StringEquals" as const, key: "aws:sourceaccount", values: [sourceAccount] }]),
      ...(sourceArn === undefined ? [] : [{ operator: "ArnLike" as const, key: "aws:sourcearn", values: [sourceArn] }]),
    ],
  };
}
