import { Command, CommanderError, Help, type Option } from "commander";
import type { Console } from "./console.ts";
import { UsageError } from "./options.ts";
import { channelVerb } from "./verbs/channel.ts";
import { costVerb } from "./verbs/cost.ts";
import { datasetVerb } from "./verbs/dataset.ts";
import { digestVerb } from "./verbs/digest.ts";
import { environmentVerb } from "./verbs/environment.ts";
import { graphVerb } from "./verbs/graph.ts";
import { loadVerb } from "./verbs/load.ts";
import { modelVerb } from "./verbs/model.ts";
import { pipelineVerb } from "./verbs/pipeline.ts";
import { queryVerb } from "./verbs/query.ts";
import { ruleVerb } from "./verbs/rule.ts";
import { runVerb } from "./verbs/run.ts";
import { runsVerb } from "./verbs/runs.ts";
import { startVerb } from "./verbs/start.ts";
import { statusVerb } from "./verbs/status.ts";

export const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

/**
 * Names of the errors whose message is meant for the person at the keyboard; any other is a fault of ours and shows its
 * stack. Names, since their packages are loaded by the verbs that need them.
 */
const expected = new Set([
  "CostError",
  "DataFolderError",
  "DeclarationError",
  "EnvironmentError",
  "EvaluationError",
  "ExecutionError",
  "GraphError",
  "LoadError",
  "LogDamage",
  "MalformedModelError",
  "ModelCardError",
  "ModelError",
  "PermissionError",
  "PortError",
  "PublishError",
  "PythonError",
  "QueryError",
  "ReprocessError",
  "SourceError",
  "UnknownEnvironmentError",
]);

/** A verb: declares its options, and gives the exit code of a run. */
export type Verb = (program: Command, console: Console, finish: (code: number) => void) => void;

const verbs: Verb[] = [
  startVerb,
  loadVerb,
  queryVerb,
  statusVerb,
  runVerb,
  runsVerb,
  datasetVerb,
  digestVerb,
  modelVerb,
  environmentVerb,
  graphVerb,
  costVerb,
  pipelineVerb,
  channelVerb,
  ruleVerb,
];

/** Runs one command; gives the exit code. */
export async function commandLine(words: string[], console: Console): Promise<number> {
  let code: number = exitCodes.done;
  const program = new Command("metercast")
    .description("Smart-meter data on AWS, declared with Pulumi, and the same on this machine.")
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError("(--help shows what is allowed)")
    .configureHelp({ optionDescription })
    .exitOverride()
    .configureOutput({ writeOut: console.out, writeErr: console.error });
  for (const verb of verbs) verb(program, console, (result) => (code = result));
  for (const command of withSubcommands(program)) command.copyInheritedSettings(program);
  try {
    await program.parseAsync(words, { from: "user" });
    return code;
  } catch (error) {
    return codeOf(error as Error, console);
  }
}

/** That a switch is off where it is not given goes without saying. */
function optionDescription(option: Option): string {
  const text = new Help().optionDescription(option);
  return option.defaultValue === false ? text.replace(" (default: false)", "") : text;
}

function codeOf(error: Error, console: Console): number {
  // commander has written its own message; help and version end with 0
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  if (error instanceof UsageError) {
    console.error(`${error.message}\n`);
    return exitCodes.usage;
  }
  console.error(`${expected.has(error.name) ? error.message : error.stack}\n`);
  return exitCodes.failed;
}

function withSubcommands(command: Command): Command[] {
  return command.commands.flatMap((child) => [child, ...withSubcommands(child)]);
}
