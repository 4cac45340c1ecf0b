import { z } from "zod";
import { AthenaRefusal } from "./query-execution.ts";

const withoutMeaning = z.unknown().optional();
const id = z.strictObject({ QueryExecutionId: z.string() });

const startQuery = z.strictObject({
  QueryString: z.string().min(1),
  WorkGroup: z.string().optional(),
  QueryExecutionContext: z
    .strictObject({
      Database: z.string().optional(),
      Catalog: z
        .string()
        .regex(/^awsdatacatalog$/i, "there is AwsDataCatalog")
        .optional(),
    })
    .optional(),
  ResultConfiguration: z
    .strictObject({
      OutputLocation: z.string().optional(),
      EncryptionConfiguration: withoutMeaning, // nothing is encrypted on this machine
      ExpectedBucketOwner: withoutMeaning, // there is one account
      AclConfiguration: withoutMeaning, // there is one account
    })
    .optional(),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  ResultReuseConfiguration: withoutMeaning, // every query runs
});

/** What the operations of Athena's API take, of it what runs here. */
export const inputs = {
  StartQueryExecution: startQuery,
  GetQueryExecution: id,
  StopQueryExecution: id,
  GetQueryResults: z.strictObject({
    QueryExecutionId: z.string(),
    MaxResults: z.number().int().min(1).max(1000).optional(),
    NextToken: z.string().optional(),
  }),
};

/** Of each operation. */
export type Inputs = { [Operation in keyof typeof inputs]: z.output<(typeof inputs)[Operation]> };

/** @throws AthenaRefusal for what Athena, or this machine, does not take */
export function checkedInput<Operation extends keyof Inputs>(operation: Operation, body: unknown): Inputs[Operation] {
  const input = inputs[operation].safeParse(body);
  if (input.success) return input.data as Inputs[Operation];
  const sentences = input.error.issues.map(({ path, message }) => [path.join("."), message].filter(Boolean).join(": "));
  throw new AthenaRefusal("InvalidRequestException", sentences.join("; "));
}
