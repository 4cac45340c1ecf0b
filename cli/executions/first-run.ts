import { DataFolder } from "@metercast/simulator";
import type { Environment } from "../../environments/index.ts";
import { dataset } from "../accounting.ts";
import type { Console } from "../console.ts";
import { predictionsTable } from "../predictions.ts";
import { outputsOf } from "../sending.ts";
import { openStored } from "../stored.ts";
import { arnOf } from "./endpoint.ts";
import { failureSentence, outputText, type RunOutput } from "./lines.ts";
import { executionName } from "./name.ts";

/** Hours before the latest that are predicted too, so that there are readings to compare with. */
const backtestHours = 72;

interface FirstRun {
  /** The simulator's endpoint. */
  http: string;
  environment: Environment;
  /** The data folder. */
  data: string;
  json: boolean;
  /** Stops the run. */
  signal: AbortSignal;
  console: Console;
}

/** What the schedule does, once, as soon as there are data: says what was predicted. Gives whether it succeeded. */
export async function firstRun({ http, environment, data, json, signal, console }: FirstRun): Promise<boolean> {
  if (!json) console.out("Predicting ...\n");
  const { follow } = await import("./follow.ts");
  const outcome = await follow({
    http,
    machine: arnOf(outputsOf(DataFolder.open(data, { create: false })), "inference"),
    name: executionName(),
    input: { backtestHours },
    passed: () => {},
    signal,
  });
  if (outcome.status !== "SUCCEEDED") {
    console.error(failureSentence(outcome));
    return false;
  }
  const output = outcome.output as RunOutput;
  if (json) {
    const { rows, window, rmsle } = output;
    const elapsedSeconds = outcome.seconds;
    console.out(`${JSON.stringify({ event: "predicted", rows, window, rmsle, elapsedSeconds })}\n`);
    return true;
  }
  console.out(`\n${outputText(output, outcome.seconds)}\n`);
  const stored = await openStored(data);
  try {
    console.out(`${predictionsTable(await stored.catalog.query(dataset("predictions_overview")), environment)}\n`);
  } finally {
    stored.catalog.close();
  }
  return true;
}
