import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const stateMachine = z.strictObject({
  name: z.string().regex(/^[\w-]{1,80}$/),
  definition: z.string(),
  roleArn: z.string(),
  /** An express workflow keeps no history, and may run a step twice. */
  type: z.literal("STANDARD").optional(),
  loggingConfiguration: z
    .strictObject({
      level: z.enum(["ALL", "ERROR", "FATAL", "OFF"]).optional(),
      includeExecutionData: z.boolean().optional(),
      logDestination: z.string().endsWith(":*").optional(),
    })
    .optional(),
  tracingConfiguration: withoutLocalMeaning, // nothing is traced on this machine
  encryptionConfiguration: withoutLocalMeaning, // nothing is encrypted on this machine
  publish: withoutLocalMeaning, // a graph holds one version of a machine
  versionDescription: withoutLocalMeaning, // for people
  tags: withoutLocalMeaning, // for the bill
});

export interface StateMachine {
  name: string;
  arn: string;
  roleArn: string;
  /** In Amazon States Language. */
  definition: string;
  /** Whether its role has to allow the delivery of logs. */
  logs: boolean;
  resource: Resource;
}

export function stateMachineOf(resource: Resource): StateMachine {
  const declared = read(stateMachine, resource);
  return {
    name: declared.name,
    arn: String(resource.outputs["arn"]),
    roleArn: declared.roleArn,
    definition: declared.definition,
    logs: (declared.loggingConfiguration?.level ?? "OFF") !== "OFF",
    resource,
  };
}
