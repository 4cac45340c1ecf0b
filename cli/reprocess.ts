import { reprocess } from "@metercast/simulator";
import { deliveryStreamName } from "../components/naming/names.ts";
import { environmentFile, loadEnvironment } from "../environments/index.ts";
import type { Pipeline } from "../lambdas/transform/config.ts";
import { accountingOf, type Accounting } from "./accounting.ts";
import { evaluateAside } from "./evaluation.ts";
import { defaultDataFolder } from "./options.ts";
import { openStored } from "./stored.ts";
import { accountingTable } from "./verbs/status.ts";

/** What a reprocessing did, and what has become of everything since. */
export interface ReprocessResult {
  pipeline: Pipeline;
  /** Raw messages that went through the pipeline. */
  messages: number;
  accounting: Accounting;
}

/**
 * Sends the raw messages of a pipeline's channel that arrived in a span through the pipeline as its environment's file has
 * it now.
 *
 * @param span epoch milliseconds of arrival: `from` included, `to` not
 * @param warn gets a sentence for what a person should know
 * @throws DataFolderError while the simulator runs; ReprocessError when the pipeline cannot take them all
 */
export async function reprocessPipeline(
  environmentName: string,
  pipeline: Pipeline,
  span: { from: number; to: number },
  dataFolder: string | undefined,
  warn: (sentence: string) => void,
): Promise<ReprocessResult> {
  const file = environmentFile(environmentName);
  const { name } = loadEnvironment(file);
  const data = dataFolder ?? defaultDataFolder(name);
  const { records } = await reprocess({
    evaluate: () => evaluateAside(file),
    data,
    stream: deliveryStreamName(name, pipeline),
    leftOutStreams: [deliveryStreamName(name, "left-out")],
    ...span,
    warn,
  });
  const stored = await openStored(data);
  try {
    return { pipeline, messages: records, accounting: await accountingOf(stored) };
  } finally {
    stored.catalog.close();
  }
}

/** The result for people. */
export function reprocessText({ pipeline, messages, accounting }: ReprocessResult): string {
  const what = `${messages} message${messages === 1 ? "" : "s"}`;
  return `${what} of the channel went through the pipeline ${pipeline} again.\n${accountingTable(accounting)}`;
}
