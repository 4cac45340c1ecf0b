import { createHash } from "node:crypto";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compileStatement } from "@metercast/iot-sql";
import type { Target, TopicTemplates } from "@metercast/loader";
import { DataFolderError, type DataFolder } from "@metercast/simulator";
import { topicRules, type Environment } from "../environments/index.ts";

/** What a load needs to know of the stack that it sends to, by the stack's outputs. */
export interface Stack {
  topics: TopicTemplates;
  bucket: string;
}

/** What a load needs to know of the stack that a data folder runs. @throws DataFolderError */
export function stackOf(folder: DataFolder): Stack {
  const { topics, bucket } = outputsOf(folder) as unknown as Stack;
  return { topics, bucket };
}

/** The outputs of the stack that a data folder runs. @throws DataFolderError */
export function outputsOf(folder: DataFolder): Record<string, unknown> {
  const graph = folder.storedGraph();
  if (!graph) throw new DataFolderError(`${folder.path} is no data folder of a simulator: run \`npm start\` first.`);
  return graph.outputs;
}

/** Which rules of an environment make nothing of what is sent in envelopes; undefined where there are none. */
export function envelopeWarning(environment: Environment, envelope: number): string | undefined {
  if (envelope === 1) return undefined;
  const rules = topicRules(environment).filter(({ sql }) => compileStatement(sql).shape === "columns");
  if (rules.length === 0) return undefined;
  return (
    `Warning: ${rules.map(({ name }) => name).join(", ")}: a SELECT of columns makes {} of an envelope, ` +
    `which is rejected; send without --envelope, or use SELECT *.`
  );
}

/** The endpoints of a simulator as a target. */
export async function simulatorTarget(bucket: string, mqtt: string, http: string): Promise<Target> {
  const { mqttTarget } = await import("@metercast/loader");
  return mqttTarget({ url: mqtt, bucketUrl: `${http}/${bucket}` });
}

/**
 * Where the progress of a load into a data folder is kept, so that it goes on after an interruption.
 *
 * @param load what tells it from others: "start", or the options of a command
 */
export function resumeFileIn(folder: DataFolder, load: unknown): string {
  return join(folder.path, "loads", `${nameOf(load)}.json`);
}

/** The same for a load into a deployed environment. */
export function resumeFileOf(environment: string, load: unknown): string {
  return join(loadsFolder, environment, `${nameOf(load)}.json`);
}

const loadsFolder = fileURLToPath(new URL("../.metercast/deployed-loads", import.meta.url));

function nameOf(load: unknown): string {
  return typeof load === "string" ? load : createHash("sha256").update(JSON.stringify(load)).digest("hex").slice(0, 16);
}
