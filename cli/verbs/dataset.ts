import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { dataset, datasets } from "../../datasets/index.ts";
import { environmentFile, loadEnvironment } from "../../environments/index.ts";
import { withMachines } from "../executions/endpoint.ts";
import { follow } from "../executions/follow.ts";
import { failureSentence, stateLine } from "../executions/lines.ts";
import { executionName } from "../executions/name.ts";
import { dataFolderOf, dataOption, environmentOption, instant, jsonOption, UsageError } from "../options.ts";
import { openStored } from "../stored.ts";
import { table } from "../table.ts";

interface Listed {
  name: string;
  what: string;
  /** What makes it anew. */
  trigger: string;
  stored: string;
  /** Key that each version is delivered under. */
  deliver?: string;
}

export const datasetVerb: Verb = (program, console, finish) => {
  const verb = program
    .command("dataset")
    .description("Datasets: SQL over what is stored, kept up to date by the state machine");
  verb
    .command("list")
    .description("The datasets of the project and of an environment: what they are, and what makes them anew")
    .addOption(environmentOption())
    .addOption(jsonOption("one JSON array on standard output"))
    .action(({ environment, json }: { environment: string; json: boolean }) => {
      const listed = listOf(environment);
      console.out(
        json
          ? `${JSON.stringify(listed)}\n`
          : table(listed.map(({ what, ...rest }) => ({ ...rest, what: shortened(what) }))),
      );
      finish(0);
    });
  verb
    .command("run")
    .description(
      "Makes a dataset anew, and those that it is made of: what arrived, or with --from and --to these days from scratch",
    )
    .argument("<name>", "a name of `dataset list`")
    .addOption(environmentOption())
    .addOption(dataOption())
    .option("--from <time>", "first day, such as 2018-12-03T00:00Z; needs --to", instant)
    .option("--to <time>", "end of the days; needs --from", instant)
    .addOption(jsonOption("JSON lines: a line per state that was passed, and one for the end"))
    .action(async (name: string, options: RunOptions) => finish(await make(name, options, console)));
};

interface RunOptions {
  environment: string;
  data?: string;
  from?: number;
  to?: number;
  json: boolean;
}

async function make(name: string, { json, from, to, ...where }: RunOptions, console: Console): Promise<number> {
  if ((from === undefined) !== (to === undefined)) throw new UsageError("--from and --to go together.");
  const listed = listOf(where.environment);
  const known = listed.find((one) => one.name === name);
  if (!known) {
    throw new UsageError(`There is no dataset ${name}: there are ${listed.map((one) => one.name).join(", ")}.`);
  }
  if (known.trigger === "run" || known.trigger === "forecast") {
    throw new UsageError(`${name} is a question that each run asks for itself: \`metercast run\` asks it.`);
  }
  if (known.trigger === "demand" && known.deliver === undefined && from === undefined && isOfProject(name)) {
    return ask(name, json, dataFolderOf(where), console);
  }
  const window =
    from === undefined || to === undefined
      ? {}
      : { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  const warn = (sentence: string) => console.error(`${sentence}\n`);
  const outcome = await withMachines(dataFolderOf(where), warn, ({ http, arn }) =>
    follow({
      http,
      machine: arn("datasets"),
      name: executionName(),
      input: { datasets: [firstOf(name)], ...window },
      passed: (event) => console.out(json ? `${JSON.stringify({ event: "state", ...event })}\n` : stateLine(event)),
    }),
  );
  if (json) console.out(`${JSON.stringify({ event: "ended", ...outcome })}\n`);
  else if (outcome.status === "SUCCEEDED") console.out(madeSentence(known, outcome.seconds));
  else console.error(failureSentence(outcome));
  return outcome.status === "SUCCEEDED" ? 0 : 1;
}

/** The answer itself, of a dataset that is kept nowhere. */
async function ask(name: string, json: boolean, data: string, console: Console): Promise<number> {
  const stored = await openStored(data);
  try {
    const rows = await stored.catalog.query(dataset(name).sql);
    console.out(json ? `${JSON.stringify(rows)}\n` : table(rows));
    return 0;
  } finally {
    stored.catalog.close();
  }
}

function madeSentence({ name, stored, deliver }: Listed, seconds: number): string {
  const where =
    deliver !== undefined ? `delivered under ${deliver}` : `metercast query "SELECT * FROM ${name} LIMIT 5"`;
  const how = stored === "no" || deliver !== undefined ? where : `ask it: ${where}`;
  return `${name} is made, in ${seconds.toFixed(1)} s: ${how}\n`;
}

function isOfProject(name: string): boolean {
  return datasets.some((one) => one.name === name);
}

/** The dataset by which all begins that a dataset is made of: those that it makes are made anew with it. */
function firstOf(name: string): string {
  const trigger = datasets.find((one) => one.name === name)?.trigger;
  return trigger?.on === "dataset" ? firstOf(trigger.name) : name;
}

function listOf(environmentName: string): Listed[] {
  const environment = loadEnvironment(environmentFile(environmentName));
  return [
    ...datasets.map(({ name, what, trigger, stored, deliver }) => ({
      name,
      what,
      trigger: "name" in trigger ? trigger.name : trigger.on,
      stored,
      ...(deliver === undefined ? {} : { deliver }),
    })),
    ...environment.datasets.map(({ name, schedule, deliver }) => ({
      name,
      what: "of the environment file",
      trigger: schedule ?? "demand",
      stored: "whole",
      ...(deliver === undefined ? {} : { deliver }),
    })),
  ];
}

/** The first sentence. */
function shortened(what: string): string {
  return what.split(/(?<=[.:])\s/, 1)[0] ?? what;
}
