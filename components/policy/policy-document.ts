import { stableJson } from "../naming/stable-json.ts";

/** What a statement allows. Conditions as IAM writes them: operator, key, value. */
export interface Statement {
  sid: string;
  actions: string[];
  /** Their ARNs; or why no ARN can be given, where AWS has the actions for every resource only. */
  resources: string[] | { every: string };
  conditions?: Record<string, Record<string, string | string[]>>;
}

/** A policy that allows more than it should, or is longer than its service takes. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
}

const version = "2012-10-17";

/**
 * The JSON of an identity's policy from the statements that it allows; a list of actions or resources is sorted, since
 * IAM keeps them as sets and would give them back in an order of its own.
 *
 * @throws PolicyError for an action that is `*` or `<service>:*`, or a resource that is `*`.
 */
export function policyDocument(statements: Statement[]): string {
  for (const { sid, actions, resources } of statements) {
    const action = actions.find((name) => name === "*" || name.endsWith(":*"));
    if (action !== undefined) {
      throw new PolicyError(`statement ${sid} allows "${action}": name the actions`);
    }
    if (Array.isArray(resources) && resources.includes("*")) {
      throw new PolicyError(
        `statement ${sid} allows ${actions.join(", ")} on "*": name the resources, or say why none can be named`,
      );
    }
    if (actions.length === 0 || (Array.isArray(resources) && resources.length === 0)) {
      throw new PolicyError(`statement ${sid} has no actions or no resources, which IAM refuses`);
    }
  }
  return stableJson({
    Version: version,
    Statement: statements.map(({ sid, actions, resources, conditions }) => ({
      Sid: sid,
      Effect: "Allow",
      Action: [...actions].sort(),
      Resource: Array.isArray(resources) ? [...resources].sort() : "*",
      Condition: conditions,
    })),
  });
}

/** The services that act for us. */
export type ServiceName = "firehose" | "iot" | "lambda" | "quicksight" | "sagemaker" | "scheduler" | "states";

/**
 * Who may take a role: the service, and for those that act for many customers only on behalf of our account (the
 * "confused deputy" pages of the Firehose, IoT, QuickSight, SageMaker, Scheduler and Step Functions guides). Lambda takes a function's role without such a context.
 */
export function trustPolicy(service: ServiceName, accountId: string): string {
  return stableJson({
    Version: version,
    Statement: [
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: `${service}.amazonaws.com` },
        Condition: service === "lambda" ? undefined : { StringEquals: { "aws:SourceAccount": accountId } },
      },
    ],
  });
}

/** Denies everybody, the owner included, what comes without TLS. In a denial `*` takes nothing for granted. */
export function tlsOnlyPolicy(bucketArn: string): string {
  return stableJson({
    Version: version,
    Statement: [
      {
        Sid: "DenyWithoutTls",
        Effect: "Deny",
        Principal: "*",
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  });
}
