import type { Pipeline } from "../../lambdas/transform/config.ts";
import type { Verb } from "../command-line.ts";
import { bytesOf, environmentOption, jsonOption, pipelineOption } from "../options.ts";

interface PreviewOptions {
  environment: string;
  pipeline: Pipeline;
  payload: string;
  topic?: string;
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
};
