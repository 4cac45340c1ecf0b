import type { Payload, Retrier, Step } from "./asl.ts";

/** What a Lambda step needs to know of its function. */
export interface FunctionStep {
  /** ARN of the published version. */
  arn: string;
  /** Seconds that an invocation may take. */
  timeoutSeconds: number;
}

/** Where queries run. */
export interface QueryPlace {
  workgroup: string;
  database: string;
}

/** Seconds beyond its function's own timeout that a step waits: for a cold start and for a queue of invocations. */
const invocationSeconds = 60;

/** Seconds that one query may take. Athena's own limit for DML is 30 minutes (Service Quotas, "DML query timeout"). */
const querySeconds = 1800;

/**
 * What is transient in Lambda: Step Functions developer guide, "Handle transient Lambda service exceptions". An error of
 * the function's own is not among them: the same input would give it again.
 */
const lambdaRetry: readonly Retrier[] = [
  {
    ErrorEquals: [
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.TooManyRequestsException",
    ],
    IntervalSeconds: 2,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  },
];

/** Athena's queue is full, or a query failed: of the latter what is worth a second try cannot be told from what is not. */
const athenaRetry: readonly Retrier[] = [
  {
    ErrorEquals: ["Athena.TooManyRequestsException", "Athena.InternalServerException", "Athena.SdkClientException"],
    IntervalSeconds: 5,
    MaxAttempts: 6,
    BackoffRate: 2,
    MaxDelaySeconds: 60,
    JitterStrategy: "FULL",
  },
  { ErrorEquals: ["States.TaskFailed"], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 2 },
];

/**
 * A step that invokes a function.
 *
 * @param result Where its result goes, and what of it: all, as `value`, if nothing else is said.
 */
export function invoke(
  name: string,
  { arn, timeoutSeconds }: FunctionStep,
  payload: Payload,
  result: { path: string | null; select?: Payload },
): Step {
  return {
    name,
    kind: "task",
    task: {
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: arn, Payload: payload },
      ...(result.path === null ? {} : { ResultSelector: result.select ?? { "value.$": "$.Payload" } }),
      ResultPath: result.path,
      TimeoutSeconds: timeoutSeconds + invocationSeconds,
      Retry: lambdaRetry,
    },
  };
}

/** A step that runs a query to its end; its result has the parts of the QueryExecution that say where the rows are. */
export function query(name: string, place: QueryPlace, sql: Payload, resultPath: string): Step {
  return {
    name,
    kind: "task",
    task: {
      Resource: "arn:aws:states:::athena:startQueryExecution.sync",
      Parameters: {
        ...sql,
        QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: place.database },
        WorkGroup: place.workgroup,
      },
      // Without the query's text, which a payload of 256 KiB has no room for sixty times.
      ResultSelector: {
        "QueryExecutionId.$": "$.QueryExecution.QueryExecutionId",
        "ResultConfiguration.$": "$.QueryExecution.ResultConfiguration",
        "Statistics.$": "$.QueryExecution.Statistics",
      },
      ResultPath: resultPath,
      TimeoutSeconds: querySeconds,
      Retry: athenaRetry,
    },
  };
}

/**
 * A statement that the plan made in two pieces. An UNLOAD wants an empty folder, and one that failed leaves files behind:
 * the number of the attempt, which stands between the pieces, gives each attempt a folder of its own.
 */
export function statement(path: string): Payload {
  return { "QueryString.$": `States.Format('{}{}{}', ${path}.before, $$.State.RetryCount, ${path}.after)` };
}

/** A step that publishes to the topic and goes on. @param letter Subject and Message, or paths of them */
export function notify(name: string, topicArn: string, letter: Payload): Step {
  return {
    name,
    kind: "task",
    task: {
      Resource: "arn:aws:states:::sns:publish",
      Parameters: { TopicArn: topicArn, ...letter },
      ResultPath: null,
      TimeoutSeconds: 60,
      Retry: [
        {
          ErrorEquals: ["States.TaskFailed"],
          IntervalSeconds: 5,
          MaxAttempts: 4,
          BackoffRate: 2,
          JitterStrategy: "FULL",
        },
      ],
    },
  };
}
