import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Thing, TopicTemplates } from "@metercast/loader";
import { meterThings, weatherThings } from "../components/registry/things.ts";
import { topicRules } from "../environments/index.ts";
import type { Environment } from "../environments/index.ts";
import { UsageError } from "./options.ts";

/** What a load needs to know of a deployed environment, by its stack's outputs. */
export interface DeployedStack {
  environment: string;
  region: string;
  /** Host of AWS IoT's data plane. */
  endpoint: string;
  bucket: string;
  topics: TopicTemplates;
}

const projectFolder = fileURLToPath(new URL("..", import.meta.url));

/**
 * The outputs of a deployed environment's stack: from a file, or from the Pulumi CLI.
 *
 * @param file JSON as `pulumi stack output --json` gives it
 * @throws UsageError when they cannot be had, or are not those of this environment
 */
export function deployedStack(environment: string, file: string | undefined): DeployedStack {
  const source = file ?? `pulumi stack output --stack ${environment}`;
  const text = file === undefined ? fromPulumi(environment) : fromFile(file);
  let outputs: Record<string, unknown>;
  try {
    outputs = Object(JSON.parse(text)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${source}: not JSON: ${(error as Error).message}`);
  }
  const textOf = (name: string): string => {
    const value = outputs[name];
    if (typeof value === "string" && value !== "") return value;
    throw new UsageError(
      `${source}: the output ${name} is ${JSON.stringify(value) ?? "missing"}; a stack that is up has it as text. Run \`pulumi up --stack ${environment}\` first.`,
    );
  };
  const stack = {
    environment: textOf("environment"),
    region: textOf("region"),
    endpoint: textOf("endpoint"),
    bucket: textOf("bucket"),
    topics: topicsOf(outputs["topics"], source),
  };
  if (stack.environment === environment) return stack;
  throw new UsageError(`${source}: these are the outputs of ${stack.environment}, not of ${environment}.`);
}

/** The things of an environment with the topics that each publishes to. */
export function deployedThings(environment: Environment, topics: TopicTemplates): Thing[] {
  const rules = topicRules(environment);
  return [...meterThings(environment, rules), ...weatherThings(environment, rules)].map(
    ({ name, city, attributes }) => {
      const meter = attributes["meter"] as keyof TopicTemplates["meters"] | undefined;
      const template = meter === undefined ? topics.weather : topics.meters[meter];
      const topic = template?.replaceAll("{city}", city).replaceAll("{type}", meter ?? "");
      return { name, topics: topic === undefined ? [] : [topic] };
    },
  );
}

function fromFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new UsageError(`The stack's outputs cannot be read: ${(error as Error).message}`);
  }
}

function fromPulumi(environment: string): string {
  try {
    return execFileSync("pulumi", ["stack", "output", "--json", "--stack", environment], {
      cwd: projectFolder,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    const fix = `\`pulumi stack output --json --stack ${environment} > outputs.json\` where it is, and --outputs outputs.json here, do as well.`;
    throw new UsageError(
      code === "ENOENT"
        ? `There is no Pulumi CLI on the path, which knows the outputs of the stack ${environment}. ${fix}`
        : `The Pulumi CLI does not give the outputs of the stack ${environment}: ${(stderr ?? String(error)).trim()}\n${fix}`,
    );
  }
}

function topicsOf(value: unknown, source: string): TopicTemplates {
  const { meters, weather } = Object(value) as { meters?: unknown; weather?: unknown };
  const wrong = [weather ?? null, ...Object.values(Object(meters) as Record<string, unknown>)].filter(
    (topic) => topic !== null && typeof topic !== "string",
  );
  if (typeof meters !== "object" || meters === null || wrong.length > 0) {
    throw new UsageError(
      `${source}: the output topics is ${JSON.stringify(value) ?? "missing"}; {"meters", "weather"} is needed.`,
    );
  }
  return {
    meters: Object.fromEntries(
      Object.entries(meters).map(([type, topic]) => [type, (topic as string | null) ?? undefined]),
    ),
    weather: (weather as string | null | undefined) ?? undefined,
  };
}
