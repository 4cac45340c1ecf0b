import { readFileSync } from "node:fs";
import { isMap, isSeq, parseDocument } from "yaml";
import { checkEnvironment, EnvironmentError, type Environment } from "../environments/index.ts";

/** An environment file's text, and what it says. */
export interface EnvironmentText {
  text: string;
  environment: Environment;
}

/** One of the project's environment files. */
export function projectEnvironment(name: string): EnvironmentText {
  const text = readFileSync(new URL(`../environments/${name}.yaml`, import.meta.url), "utf8");
  return checked(text, name);
}

/** The same file with properties of one city set; a city that it lacks is added. Comments and order stay. */
export function withCity(from: EnvironmentText, name: string, properties: Record<string, unknown>): EnvironmentText {
  const document = parseDocument(from.text);
  const cities = document.get("cities");
  if (!isSeq(cities)) throw new Error(`the environment ${from.environment.name} lists no cities`);
  const found = cities.items.find((item) => isMap(item) && item.get("name") === name);
  const city = isMap(found) ? found : document.createNode({ name });
  for (const [key, value] of Object.entries(properties)) city.set(key, document.createNode(value));
  if (city !== found) cities.add(city);
  return checked(document.toString(), from.environment.name);
}

/** The same file with the resources that hold data unprotected, as a team writes it before it takes an environment down. */
export function unprotected(from: EnvironmentText): EnvironmentText {
  const document = parseDocument(from.text);
  document.set("protect", false);
  return checked(document.toString(), from.environment.name);
}

function checked(text: string, name: string): EnvironmentText {
  const { environment, problems } = checkEnvironment(text, `${name}.yaml`);
  if (environment === undefined) throw new EnvironmentError(problems);
  return { text, environment };
}
