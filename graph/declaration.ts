import { createHash } from "node:crypto";
import { GraphError } from "./graph-error.ts";

/** The account of every graph: AWS's own example number, no real account. */
export const accountId = "123456789012";

/** A resource as declared, with what is needed to form what AWS would answer for it. */
export interface Declaration {
  type: string;
  /** Logical name. */
  name: string;
  /** Id in the graph. */
  path: string;
  inputs: Record<string, unknown>;
  region: string;
  /** The provider's default tags. */
  defaultTags: Record<string, string>;
}

/** An input that must be a text here. */
export function text(declaration: Declaration, property: string): string {
  const value = declaration.inputs[property];
  if (typeof value === "string") return value;
  const { type, name: resource } = declaration;
  throw new GraphError(`${type} "${resource}": ${property} must be a text, it is ${JSON.stringify(value)}`, {
    type,
    resource,
  });
}

/** `length` hexadecimal digits that stay the same as long as the resource keeps its place in the program. */
export function stableHash(declaration: Declaration, length: number): string {
  return createHash("sha256").update(declaration.path).digest("hex").slice(0, length);
}

/** A UUID that stays the same as long as the resource keeps its place in the program. */
export function stableUuid(declaration: Declaration): string {
  const digits = stableHash(declaration, 32);
  const groups = [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(13, 16)}`, `a${digits.slice(17, 20)}`];
  return [...groups, digits.slice(20)].join("-");
}

/**
 * The physical name: the input, or as Pulumi's automatic naming forms it, the logical name (or the given prefix) and seven
 * hexadecimal digits.
 */
export function physicalName(declaration: Declaration, property = "name"): string {
  const { inputs, name } = declaration;
  if (inputs[property] !== undefined) return text(declaration, property);
  const prefix = property === "bucket" ? "bucketPrefix" : "namePrefix";
  const stem = inputs[prefix] === undefined ? `${name}-` : text(declaration, prefix);
  return `${stem}${stableHash(declaration, 7)}`;
}

export function arn(service: string, region: string, resource: string): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}
