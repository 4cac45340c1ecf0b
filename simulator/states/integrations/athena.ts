import {
  AthenaRefusal,
  checkedInput,
  resultPage,
  type AthenaService,
  type QueryExecution,
} from "../../athena/index.ts";
import { calls, machineCaller } from "../../permissions/index.ts";
import type { ObjectStore } from "../../s3/index.ts";
import type { Json, JsonObject } from "../json.ts";
import { reserved, StateError } from "../state-error.ts";
import type { Integration, TaskContext } from "./integration.ts";

const resource = (operation: string) => `arn:aws:states:::athena:${operation}`;

const startParameters = [
  "QueryString",
  "ClientRequestToken",
  "QueryExecutionContext",
  "ResultConfiguration",
  "ResultReuseConfiguration",
  "WorkGroup",
];
const byId = { parameters: ["QueryExecutionId"], required: ["QueryExecutionId"] };

/**
 * Athena as Step Functions calls it, with the machine's role (Step Functions developer guide, "Run Athena queries with
 * Step Functions").
 */
export function athenaIntegrations(service: AthenaService, store: ObjectStore): Integration[] {
  const start = (parameters: JsonObject, { machine }: TaskContext) =>
    refused(() => service.start(checkedInput("StartQueryExecution", parameters), machineCaller(machine)));
  const idOf = (parameters: JsonObject) => checkedInput("GetQueryExecution", parameters).QueryExecutionId;
  return [
    {
      resource: resource("startQueryExecution"),
      parameters: startParameters,
      required: ["QueryString"],
      start: async (parameters, task) => ({ QueryExecutionId: await start(parameters, task) }),
    },
    {
      resource: resource("startQueryExecution.sync"),
      parameters: startParameters,
      required: ["QueryString"],
      start: async (parameters, task) => {
        const id = await start(parameters, task);
        task.submitted({ QueryExecutionId: id });
        const { WorkGroup: workgroup } = service.get(id);
        // what .sync itself does: it looks at the query, and stops it when the task is given up
        task.authorize(calls.followsQuery, { workgroup }, denied);
        task.authorize(calls.stopsQuery, { workgroup }, denied);
        const stop = () => void service.stop(id);
        task.signal.addEventListener("abort", stop, { once: true });
        const ended = await service.finished(id);
        task.signal.removeEventListener("abort", stop);
        const execution = ended as unknown as Json;
        if (ended.Status.State === "SUCCEEDED") return { QueryExecution: execution };
        throw new StateError(reserved.taskFailed, JSON.stringify(causeOf(ended)));
      },
    },
    {
      resource: resource("getQueryExecution"),
      ...byId,
      start: (parameters, { machine }) =>
        refused(() => ({
          QueryExecution: service.get(idOf(parameters), machineCaller(machine)) as unknown as Json,
        })),
    },
    {
      resource: resource("getQueryResults"),
      parameters: ["QueryExecutionId", "MaxResults", "NextToken"],
      required: ["QueryExecutionId"],
      start: (parameters, { machine }) =>
        refused(
          async () =>
            (await resultPage(
              service,
              store,
              checkedInput("GetQueryResults", parameters),
              machineCaller(machine),
            )) as Json,
        ),
    },
    {
      resource: resource("stopQueryExecution"),
      ...byId,
      start: (parameters, { machine }) =>
        refused(async () => {
          await service.stop(idOf(parameters), machineCaller(machine));
          return {};
        }),
    },
  ];
}

/** The name by which Step Functions has what the service refuses an access with. */
const denied = "Athena.AccessDeniedException";

/** What a failed query tells: the whole execution but its text, which may be as long as a cause may be. */
function causeOf({ Query: _, ...told }: QueryExecution): object {
  return told;
}

async function refused<Result>(ask: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof AthenaRefusal)) throw error;
    throw new StateError(`Athena.${error.type}`, error.message);
  }
}
