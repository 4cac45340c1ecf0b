import { GenerateEmbedUrlForRegisteredUserCommand, QuickSightServiceException } from "@aws-sdk/client-quicksight";
import type { QuickSightClient } from "@aws-sdk/client-quicksight";
import type { APIGatewayProxyStructuredResultV2, LambdaFunctionURLEvent } from "aws-lambda";
import type { EmbedUrlConfig } from "./config.ts";

/** Minutes that somebody may look at the dashboard before a page asks for another URL; 15 to 600. */
const sessionMinutes = 60;

/** QuickSight API reference, RegisterUser, UserName; a name that reaches into another ARN is none. */
const userName = /^[\u0021-\u00ff]([\u0020-\u00ff]{0,126}[\u0021-\u00ff])?$/;

/**
 * Answers `GET ?user=NAME`, which a page's own server sends, signed with its IAM credentials, for a user who is registered
 * with QuickSight and whom it has recognised: `{"url", "validMinutes"}`. The URL works once, within five minutes, and only
 * in the pages of the environment's domains. Whether the user may see the dashboard, QuickSight decides.
 */
export function compileEmbedUrl(
  { accountId, dashboardId, userArnPrefix, domains }: EmbedUrlConfig,
  client: Pick<QuickSightClient, "send">,
): (event: Pick<LambdaFunctionURLEvent, "queryStringParameters">) => Promise<APIGatewayProxyStructuredResultV2> {
  return async ({ queryStringParameters }) => {
    const user = queryStringParameters?.["user"];
    if (user === undefined || !userName.test(user)) {
      return answer(400, { error: "Say for which user of QuickSight the dashboard is: ?user=NAME." });
    }
    try {
      const { EmbedUrl } = await client.send(
        new GenerateEmbedUrlForRegisteredUserCommand({
          AwsAccountId: accountId,
          UserArn: `${userArnPrefix}${user}`,
          SessionLifetimeInMinutes: sessionMinutes,
          ExperienceConfiguration: { Dashboard: { InitialDashboardId: dashboardId } },
          AllowedDomains: domains,
        }),
      );
      return answer(200, { url: EmbedUrl, validMinutes: sessionMinutes });
    } catch (error) {
      return refusal(user, error);
    }
  };
}

/** What of a failure is the caller's to know; anything else fails the invocation, so that it is seen. */
function refusal(user: string, error: unknown): APIGatewayProxyStructuredResultV2 {
  if (!(error instanceof QuickSightServiceException)) throw error;
  switch (error.name) {
    case "QuickSightUserNotFoundException":
      return answer(404, { error: `QuickSight knows no user ${user} in this account: register them first.` });
    case "ResourceNotFoundException":
      return answer(404, { error: `The dashboard is not there, or ${user} is not known: ${error.message}` });
    case "ThrottlingException":
      return answer(503, { error: "QuickSight is busy: try again in a few seconds." });
    default:
      throw error;
  }
}

function answer(statusCode: number, body: object): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    // The URL is a key: it must not stay in a cache.
    headers: { "content-type": "application/json", "cache-control": "no-store" },
    body: JSON.stringify(body),
  };
}
