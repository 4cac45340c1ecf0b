import type { Payload, Step } from "./asl.ts";
import type { FunctionStep, QueryPlace } from "./tasks.ts";
import { invoke, query, statement } from "./tasks.ts";

/** What both machines work with. */
export interface DatasetParts {
  plan: FunctionStep;
  publish: FunctionStep;
  place: QueryPlace;
}

/** Where the run's own figures lie in the state: what the step Begin gave. */
export const runPath = "$.run.value";

/** From what arrived to datasets that hold it: the whole of the datasets' machine, the first part of the forecasts'. */
export function datasetSteps({ plan, publish, place }: DatasetParts): Step[] {
  const begin: Payload = {
    "step": "begin",
    "execution": { "name.$": "$$.Execution.Name", "startTime.$": "$$.Execution.StartTime" },
    "input.$": "$$.Execution.Input",
  };
  return [
    invoke("Begin", plan, begin, { path: "$.run" }),
    query("What arrived", place, { "QueryString.$": `${runPath}.arrivals.sql` }, "$.arrived"),
    invoke(
      "Plan datasets",
      plan,
      { "step": "datasets", "run.$": runPath, "result.$": "$.arrived.ResultConfiguration.OutputLocation" },
      { path: "$.datasets" },
    ),
    refresh("Refresh datasets", "$.datasets", { publish, place }, ""),
    invoke("Mark", publish, { "step": "mark", "run.$": runPath }, { path: null }),
  ];
}

/**
 * Makes datasets anew, one after another, since a later one may read an earlier one; the statements of one, each some days,
 * go side by side. What was made takes the place of the items, whose statements would fill the state.
 *
 * @param path Where the items lie, as `value`.
 * @param suffix Tells the states of a second refresh in one machine apart: their names are the machine's own.
 */
export function refresh(
  name: string,
  path: string,
  { publish, place }: Pick<DatasetParts, "publish" | "place">,
  suffix: string,
): Step {
  const ask: Step = {
    name: `Query dataset${suffix}`,
    kind: "map",
    map: {
      ItemsPath: "$.item.statements",
      ItemSelector: { "dataset.$": "$.item.name", "statement.$": "$$.Map.Item.Value" },
      subject: "$.dataset",
      MaxConcurrency: 4,
      ResultPath: "$.results",
      steps: [query(`Query${suffix}`, place, statement("$.statement"), "$")],
    },
  };
  const made: Payload = {
    "name.$": "$.Payload.name",
    "version.$": "$.Payload.version",
    "written.$": "$.Payload.written",
    "superseded.$": "$.Payload.superseded",
    "delivered.$": "$.Payload.delivered",
  };
  const put: Payload = { "step": "publish", "item.$": "$.item", "run.$": "$.run", "results.$": "$.results" };
  return {
    name,
    kind: "map",
    map: {
      ItemsPath: `${path}.value`,
      ItemSelector: { "item.$": "$$.Map.Item.Value", "run.$": runPath },
      subject: "$.item.name",
      MaxConcurrency: 1,
      ResultPath: path,
      steps: [ask, invoke(`Publish${suffix}`, publish, put, { path: "$", select: made })],
    },
  };
}
