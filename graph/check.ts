import { nearest } from "../environments/nearest.ts";
import { argumentsOf, propertiesOf, type Properties, type Shape } from "./declarations.ts";
import type { Graph } from "./graph.ts";
import { secretText } from "./values.ts";

/** Something in a resource's inputs that its type does not have or lacks. */
export interface Problem {
  /** Id of the resource. */
  resource: string;
  /** Place of the property, for example `firehoses[0].roleArn`. */
  path: string;
  /** The whole sentence: resource, path, what is allowed. */
  message: string;
}

/**
 * Checks what mocks accept without a word: that each resource's inputs hold, at any depth, only properties that its type has,
 * all that it requires, and values of the right kind, by @pulumi/aws's own declarations. Components and providers have no
 * such declaration; JSON in a text is not looked into.
 */
export function check(graph: Graph): Problem[] {
  return graph.resources
    .filter(({ component, type }) => !component && !type.startsWith("pulumi:providers:"))
    .flatMap(({ id, type, inputs }) => {
      const found: Finding[] = [];
      const properties = argumentsOf(type);
      if (properties === undefined) found.push({ path: "", text: `@pulumi/aws has no resource type ${type}` });
      else checkObject(inputs, properties, "", found);
      return found.map(({ path, text }) => ({
        resource: id,
        path,
        message: path === "" ? `${id}: ${text}` : `${id}: ${path}: ${text}`,
      }));
    });
}

interface Finding {
  path: string;
  text: string;
}

function checkObject(value: object, properties: Properties, path: string, found: Finding[]): void {
  const at = (name: string): string => (path === "" ? name : `${path}.${name}`);
  for (const [name, inner] of Object.entries(value)) {
    const property = properties.get(name);
    if (property !== undefined) {
      checkValue(inner, property.shape, at(name), found);
      continue;
    }
    const names = [...properties.keys()];
    const near = nearest(name, names);
    const hint = near === undefined ? "" : `; did you mean ${near}?`;
    found.push({ path: at(name), text: `no such property${hint} (there are: ${names.join(", ")})` });
  }
  for (const [name, { required }] of properties) {
    if (required && !(name in value)) found.push({ path: at(name), text: "required, and missing" });
  }
}

function checkValue(value: unknown, shape: Shape, path: string, found: Finding[]): void {
  // What is null is left out by the provider, and a secret's kind cannot be seen.
  if (value === null || value === secretText) return;
  const choices = shape.kind === "choice" ? shape.of : [shape];
  const fitting = choices.filter((choice) => fits(value, choice));
  if (fitting.length === 0) {
    found.push({ path, text: `must be ${choices.map(described).join(" or ")}, it is ${kindOf(value)}` });
    return;
  }
  const findings = fitting.map((choice) => inside(value, choice, path));
  // Of several that it could be, the one that it comes nearest to.
  const best = findings.reduce((least, one) => (one.length < least.length ? one : least));
  found.push(...best);
}

function fits(value: unknown, shape: Shape): boolean {
  switch (shape.kind) {
    case "text":
      return typeof value === "string";
    case "number":
    case "boolean":
      return typeof value === shape.kind;
    case "list":
      return Array.isArray(value);
    case "asset":
      return typeof value === "object" && value !== null && ("$asset" in value || "$archive" in value);
    case "map":
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    default:
      return true;
  }
}

function inside(value: unknown, shape: Shape, path: string): Finding[] {
  const found: Finding[] = [];
  if (shape.kind === "list" && Array.isArray(value)) {
    value.forEach((element, index) => checkValue(element, shape.element, `${path}[${index}]`, found));
  } else if (shape.kind === "map" && isRecord(value)) {
    for (const [key, inner] of Object.entries(value))
      checkValue(inner, shape.value, `${path}[${JSON.stringify(key)}]`, found);
  } else if (shape.kind === "object" && isRecord(value)) {
    checkObject(value, propertiesOf(shape.name), path, found);
  }
  return found;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function described(shape: Shape): string {
  switch (shape.kind) {
    case "list":
      return "a list";
    case "map":
      return "a map";
    case "object":
      return "an object";
    case "asset":
      return "an asset or archive";
    default:
      return `a ${shape.kind}`;
  }
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "an object";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}
