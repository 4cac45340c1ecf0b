import { join } from "node:path";
import type { Graph } from "@metercast/graph";
import { mqttTarget, type Target } from "@metercast/loader";
import type { TopicTemplates } from "@metercast/loader";

/** What a load needs to know of the stack that it sends to, by the stack's outputs. */
export interface Stack {
  topics: TopicTemplates;
  bucket: string;
}

export function stackOf(graph: Graph): Stack {
  const { topics, bucket } = graph.outputs as { topics: TopicTemplates; bucket: string };
  return { topics, bucket };
}

/** The endpoints of a simulator as a target. */
export function simulatorTarget(graph: Graph, mqtt: string, http: string): Promise<Target> {
  return mqttTarget({ url: mqtt, bucketUrl: `${http}/${stackOf(graph).bucket}` });
}

/** Where the progress of loads into a data folder is kept. */
export function resumeFileIn(dataFolder: string): string {
  return join(dataFolder, "load.json");
}
