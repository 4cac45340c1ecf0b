import type { Pipeline } from "../../lambdas/transform/config.ts";
import type { Verb } from "../command-line.ts";
import { bytesOf, dataOption, environmentOption, instant, jsonOption, pipelineOption, UsageError } from "../options.ts";

interface PreviewOptions {
  environment: string;
  pipeline: Pipeline;
  payload: string;
  topic?: string;
  json: boolean;
}

interface ReprocessOptions {
  environment: string;
  pipeline: Pipeline;
  from: number;
  to: number;
  data?: string;
  json: boolean;
}

export const pipelineVerb: Verb = (program, console, finish) => {
  const pipeline = program.command("pipeline").description("The pipelines: readings and weather");
  pipeline
    .command("preview")
    .description("Shows what each activity makes of a message, step by step, and the row that is stored of it")
    .addOption(environmentOption())
    .addOption(pipelineOption().makeOptionMandatory())
    .requiredOption("--payload <text>", "the message as it is published; @FILE reads it from a file")
    .option("--topic <topic>", "the topic that it is published to: its rule takes it first")
    .addOption(jsonOption())
    .action(async ({ environment, pipeline: name, payload, topic, json }: PreviewOptions) => {
      const { preview } = await import("../preview/preview.ts");
      const { previewText } = await import("../preview/text.ts");
      const shown = await preview(environment, name, bytesOf(payload), topic, (line) => console.error(`${line}\n`));
      console.out(json ? `${JSON.stringify(shown)}\n` : previewText(shown));
      finish(0);
    });

  pipeline
    .command("reprocess")
    .description(
      "Sends the raw messages of the channel through the pipeline of today; what comes of them takes the place of what came of them before. The simulator must be stopped",
    )
    .addOption(environmentOption())
    .addOption(pipelineOption().makeOptionMandatory())
    .option("--from <stamp>", "messages that arrived from here on, ISO 8601 (default: all)", instant, 0)
    .option("--to <stamp>", "messages that arrived before, ISO 8601 (default: all)", instant, Number.MAX_SAFE_INTEGER)
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async ({ environment, pipeline: name, from, to, data, json }: ReprocessOptions) => {
      if (from >= to) throw new UsageError("--from must lie before --to.");
      const { reprocessPipeline, reprocessText } = await import("../reprocess.ts");
      const result = await reprocessPipeline(environment, name, { from, to }, data, (line) =>
        console.error(`${line}\n`),
      );
      console.out(json ? `${JSON.stringify(result)}\n` : reprocessText(result));
      finish(0);
    });
};
