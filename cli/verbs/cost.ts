import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import type { Verb } from "../command-line.ts";
import { environmentOption, jsonOption, wholeNumber } from "../options.ts";

interface Options {
  environment: string;
  json: boolean;
  markdown: boolean;
  prices: boolean;
  readingsPerHour?: number;
  envelope?: number;
  monthsKept?: number;
  queriesPerDay?: number;
}

export const costVerb: Verb = (program, console, finish) => {
  program
    .command("cost")
    .description("What an environment costs: dollars per million readings and per month, from what it declares")
    .addOption(environmentOption())
    .addOption(jsonOption())
    .option("--markdown", "the tables of docs/cost.md", false)
    .option("--prices", "the prices with their sources, as in docs/cost.md", false)
    .option(
      "--readings-per-hour <n>",
      "readings an hour (default: each building has each meter type of its city, read hourly)",
      wholeNumber(1, 1e9),
    )
    .option("--envelope <n>", "readings that a message may hold (default: 1)", wholeNumber(1, 10_000))
    .option("--months-kept <n>", "months of data that have gathered (default: 12)", wholeNumber(1, 1200))
    .option("--queries-per-day <n>", "queries a day, each over 30 days of readings (default: 24)", wholeNumber(0, 1e6))
    .action(async ({ environment: name, json, markdown, prices, ...options }: Options) => {
      const { costReport, evaluate } = await import("@metercast/graph");
      const { costText, priceText } = await import("../cost-tables.ts");
      if (prices) {
        console.out(priceText());
        return finish(0);
      }
      const environment = loadEnvironment(environmentFile(name));
      const { graph } = await evaluate(environment);
      const report = costReport(graph, environment, options);
      console.out(json ? `${JSON.stringify(report)}\n` : costText(report, markdown));
      finish(0);
    });
};
