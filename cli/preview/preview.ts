import { compileStatement } from "@metercast/iot-sql";
import { activityFunctions } from "../../components/ingestion/pipeline-activities.ts";
import { pipelineConfig } from "../../components/ingestion/transform-config.ts";
import { environmentFile, loadEnvironment, topicRules, type Environment } from "../../environments/index.ts";
import type { Pipeline } from "../../lambdas/transform/config.ts";
import { decodeMessage, decodeRecord, type Message } from "../../lambdas/transform/message.ts";
import { previewMessage, type MessagePreview } from "../../lambdas/transform/preview.ts";
import { UsageError } from "../options.ts";
import { LocalFunctions } from "./local-functions.ts";

/** How a message fares in a pipeline of an environment. */
export interface Preview extends MessagePreview {
  environment: string;
  pipeline: Pipeline;
  /** Where it was published to; null for a message that no rule was asked about. */
  topic: string | null;
  /** The topic rule that took it. */
  rule: string | null;
}

/**
 * Sends a message through a pipeline as the environment's file declares it. Nothing is stored and nothing needs to run.
 * With a topic, the topic rule that takes it comes first: what its SELECT makes of the message is what the pipeline gets.
 *
 * @param report gets what functions of the team's print, and why they failed
 * @throws UsageError for a topic whose rule does not take the message
 */
export async function preview(
  environmentName: string,
  pipeline: Pipeline,
  payload: Uint8Array,
  topic: string | undefined,
  report: (line: string) => void,
): Promise<Preview> {
  const environment = loadEnvironment(environmentFile(environmentName));
  const received = Date.now();
  const { rule, message } =
    topic === undefined
      ? { rule: null, message: decodeMessage(Buffer.from(payload), null, null, received) }
      : throughRule(environment, pipeline, payload, topic, received);
  const functions = new LocalFunctions(activityFunctions(environment, pipeline), report);
  try {
    const shown = await previewMessage(pipelineConfig(environment, pipeline), message, {
      invoke: functions.invoke,
      remaining: () => Infinity,
      report,
    });
    return { environment: environment.name, pipeline, topic: topic ?? null, rule, ...shown };
  } finally {
    functions.close();
  }
}

function throughRule(
  environment: Environment,
  pipeline: Pipeline,
  payload: Uint8Array,
  topic: string,
  received: number,
): { rule: string; message: Message } {
  const kind = pipeline === "readings" ? "meter" : "weather";
  const rules = topicRules(environment)
    .filter((rule) => rule.kind === kind)
    .map(({ name, sql }) => ({ name, statement: compileStatement(sql) }));
  const rule = rules.find(({ statement }) => statement.matchesTopic(topic));
  if (rule === undefined) {
    const filters = rules.map(({ statement }) => statement.topicFilter).filter((filter) => filter !== undefined);
    throw new UsageError(
      `No rule of the pipeline ${pipeline} takes the topic ${topic}: they take ${filters.join(", ")}.`,
    );
  }
  const line = rule.statement.evaluate({ payload, topic, received, protocol: "mqtt" });
  if (line === undefined) {
    throw new UsageError(`The rule ${rule.name} does not take the message: its WHERE is not true of it.`);
  }
  const data = Buffer.from(line).toString("base64");
  return {
    rule: rule.name,
    message: decodeRecord({ recordId: "preview", approximateArrivalTimestamp: received, data }),
  };
}
