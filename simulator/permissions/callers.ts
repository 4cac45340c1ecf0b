import type { DeliveryStream, LambdaFunction } from "../declared/index.ts";
import type { Place } from "./calls.ts";

/** A resource for which a service makes a call. */
export interface Caller {
  arn: string;
  /** What it is, for a sentence: "the delivery stream readings". */
  title: string;
  /** Its own name, which names the session in which it has its role. */
  name: string;
  roleArn: string;
}

/** A topic rule as one of its actions calls. */
export function ruleCaller(name: string, roleArn: string, { region, accountId }: Place): Caller {
  return { arn: `arn:aws:iot:${region}:${accountId}:rule/${name}`, name, roleArn, title: `the topic rule ${name}` };
}

/** A delivery stream as it calls with one of its roles. */
export function streamCaller({ arn, name }: DeliveryStream, roleArn: string): Caller {
  return { arn, name, roleArn, title: `the delivery stream ${name}` };
}

/** A function as its code calls. */
export function functionCaller({ arn, name, roleArn }: LambdaFunction): Caller {
  return { arn, name, roleArn, title: `the function ${name}` };
}
