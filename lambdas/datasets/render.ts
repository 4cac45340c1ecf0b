import { DatasetError } from "./dataset-error.ts";
import type { Parameter } from "./dataset.ts";
import { literal, type ParameterValue } from "./literal.ts";

export type ParameterValues = Readonly<Record<string, ParameterValue>>;

/** Comments, texts and quoted names, inside which a colon means nothing; and the parameters. */
const parts = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|:(?<parameter>[A-Za-z_]\w*)/g;

/** The parameters that a statement names, each once. */
export function parametersIn(sql: string): string[] {
  return [...new Set([...sql.matchAll(parts)].flatMap(({ groups }) => groups?.["parameter"] ?? []))];
}

/**
 * The SQL of a dataset with its parameters filled in, without the comments that it begins with.
 *
 * @throws DatasetError InvalidParameter: a value that is missing, is not asked for, or is not of its type
 */
export function render(
  dataset: { name: string; sql: string; parameters: readonly Parameter[] },
  values: ParameterValues,
): string {
  const { name, parameters } = dataset;
  const declared = new Map(parameters.map((parameter) => [parameter.name, parameter]));
  const fail = (message: string): never => {
    throw new DatasetError("InvalidParameter", `Dataset ${name}: ${message}`);
  };
  const allowed = parameters.length === 0 ? "It has none." : `It has :${[...declared.keys()].join(", :")}.`;
  for (const given of Object.keys(values)) {
    if (!declared.has(given)) fail(`there is no parameter :${given}. ${allowed}`);
  }
  const texts = new Map<string, string>();
  for (const parameter of parameters) {
    const value = Object.hasOwn(values, parameter.name) ? values[parameter.name] : undefined;
    if (value === undefined) fail(`the parameter :${parameter.name} has no value. ${allowed}`);
    else texts.set(parameter.name, literal(parameter, value));
  }
  return withoutHeader(dataset.sql).replaceAll(parts, (part: string, parameter: string | undefined) =>
    parameter === undefined
      ? part
      : (texts.get(parameter) ?? fail(`its SQL names :${parameter}, which is not declared. ${allowed}`)),
  );
}

/** A statement without the lines of comment before it and the space and semicolon behind it. */
function withoutHeader(sql: string): string {
  return sql.replace(/^(?:\s*(?:--[^\n]*)?\n)*/, "").replace(/[\s;]+$/, "");
}
