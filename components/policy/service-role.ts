import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../naming/names.ts";
import type { ServiceName, Statement } from "./policy-document.ts";
import { policyDocument, trustPolicy } from "./policy-document.ts";

export interface ServiceRoleArgs {
  /** Name of the environment. */
  environment: string;
  /** What the role is for, within the environment: "readings-delivery". */
  part: string;
  /** The service that takes the role. */
  service: ServiceName;
  /** Our account, on whose behalf the service must act. */
  accountId: pulumi.Input<string>;
  /** What the role allows, and nothing else. */
  statements: pulumi.Input<Statement[]>;
}

/**
 * A role for a service, with one inline policy. What uses the role depends on this component as a whole, since a role
 * without its policy exists a moment earlier and would have the service refused.
 */
export class ServiceRole extends pulumi.ComponentResource {
  /** ARN of the role. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: ServiceRoleArgs, opts?: pulumi.ComponentResourceOptions) {
    const { environment, part, service } = args;
    super("metercast:policy:ServiceRole", name, { environment, part, service }, opts);

    const role = new aws.iam.Role(
      name,
      {
        name: partName("aws:iam/role:Role", environment, part),
        assumeRolePolicy: pulumi.output(args.accountId).apply((id) => trustPolicy(service, id)),
      },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      name,
      { name: role.name, role: role.name, policy: pulumi.output(args.statements).apply(policyDocument) },
      { parent: this },
    );

    this.arn = role.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
