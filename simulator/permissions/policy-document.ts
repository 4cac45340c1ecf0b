import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { DeclarationError } from "../declared/index.ts";
import { contextKeys } from "./calls.ts";
import { keysOfOtherRequests, operators, type Operator } from "./conditions.ts";

/** A condition of a statement: it holds when the request's value of the key passes the operator for one of the values. */
export interface Condition {
  operator: Operator;
  key: string;
  values: readonly string[];
}

/** Whom a statement of a resource's policy is about. */
export type Principals = "anyone" | { services: readonly string[]; arns: readonly string[] };

/** A statement of a policy. */
export interface Statement {
  effect: "Allow" | "Deny";
  /** Absent in the policy of an identity, which is about that identity. */
  principals?: Principals | undefined;
  actions: readonly string[];
  /** Absent in a role's trust policy, which is about that role. */
  resources?: readonly string[] | undefined;
  conditions: readonly Condition[];
}

/** Where a policy stands decides which elements its statements have. */
export type PolicyKind = "identity" | "trust" | "resource";

/** IAM takes one value in the place of a list. */
function listOf<One extends z.ZodType<string>>(one: One) {
  return z.union([one, z.array(one)]).transform((value): string[] => [value].flat());
}

const withoutVariables = z.string().refine((value) => !value.includes("${"), "policy variables are not known here");

const conditionValues = z.union([z.boolean().transform((value) => [String(value)]), listOf(withoutVariables)]);

function isKnown(key: string): boolean {
  return contextKeys.has(key) || keysOfOtherRequests.has(key);
}

const condition = z.partialRecord(
  z.enum(Object.keys(operators) as [Operator, ...Operator[]]),
  z.partialRecord(
    z.string().refine((key) => isKnown(key.toLowerCase()), "the value of this condition key is not known here"),
    conditionValues,
  ),
);

const element = {
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Action: listOf(withoutVariables),
  Condition: condition.optional(),
};

const roleArn = z.string().regex(/^arn:aws:iam::\d{12}:role\/[^*?]+$/, "only roles are known here");

const principals = z.union([
  z.literal("*"),
  z.strictObject({ AWS: z.literal("*") }),
  z.strictObject({ AWS: listOf(roleArn).optional(), Service: listOf(z.string()).optional() }),
]);

const statements = {
  identity: z.strictObject({ ...element, Resource: listOf(withoutVariables) }),
  trust: z.strictObject({ ...element, Principal: principals }),
  resource: z.strictObject({ ...element, Principal: principals, Resource: listOf(withoutVariables) }),
};

/**
 * The statements of a declared policy.
 *
 * @param property Input of the resource that has it as JSON.
 * @throws DeclarationError for an element, operator or condition key that is not known here
 */
export function readPolicy(resource: Resource, property: string, kind: PolicyKind): Statement[] {
  const statement: z.ZodType<DocumentStatement> = statements[kind];
  const schema = z.strictObject({
    Version: z.literal("2012-10-17"),
    Id: z.string().optional(),
    Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
  });
  const result = schema.safeParse(documentOf(resource, property));
  if (result.success) return result.data.Statement.map(statementOf);
  const sentences = result.error.issues.flatMap((issue) => sentencesOf(issue, [property]));
  throw new DeclarationError(
    resource,
    `${sentences.join("; ")}. It checks what is declared and skips nothing silently.`,
  );
}

interface DocumentStatement {
  Effect: "Allow" | "Deny";
  Action: string[];
  Resource?: string[];
  Principal?: "*" | { AWS?: string[] | "*" | undefined; Service?: string[] | undefined };
  Condition?: Partial<Record<Operator, Partial<Record<string, string[]>>>> | undefined;
}

function documentOf(resource: Resource, property: string): unknown {
  const value = resource.inputs[property];
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch (error) {
    throw new DeclarationError(resource, `${property} is not JSON: ${(error as Error).message}`);
  }
}

function statementOf({ Effect, Action, Resource, Principal, Condition }: DocumentStatement): Statement {
  return {
    effect: Effect,
    principals: Principal === undefined ? undefined : principalsOf(Principal),
    actions: Action,
    resources: Resource,
    conditions: Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => ({
        operator: operator as Operator,
        key: key.toLowerCase(),
        values: values ?? [],
      })),
    ),
  };
}

function principalsOf(principal: NonNullable<DocumentStatement["Principal"]>): Principals {
  if (principal === "*" || principal.AWS === "*") return "anyone";
  return { services: principal.Service ?? [], arns: principal.AWS ?? [] };
}

/** In a union's issue the branch that came furthest says most. */
function sentencesOf(issue: z.core.$ZodIssue, path: PropertyKey[]): string[] {
  const at = [...path, ...issue.path];
  if (issue.code === "invalid_union") {
    const furthest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0] ?? [];
    if (furthest.length > 0) return furthest.flatMap((inner) => sentencesOf(inner, at));
  }
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `the simulator does not know ${[...at, key].join(".")}`);
  }
  if (issue.code === "invalid_key") {
    return [`the simulator does not know ${at.join(".")}`];
  }
  return [`the simulator does not know how to read ${at.join(".")}: ${issue.message}`];
}

function depthOf(issues: z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}
