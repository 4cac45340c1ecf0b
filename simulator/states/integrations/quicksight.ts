import { calls, type Place } from "../../permissions/index.ts";
import {
  answered,
  ingestionTypes,
  QuickSightRefusal,
  type Ingestions,
  type IngestionType,
} from "../../quicksight/ingestions.ts";
import type { Json, JsonObject } from "../json.ts";
import { StateError } from "../state-error.ts";
import type { Integration } from "./integration.ts";

const resource = (operation: string) => `arn:aws:states:::aws-sdk:quicksight:${operation}`;
const named = ["AwsAccountId", "DataSetId", "IngestionId"];
const denied = "QuickSight.AccessDeniedException";

/** QuickSight's ingestions by Step Functions' integration of AWS's SDK, with the machine's role. */
export function quicksightIntegrations(ingestions: Ingestions, { accountId }: Place): Integration[] {
  return [
    {
      resource: resource("createIngestion"),
      parameters: [...named, "IngestionType"],
      required: named,
      start: (parameters, task) =>
        refused(() => {
          const { dataSet, ingestion } = idsOf(parameters, accountId);
          task.authorize(calls.createsIngestion, { dataSet, ingestion }, denied);
          const { Arn, IngestionId, IngestionStatus } = ingestions.create(dataSet, ingestion, typeOf(parameters));
          return { Arn, IngestionId, IngestionStatus, ...answered(201) };
        }),
    },
    {
      resource: resource("describeIngestion"),
      parameters: named,
      required: named,
      start: (parameters, task) =>
        refused(() => {
          const { dataSet, ingestion } = idsOf(parameters, accountId);
          task.authorize(calls.describesIngestion, { dataSet, ingestion }, denied);
          const found = ingestions.describe(dataSet, ingestion);
          const CreatedTime = new Date(found.CreatedTime).toISOString();
          return { Ingestion: { ...found, CreatedTime } as unknown as Json, ...answered(200) };
        }),
    },
  ];
}

/** @throws QuickSightRefusal */
function idsOf({ AwsAccountId, DataSetId, IngestionId }: JsonObject, accountId: string) {
  if (AwsAccountId !== accountId) {
    const message = `AwsAccountId is ${JSON.stringify(AwsAccountId)}, and the account is ${accountId}`;
    throw new QuickSightRefusal("InvalidParameterValueException", message);
  }
  if (typeof DataSetId === "string" && typeof IngestionId === "string") {
    return { dataSet: DataSetId, ingestion: IngestionId };
  }
  throw new QuickSightRefusal("InvalidParameterValueException", "DataSetId and IngestionId must be texts");
}

/** @throws QuickSightRefusal */
function typeOf({ IngestionType: type = "FULL_REFRESH" }: JsonObject): IngestionType {
  const found = ingestionTypes.find((one) => one === type);
  if (found) return found;
  const message = `IngestionType is ${JSON.stringify(type)}; ${ingestionTypes.join(" and ")} are allowed`;
  throw new QuickSightRefusal("InvalidParameterValueException", message);
}

function refused(ask: () => Json): Promise<Json> {
  return Promise.try(ask).catch((error: unknown) => {
    if (!(error instanceof QuickSightRefusal)) throw error;
    throw new StateError(`QuickSight.${error.type}`, error.message);
  });
}
