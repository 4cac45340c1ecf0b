/** An alarm as plain data; `dimensions` say whose metric it watches. */
export interface AlarmPlan<Dimension = string> {
  /** Part of its name: "inference-failed". */
  part: string;
  /** What has happened when it rings, and what to do. */
  description: string;
  namespace: string;
  metric: string;
  dimensions: Record<string, Dimension>;
  statistic: "Sum" | "Maximum" | "Minimum";
  periodSeconds: number;
  /** Periods that it looks back over; it rings when all of them are past the threshold. */
  periods: number;
  comparison: "GreaterThanThreshold" | "LessThanThreshold";
  threshold: number;
  /** What a period without any figure counts as. */
  missing: "breaching" | "notBreaching" | "ignore";
}

type Plan<Dimension> = AlarmPlan<Dimension>;

const hourSeconds = 3600;

/** CloudWatch API, PutMetricAlarm: with periods of an hour and more an alarm looks back over seven days at most. */
const mostHours = 7 * 24;

/** A count that should be nothing. */
function anyOf<D>(plan: Pick<Plan<D>, "part" | "description" | "namespace" | "metric" | "dimensions">): Plan<D> {
  return {
    ...plan,
    statistic: "Sum",
    periodSeconds: 300,
    periods: 1,
    comparison: "GreaterThanThreshold",
    threshold: 0,
    missing: "notBreaching",
  };
}

/** Executions that did not end well: Step Functions developer guide, "Execution metrics". */
export function executionAlarms<D>(part: string, machineArn: D): Plan<D>[] {
  const ends = [
    ["failed", "ExecutionsFailed", "the notification of the failure names the step and its cause"],
    ["timed-out", "ExecutionsTimedOut", "see in its history which step it hung at"],
    ["aborted", "ExecutionsAborted", "somebody stopped it; start it again when that is over"],
  ] as const;
  return ends.map(([end, metric, advice]) =>
    anyOf({
      part: `${part}-${end}`,
      description: `An execution of ${part} has ${end.replace("-", " ")}: ${advice}.`,
      namespace: "AWS/States",
      metric,
      dimensions: { StateMachineArn: machineArn },
    }),
  );
}

/**
 * Runs that take longer than the time to the next one, and runs that fail to come.
 *
 * @param periodSeconds The longest time between two runs of the schedule.
 * @param longestSeconds What an execution may take in all.
 */
export function timelinessAlarms<D>(
  part: string,
  machineArn: D,
  periodSeconds: number,
  longestSeconds: number,
): Plan<D>[] {
  const lateSeconds = Math.floor(0.9 * Math.min(periodSeconds, longestSeconds));
  const late: Plan<D> = {
    ...anyOf({
      part: `${part}-late`,
      description: `An execution of ${part} took more than ${lateSeconds} seconds, nearly the time to the next one or to its own end: ask for less at once, or run it less often.`,
      namespace: "AWS/States",
      metric: "ExecutionTime",
      dimensions: { StateMachineArn: machineArn },
    }),
    statistic: "Maximum",
    // In milliseconds.
    threshold: 1000 * lateSeconds,
  };
  // Two runs, and the hour in which the second may end.
  const hours = Math.ceil((2 * periodSeconds) / hourSeconds) + 1;
  if (hours > mostHours) return [late];
  const missed: Plan<D> = {
    ...late,
    part: `${part}-missed`,
    description: `No execution of ${part} has succeeded for ${hours} hours, in which its schedule has two: see whether its schedule is enabled, and what stopped the last ones.`,
    metric: "ExecutionsSucceeded",
    statistic: "Sum",
    periodSeconds: hourSeconds,
    periods: hours,
    comparison: "LessThanThreshold",
    threshold: 1,
    missing: "breaching",
  };
  return [late, missed];
}

/** A function that fails or finds no room to run in: Lambda developer guide, "Types of metrics for Lambda functions". */
export function functionAlarms<D>(bundle: string, functionName: D): Plan<D>[] {
  const of = { namespace: "AWS/Lambda", dimensions: { FunctionName: functionName } };
  return [
    anyOf({
      ...of,
      part: `${bundle}-errors`,
      description: `The function ${bundle} fails: its log says why, and the execution that called it.`,
      metric: "Errors",
    }),
    anyOf({
      ...of,
      part: `${bundle}-throttles`,
      description: `The function ${bundle} is throttled: the account's concurrent executions are used up; steps wait and try again.`,
      metric: "Throttles",
    }),
  ];
}

/** Starts that the scheduler gave up: Amazon SQS developer guide, "Available CloudWatch metrics". */
export function notStartedAlarm<D>(queueName: D): Plan<D> {
  return {
    ...anyOf({
      part: "not-started",
      description:
        "The scheduler could not start an execution: the message in the queue has its input and the error; start it by hand and delete the message.",
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: queueName },
    }),
    statistic: "Maximum",
  };
}

/** Whose metrics the function watch writes: lambdas/watch/metrics.ts says which there are. */
export const metricNamespace = "metercast";

/**
 * What the function watch finds: predictions that end before now by too much, and errors that have grown past the drift's
 * threshold. No figure of the first is as bad as a bad one; between two runs there is none of the second.
 *
 * @param periodSeconds The longest time between two runs of the schedule; undefined for one that runs once.
 */
export function predictionAlarms<D>(
  environment: { name: D; meterTypes: readonly { type: D & string }[] },
  { staleAfterHours, drift }: { staleAfterHours: number; drift: { threshold: number } },
  periodSeconds: number | undefined,
): Plan<D>[] {
  const hours = periodSeconds === undefined ? Infinity : Math.ceil(periodSeconds / hourSeconds) + 1;
  const found = {
    namespace: metricNamespace,
    statistic: "Maximum",
    periodSeconds: hourSeconds,
    comparison: "GreaterThanThreshold",
  } as const;
  const stale: Plan<D> = {
    ...found,
    part: "predictions-stale",
    description: `The latest predicted hour is more than ${staleAfterHours} hours ago, or no run has said which it is: see whether readings arrive, and whether runs succeed.`,
    metric: "PredictionAge",
    dimensions: { Environment: environment.name },
    periods: hours,
    threshold: staleAfterHours * hourSeconds,
    missing: "breaching",
  };
  const percent = Math.round(drift.threshold * 100);
  return [
    ...(hours > mostHours ? [] : [stale]),
    ...environment.meterTypes.map(({ type }): Plan<D> => ({
      ...found,
      part: `drift-${type}`,
      description: `The error of ${type} in the latest week is more than ${percent} % above the model's own: the notification says since when; metercast model train makes a new one.`,
      metric: "WeekRatio",
      dimensions: { Environment: environment.name, MeterType: type },
      periods: 1,
      threshold: 1 + drift.threshold,
      missing: "ignore",
    })),
  ];
}
