import type { Resource } from "@metercast/graph";
import { z } from "zod";
import { read, withoutLocalMeaning } from "./read.ts";

const asset = z.strictObject({ $asset: z.string() });

const lambdaFunction = z.strictObject({
  name: z.string(),
  description: withoutLocalMeaning, // for people
  role: z.string(),
  runtime: z.literal("nodejs24.x"),
  handler: z.string().regex(/^\w+\.\w+$/),
  /** The same JavaScript runs on either. */
  architectures: z.array(z.enum(["arm64", "x86_64"])).optional(),
  code: z.strictObject({ $archive: z.record(z.string(), asset) }),
  sourceCodeHash: withoutLocalMeaning, // the code itself is here
  memorySize: z.number().int().min(128).optional(),
  timeout: z.number().int().min(1).max(900).optional(),
  environment: z.strictObject({ variables: z.record(z.string(), z.string()) }).optional(),
  ephemeralStorage: withoutLocalMeaning, // a function's /tmp has what the disk has
  publish: withoutLocalMeaning, // a graph holds one version of a function
  loggingConfig: z
    .strictObject({
      logFormat: z.enum(["JSON", "Text"]),
      logGroup: z.string().optional(),
      applicationLogLevel: withoutLocalMeaning, // all that a function prints is kept
      systemLogLevel: withoutLocalMeaning,
    })
    .optional(),
  tags: withoutLocalMeaning, // for the bill
});

export interface LambdaFunction {
  name: string;
  arn: string;
  roleArn: string;
  /** File and export, as in "index.handler". */
  handler: string;
  /** Hash of each file's content. */
  files: Record<string, string>;
  memoryMiB: number;
  timeoutSeconds: number;
  variables: Record<string, string>;
  /** The log group in which its log goes. */
  logGroup: string;
}

/** Memory and timeout when nothing is declared (Lambda API, CreateFunction). */
const defaultMemoryMiB = 128;
const defaultTimeoutSeconds = 3;

export function functionOf(resource: Resource): LambdaFunction {
  const declared = read(lambdaFunction, resource);
  return {
    name: declared.name,
    arn: String(resource.outputs["arn"]),
    roleArn: declared.role,
    handler: declared.handler,
    files: Object.fromEntries(Object.entries(declared.code.$archive).map(([name, { $asset }]) => [name, $asset])),
    memoryMiB: declared.memorySize ?? defaultMemoryMiB,
    timeoutSeconds: declared.timeout ?? defaultTimeoutSeconds,
    variables: declared.environment?.variables ?? {},
    logGroup: declared.loggingConfig?.logGroup ?? `/aws/lambda/${declared.name}`,
  };
}
