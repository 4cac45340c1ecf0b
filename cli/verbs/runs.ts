import { paginateListExecutions, type ExecutionListItem } from "@aws-sdk/client-sfn";
import type { Verb } from "../command-line.ts";
import { withMachines, type MachineName } from "../executions/endpoint.ts";
import { clientAt } from "../executions/follow.ts";
import { dataFolderOf, dataOption, environmentOption, jsonOption, wholeNumber } from "../options.ts";
import { table } from "../table.ts";

interface Options {
  environment: string;
  data?: string;
  newest: number;
  json: boolean;
}

/** An execution, as the list has it. */
interface Listed {
  run: string;
  machine: MachineName;
  status: string;
  /** ISO 8601. */
  started: string;
  /** null while it runs. */
  seconds: number | null;
}

export const runsVerb: Verb = (program, console, finish) => {
  program
    .command("runs")
    .description(
      "Lists the executions of the state machines, the newest first: of schedules, of `run` and of `dataset run`",
    )
    .addOption(environmentOption())
    .addOption(dataOption())
    .option("--newest <n>", "how many at most", wholeNumber(1, 10_000), 20)
    .addOption(jsonOption("one JSON array on standard output"))
    .action(async ({ newest, json, ...where }: Options) => {
      const warn = (sentence: string) => console.error(`${sentence}\n`);
      const listed = await withMachines(dataFolderOf(where), warn, async ({ http, arn }) =>
        [
          ...(await executionsOf(http, arn("inference"), "inference", newest)),
          ...(await executionsOf(http, arn("datasets"), "datasets", newest)),
        ]
          .sort((a, b) => b.started.localeCompare(a.started))
          .slice(0, newest),
      );
      if (json) console.out(`${JSON.stringify(listed)}\n`);
      else
        console.out(listed.length === 0 ? "Nothing has run yet: `metercast run` predicts.\n" : table(rowsOf(listed)));
      finish(0);
    });
};

async function executionsOf(http: string, arn: string, machine: MachineName, newest: number): Promise<Listed[]> {
  const client = clientAt(http);
  try {
    const found: ExecutionListItem[] = [];
    for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn: arn })) {
      found.push(...executions);
      if (found.length >= newest) break;
    }
    return found.map(({ name = "", status = "", startDate, stopDate }) => ({
      run: name,
      machine,
      status,
      started: startDate?.toISOString() ?? "",
      seconds: startDate && stopDate ? (stopDate.getTime() - startDate.getTime()) / 1000 : null,
    }));
  } finally {
    client.destroy();
  }
}

function rowsOf(listed: readonly Listed[]) {
  return listed.map(({ seconds, started, ...rest }) => ({
    ...rest,
    started: `${started.slice(0, 19).replace("T", " ")} UTC`,
    seconds: seconds === null ? "" : Number(seconds.toFixed(1)),
  }));
}
