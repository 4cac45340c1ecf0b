import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";
import type { Statement } from "../policy/policy-document.ts";
import type { DeliveryFolders } from "./delivery-folders.ts";

/** What a delivery stream works with, by ARN or name. */
export interface DeliveryResources extends Place {
  bucketArn: string;
  folders: DeliveryFolders;
  database: string;
  table: string;
  functionArn: string;
  logStreamArns: string[];
}

/**
 * What a delivery stream's role allows: the developer guide's "Controlling access" (grant Firehose access to an Amazon
 * S3 destination, to Lambda, to Glue for data format conversion), each narrowed to what this stream touches.
 */
export function deliveryPermissions(resources: DeliveryResources): Statement[] {
  const { bucketArn, folders, database, table, functionArn, logStreamArns } = resources;
  return [
    {
      sid: "SeeBucket",
      actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
      resources: [bucketArn],
    },
    {
      sid: "WriteObjects",
      actions: ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"],
      resources: folders.all.map((folder) => `${bucketArn}/${folder}/*`),
    },
    {
      sid: "ReadSchema",
      actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
      resources: [
        arnOf(resources, "glue", "catalog"),
        arnOf(resources, "glue", `database/${database}`),
        arnOf(resources, "glue", `table/${database}/${table}`),
      ],
    },
    {
      sid: "InvokeTransform",
      actions: ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"],
      // Every version: while an update runs, the stream still calls the one before.
      resources: [`${functionArn}:*`],
    },
    { sid: "WriteLog", actions: ["logs:PutLogEvents"], resources: logStreamArns },
  ];
}
