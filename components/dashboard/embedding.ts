import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Dashboard } from "../../environments/index.ts";
import { bundleLambda } from "../../lambdas/bundle.ts";
import { embedUrlVariables } from "../../lambdas/embed-url/config.ts";
import { loggedFunction } from "../ingestion/logged-function.ts";
import { partName } from "../naming/names.ts";
import { policyDocument } from "../policy/policy-document.ts";
import { callUrlPermissions, embedPermissions } from "./permissions.ts";
import { userArnPrefix } from "./principals.ts";

export interface EmbeddingArgs {
  /** Name of the environment. */
  environment: string;
  /** Its pages. */
  dashboard: Dashboard;
  /** Our account. */
  accountId: pulumi.Input<string>;
  /** Region in which the account's users are kept. */
  identityRegion: string;
  /** Which dashboard. */
  dashboardId: pulumi.Input<string>;
  /** Days that the function's log is kept. */
  logRetentionDays: number;
}

/**
 * The way for a page of the team's to show the dashboard: a function that hands out the URL for one registered user, called
 * under an address of its own, and the policy for the role of the server that calls it.
 */
export class Embedding extends pulumi.ComponentResource {
  /** Address of the function, to be called with signed requests: `GET <url>?user=NAME`. */
  readonly url: pulumi.Output<string>;
  /** ARN of the policy that lets a role call it. */
  readonly callerPolicyArn: pulumi.Output<string>;

  constructor(name: string, args: EmbeddingArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, dashboard, accountId } = args;
    const identities = pulumi.output(accountId).apply((id) => ({ region: args.identityRegion, accountId: id }));
    super("metercast:dashboard:Embedding", name, { environment }, opts);
    const { lambda } = loggedFunction(this, name, {
      environment,
      accountId,
      part: "embed-url",
      description: `Hands out the URL of the embedded dashboard, environment ${environment}`,
      files: { "index.mjs": bundleLambda("embed-url") },
      variables: {
        [embedUrlVariables.accountId]: accountId,
        [embedUrlVariables.dashboardId]: args.dashboardId,
        [embedUrlVariables.userArnPrefix]: identities.apply(userArnPrefix),
        [embedUrlVariables.domains]: dashboard.embedDomains.join(","),
      },
      statements: identities.apply((place) => embedPermissions(place, dashboard)),
      logRetentionDays: args.logRetentionDays,
      memoryMegabytes: 256,
      timeoutSeconds: 15,
    });
    const url = new aws.lambda.FunctionUrl(
      name,
      { functionName: lambda.name, authorizationType: "AWS_IAM", invokeMode: "BUFFERED" },
      { parent: this },
    );
    const callers = new aws.iam.Policy(
      name,
      {
        name: partName("aws:iam/policy:Policy", environment, "embed-url-callers"),
        description: `Calls of the function that hands out the URL of the dashboard, environment ${environment}`,
        policy: lambda.arn.apply((arn) => policyDocument(callUrlPermissions(arn))),
      },
      { parent: this },
    );

    this.url = url.functionUrl;
    this.callerPolicyArn = callers.arn;
    this.registerOutputs({ url: this.url, callerPolicyArn: this.callerPolicyArn });
  }
}
