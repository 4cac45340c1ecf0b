import type { Resource } from "@metercast/graph";
import { z } from "zod";

/** A declared resource that the simulator cannot run as declared; the message names the resource and the property. */
export class DeclarationError extends Error {
  constructor(resource: Resource, message: string) {
    super(`${resource.type} "${resource.name}": ${message}`);
    this.name = "DeclarationError";
  }
}

/**
 * A property that is accepted whatever it says, since it has no meaning on this machine. Each use of it stands beside
 * the reason.
 */
export const withoutLocalMeaning = z.unknown().optional();

/**
 * The inputs of a resource by the simulator's schema of its type.
 *
 * @throws DeclarationError for a property that the schema does not know, or a value that the simulator cannot run
 */
export function read<Shape extends z.ZodType>(schema: Shape, resource: Resource): z.output<Shape> {
  const result = schema.safeParse(resource.inputs);
  if (result.success) return result.data;
  const sentences = result.error.issues.map((issue) => {
    const at = [...issue.path, ...(issue.code === "unrecognized_keys" ? [issue.keys.join(", ")] : [])].join(".");
    return issue.code === "unrecognized_keys"
      ? `the simulator does not know the property ${at}`
      : `the simulator does not know how to run this value of ${at}: ${issue.message}`;
  });
  throw new DeclarationError(resource, `${sentences.join("; ")}. It runs what is declared and skips nothing silently.`);
}
