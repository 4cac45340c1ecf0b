import type { Pipeline } from "../../lambdas/transform/config.ts";
import type { Verb } from "../command-line.ts";
import { dataOption, dataFolderOf, environmentOption, jsonOption, pipelineOption, wholeNumber } from "../options.ts";

interface SampleOptions {
  environment: string;
  pipeline?: Pipeline;
  count: number;
  data?: string;
  json: boolean;
}

/** IoT Analytics gave ten messages of a channel; here it is a matter of what a terminal takes. */
const mostMessages = 100_000;

export const channelVerb: Verb = (program, console, finish) => {
  const channel = program.command("channel").description("The channels: raw messages as they came, kept for some days");
  channel
    .command("sample")
    .description("Shows the newest raw messages of a channel, decoded, while the simulator runs or after it")
    .addOption(environmentOption())
    .addOption(pipelineOption())
    .option("--count <n>", "messages at most", wholeNumber(1, mostMessages), 10)
    .addOption(dataOption())
    .addOption(jsonOption("one JSON array of messages on standard output"))
    .action(async ({ pipeline, count, json, ...where }: SampleOptions) => {
      const { sampleChannel, sampleText } = await import("../channel-sample.ts");
      const messages = await sampleChannel(dataFolderOf(where), pipeline, count);
      console.out(json ? `${JSON.stringify(messages)}\n` : sampleText(messages));
      finish(0);
    });
};
