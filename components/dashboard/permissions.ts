import type { Dashboard } from "../../environments/index.ts";
import { datasetsFolder, predictionsFolder } from "../lake/made-tables.ts";
import type { Place } from "../naming/arns.ts";
import { arnOf } from "../naming/arns.ts";
import type { Statement } from "../policy/policy-document.ts";
import { type LakePlace, queryPermissions } from "../inference/permissions.ts";
import { userArnPrefix } from "./principals.ts";

/**
 * What QuickSight does in the lake for its data source: queries with their results, and looking through the catalog when
 * somebody makes a data set of their own (Athena user guide, "Connect to Amazon Athena with ODBC, JDBC and QuickSight").
 */
export function dataSourcePermissions(lake: LakePlace): Statement[] {
  return [
    ...queryPermissions(lake, []),
    {
      sid: "ReadResults",
      actions: ["athena:GetQueryResults", "athena:GetQueryResultsStream", "athena:GetWorkGroup"],
      resources: [arnOf(lake, "athena", `workgroup/${lake.workgroup}`)],
    },
    {
      sid: "LookThroughCatalog",
      actions: ["athena:GetDatabase", "athena:GetTableMetadata", "athena:ListDatabases", "athena:ListTableMetadata"],
      resources: [arnOf(lake, "athena", "datacatalog/AwsDataCatalog")],
    },
  ];
}

/** Whoever makes the URL of the dashboard makes it for users of this account, and for the environment's pages only. */
export function embedPermissions(identities: Place, { embedDomains }: Pick<Dashboard, "embedDomains">): Statement[] {
  return [
    {
      sid: "EmbedForUsers",
      actions: ["quicksight:GenerateEmbedUrlForRegisteredUser"],
      resources: [`${userArnPrefix(identities)}*`],
      conditions: { "ForAllValues:StringEquals": { "quicksight:AllowedEmbeddingDomains": embedDomains } },
    },
  ];
}

/**
 * What calls the function by its URL: a page's own server. Both actions are needed, the second through the URL alone
 * (Lambda developer guide, "Control access to Lambda function URLs").
 */
export function callUrlPermissions(functionArn: string): Statement[] {
  return [
    {
      sid: "CallUrl",
      actions: ["lambda:InvokeFunctionUrl"],
      resources: [functionArn],
      conditions: { StringEquals: { "lambda:FunctionUrlAuthType": "AWS_IAM" } },
    },
    {
      sid: "InvokeByUrl",
      actions: ["lambda:InvokeFunction"],
      resources: [functionArn],
      conditions: { Bool: { "lambda:InvokedViaFunctionUrl": "true" } },
    },
  ];
}

/** The digest reads datasets and forecasts, and sends from its own address. */
export function digestPermissions(
  place: Place & { bucketArn: string },
  { from, recipients }: { from: string; recipients: readonly string[] },
): Statement[] {
  const identity = (address: string) => arnOf(place, "ses", `identity/${address}`);
  return [
    { sid: "ListBucket", actions: ["s3:ListBucket"], resources: [place.bucketArn] },
    {
      sid: "Read",
      actions: ["s3:GetObject"],
      resources: [datasetsFolder, predictionsFolder].map((folder) => `${place.bucketArn}/${folder}/*`),
    },
    {
      sid: "Send",
      actions: ["ses:SendEmail"],
      // While an account is in SES's sandbox, the recipients' identities are asked for, too.
      resources: [...new Set([from, ...recipients])].map(identity),
      conditions: { StringEquals: { "ses:FromAddress": from } },
    },
  ];
}
