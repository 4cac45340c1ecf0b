import { DeclarationError, type Declared, type StateMachine } from "../declared/index.ts";
import { calls, machineCaller, PermissionError, sentenceOf, type Permissions } from "../permissions/index.ts";
import type { Definition } from "./definition.ts";
import { DefinitionError } from "./definition-error.ts";
import { readDefinition, type FindIntegration } from "./read-definition.ts";

/** A declared machine that can run. */
export interface Machine {
  name: string;
  arn: string;
  roleArn: string;
  definition: Definition;
}

/**
 * The declared machines, by ARN.
 *
 * @throws DeclarationError for a definition that cannot run here, naming machine, state and field
 * @throws PermissionError for a machine whose role Step Functions may not have, or may not log with: AWS makes none such
 */
export function readMachines(
  { machines }: Declared,
  permissions: Permissions,
  find: FindIntegration,
): ReadonlyMap<string, Machine> {
  return new Map(
    machines.map((machine) => {
      requirePermissions(machine, permissions);
      const { name, arn, roleArn } = machine;
      return [arn, { name, arn, roleArn, definition: definitionOf(machine, find) }];
    }),
  );
}

function definitionOf({ resource, definition }: StateMachine, find: FindIntegration): Definition {
  try {
    return readDefinition(definition, find);
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error;
    throw new DeclarationError(resource, `definition, ${error.message}`);
  }
}

function requirePermissions(machine: StateMachine, permissions: Permissions): void {
  const caller = machineCaller(machine);
  const refused = machine.logs ? permissions.refusal(calls.machineLogs, caller, {}) : permissions.roleRefusal(caller);
  if (refused) throw new PermissionError(sentenceOf(refused));
}
