import { createHash } from "node:crypto";
import { relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { accountId, physicalName, text, type Declaration } from "./declaration.ts";
import { GraphError } from "./graph-error.ts";

/** A component that the program declares and its provider makes: @pulumi/awsx has them. Its parts are not in a graph. */
interface RemoteComponent {
  /** What it gives back, by name. */
  outputs: Record<string, (declaration: Declaration) => unknown>;
  /** Inputs that are paths on this machine. */
  paths?: readonly string[];
}

const components: Record<string, RemoteComponent> = {
  "awsx:ecr:Repository": {
    outputs: {
      url: (declaration) => `${accountId}.dkr.ecr.${declaration.region}.amazonaws.com/${physicalName(declaration)}`,
    },
  },
  "awsx:ecr:Image": {
    outputs: {
      // By a digest, as the registry's answer has it; here of the tag, which says what the image is made of.
      imageUri: (declaration) => {
        const digest = createHash("sha256").update(text(declaration, "imageTag")).digest("hex");
        return `${text(declaration, "repositoryUrl")}@sha256:${digest}`;
      },
    },
    paths: ["context", "dockerfile"],
  },
};

/** The types that have an entry. */
export const knownRemoteTypes: readonly string[] = Object.keys(components);

const project = fileURLToPath(new URL("../", import.meta.url));

function known(type: string, resource: string): RemoteComponent {
  const found = components[type];
  if (found !== undefined) return found;
  throw new GraphError(
    `${type} "${resource}": nobody has decided what this component gives back without its provider: ` +
      `add its outputs to graph/remote-components.ts, so that what depends on it does not lose them`,
    { type, resource },
  );
}

/** What a remote component gives back. @throws GraphError for a type that has no entry */
export function remoteOutputs(declaration: Declaration): Record<string, unknown> {
  const { outputs } = known(declaration.type, declaration.name);
  return Object.fromEntries(Object.entries(outputs).map(([key, form]): [string, unknown] => [key, form(declaration)]));
}

/** The names of the outputs of a type that has an entry. */
export function remoteOutputNames(type: string): string[] {
  return Object.keys(components[type]?.outputs ?? {});
}

/**
 * Its inputs with paths as they are from the project's folder on: where the program runs, and where the project is, says
 * nothing of what it declares.
 */
export function withProjectPaths(
  type: string,
  resource: string,
  inputs: Record<string, unknown>,
): Record<string, unknown> {
  const { paths = [] } = known(type, resource);
  const moved = paths.flatMap((key) => {
    const path = inputs[key];
    return typeof path === "string" ? [[key, relative(project, resolve(path)).replaceAll("\\", "/")] as const] : [];
  });
  return { ...inputs, ...Object.fromEntries<unknown>(moved) };
}
