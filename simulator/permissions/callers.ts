import type { DeliveryStream, LambdaFunction } from "../declared/index.ts";
import type { Place, ServicePrincipal } from "./calls.ts";

/** A resource for which a service makes a call. */
export interface Caller {
  /** The service that makes its calls, with its role. */
  by: ServicePrincipal;
  arn: string;
  /** What it is, for a sentence: "the delivery stream readings". */
  title: string;
  /** Its own name, which names the session in which it has its role. */
  name: string;
  roleArn: string;
}

/** A topic rule as one of its actions calls. */
export function ruleCaller(name: string, roleArn: string, { region, accountId }: Place): Caller {
  const arn = `arn:aws:iot:${region}:${accountId}:rule/${name}`;
  return { by: "iot.amazonaws.com", arn, name, roleArn, title: `the topic rule ${name}` };
}

/** A delivery stream as it calls with one of its roles. */
export function streamCaller({ arn, name }: DeliveryStream, roleArn: string): Caller {
  return { by: "firehose.amazonaws.com", arn, name, roleArn, title: `the delivery stream ${name}` };
}

/** A function as its code calls. */
export function functionCaller({ arn, name, roleArn }: LambdaFunction): Caller {
  return { by: "lambda.amazonaws.com", arn, name, roleArn, title: `the function ${name}` };
}

/** A state machine as its states call. */
export function machineCaller({ arn, name, roleArn }: { arn: string; name: string; roleArn: string }): Caller {
  return { by: "states.amazonaws.com", arn, name, roleArn, title: `the state machine ${name}` };
}

/**
 * A schedule as it starts its target: the scheduler names its group as the source (EventBridge Scheduler user guide,
 * Confused deputy prevention).
 */
export function scheduleCaller(name: string, group: string, roleArn: string, { region, accountId }: Place): Caller {
  const arn = `arn:aws:scheduler:${region}:${accountId}:schedule-group/${group}`;
  return { by: "scheduler.amazonaws.com", arn, name, roleArn, title: `the schedule ${name}` };
}

/** A processing job as it reads and writes objects, and as its own code calls. */
export function jobCaller(name: string, roleArn: string, { region, accountId }: Place): Caller {
  const arn = `arn:aws:sagemaker:${region}:${accountId}:processing-job/${name}`;
  return { by: "sagemaker.amazonaws.com", arn, name, roleArn, title: `the processing job ${name}` };
}

/** A data source of QuickSight as it asks for the rows of a data set. */
export function dataSourceCaller(arn: string, roleArn: string): Caller {
  const name = arn.slice(arn.lastIndexOf("/") + 1);
  return { by: "quicksight.amazonaws.com", arn, name, roleArn, title: `the data source ${name}` };
}

/**
 * Whose signed request it is: a function signs with the name of its role.
 *
 * @param accessKeyId of the request's signature
 */
export function signedCaller(accessKeyId: string, functions: ReadonlyMap<string, LambdaFunction>): Caller | undefined {
  const found = [...functions.values()].find(({ roleArn }) => roleArn.split("/").at(-1) === accessKeyId);
  return found && functionCaller(found);
}
