import type { Verb } from "../command-line.ts";
import type { Console } from "../console.ts";
import { withMachines } from "../executions/endpoint.ts";
import { follow, type Outcome } from "../executions/follow.ts";
import { failureSentence, outputText, stateLine, type RunOutput } from "../executions/lines.ts";
import { executionName } from "../executions/name.ts";
import type { StateEvent } from "../executions/passage.ts";
import {
  dataFolderOf,
  dataOption,
  environmentOption,
  instant,
  jsonOption,
  UsageError,
  wholeNumber,
} from "../options.ts";

interface Options {
  environment: string;
  data?: string;
  from?: number;
  to?: number;
  backtest?: number;
  json: boolean;
}

export const runVerb: Verb = (program, console, finish) => {
  program
    .command("run")
    .description(
      "Predicts: runs the schedule's state machine once, from each city's latest complete hour or over past hours, and shows its states as they pass",
    )
    .addOption(environmentOption())
    .addOption(dataOption())
    .option("--from <time>", "first hour to predict, such as 2018-12-14T00:00Z; needs --to", instant)
    .option("--to <time>", "end of the hours to predict; needs --from", instant)
    .option(
      "--backtest <hours>",
      "predict this many past hours too, to compare them with readings",
      wholeNumber(1, 8784),
    )
    .addOption(jsonOption("JSON lines: a line per state that was passed, and one for the end"))
    .action(async (options: Options) => finish(await predict(options, console)));
};

async function predict({ json, ...options }: Options, console: Console): Promise<number> {
  const input = inputOf(options);
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopped.abort());
  const warn = (sentence: string) => console.error(`${sentence}\n`);
  const outcome = await withMachines(dataFolderOf(options), warn, async ({ http, arn }) => {
    const name = executionName();
    if (!json) console.out(`Run ${name}\n`);
    const passed = (event: StateEvent) => {
      if (json) console.out(`${JSON.stringify({ event: "state", ...event })}\n`);
      else console.out(stateLine(event));
    };
    return follow({ http, machine: arn("inference"), name, input, passed, signal: stopped.signal });
  });
  console.out(json ? `${JSON.stringify({ event: "ended", ...outcome })}\n` : outcomeText(outcome));
  if (outcome.status === "SUCCEEDED") return 0;
  if (!json) console.error(failureSentence(outcome));
  return 1;
}

function outcomeText(outcome: Outcome): string {
  return outcome.status === "SUCCEEDED" ? `\n${outputText(outcome.output as RunOutput, outcome.seconds)}` : "\n";
}

/** @throws UsageError */
function inputOf({ from, to, backtest }: Omit<Options, "json">): object {
  if ((from === undefined) !== (to === undefined)) throw new UsageError("--from and --to go together.");
  if (from !== undefined && to !== undefined) {
    if (backtest !== undefined) throw new UsageError("--backtest goes without --from and --to, which say the hours.");
    if (from >= to) throw new UsageError("--from must lie before --to.");
    return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  }
  return backtest === undefined ? {} : { backtestHours: backtest };
}
