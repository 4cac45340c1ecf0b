import { fileURLToPath } from "node:url";
import type { Environment } from "../environments/index.ts";

/** A stack that cannot be what it says. */
export class StackError extends Error {
  override readonly name = "StackError";
}

/** Node's first version with which the program and the Lambdas are tested: what runs here runs there. */
const leastNode = 24;

/**
 * @param version Node's own, such as "24.21.0".
 * @throws StackError when it is older than {@link leastNode}.
 */
export function requireNode(version: string): void {
  if (Number.parseInt(version, 10) < leastNode) {
    throw new StackError(
      `this is Node ${version}, metercast needs Node ${leastNode} or later: put the project's own first on the path ` +
        `(PATH="$PWD/node_modules/.bin:$PATH" pulumi preview), or install Node ${leastNode}`,
    );
  }
}

/** The environment file of a stack: its configured path stands relative to the project, wherever Pulumi runs. */
export function environmentFile(path: string): string {
  return fileURLToPath(new URL(path, new URL("../", import.meta.url)));
}

/**
 * Two stacks for one environment would claim the same names.
 *
 * @throws StackError when the stack is named otherwise than its environment.
 */
export function requireStackOf(environment: Environment, stack: string, path: string): void {
  if (environment.name !== stack) {
    throw new StackError(
      `the stack "${stack}" has the environment "${environment.name}" (${path}): a stack is named after its environment. ` +
        `Select the stack "${environment.name}", or set metercast:environment in Pulumi.${stack}.yaml ` +
        `to a file whose name is "${stack}"`,
    );
  }
}
