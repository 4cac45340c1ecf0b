import type { GenerateEmbedUrlForRegisteredUserCommand } from "@aws-sdk/client-quicksight";
import { QuickSightServiceException } from "@aws-sdk/client-quicksight";
import { expect } from "chai";
import { embedUrlConfig, type EmbedUrlConfig } from "../embed-url/config.ts";
import { compileEmbedUrl } from "../embed-url/embed-url.ts";

const config: EmbedUrlConfig = {
  accountId: "123456789012",
  dashboardId: "metercast-test",
  userArnPrefix: "arn:aws:quicksight:us-east-1:123456789012:user/default/",
  domains: ["https://energy.example.com"],
};

/** QuickSight as the function sees it: what it was asked, and what it answers or fails with. */
function quickSight(answer: { EmbedUrl: string } | Error) {
  const asked: GenerateEmbedUrlForRegisteredUserCommand["input"][] = [];
  const send = ({ input }: GenerateEmbedUrlForRegisteredUserCommand) => {
    asked.push(input);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
  };
  return { asked, client: { send } as never };
}

function failure(name: string): Error {
  return new QuickSightServiceException({ name, $fault: "client", $metadata: {}, message: "no" });
}

describe("The URL of the embedded dashboard", () => {
  it("is asked for the user, the dashboard and the environment's domains", async () => {
    const { asked, client } = quickSight({ EmbedUrl: "https://quicksight/embed" });
    const answer = await compileEmbedUrl(config, client)({ queryStringParameters: { user: "jane@example.com" } });
    expect(answer).to.deep.equal({
      statusCode: 200,
      headers: { "content-type": "application/json", "cache-control": "no-store" },
      body: '{"url":"https://quicksight/embed","validMinutes":60}',
    });
    expect(asked).to.deep.equal([
      {
        AwsAccountId: "123456789012",
        UserArn: "arn:aws:quicksight:us-east-1:123456789012:user/default/jane@example.com",
        SessionLifetimeInMinutes: 60,
        ExperienceConfiguration: { Dashboard: { InitialDashboardId: "metercast-test" } },
        AllowedDomains: ["https://energy.example.com"],
      },
    ]);
  });

  it("is not asked for without a user, or for a name that is none", async () => {
    const { asked, client } = quickSight({ EmbedUrl: "" });
    for (const queryStringParameters of [undefined, {}, { user: "" }, { user: "a\nb" }, { user: " jane" }]) {
      const answer = await compileEmbedUrl(config, client)({ ...(queryStringParameters && { queryStringParameters }) });
      expect(answer.statusCode).to.equal(400);
    }
    expect(asked).to.deep.equal([]);
  });

  it("says who is not registered, and when to try again", async () => {
    const answered = (name: string) =>
      compileEmbedUrl(config, quickSight(failure(name)).client)({ queryStringParameters: { user: "jane" } });
    expect(await answered("QuickSightUserNotFoundException")).to.deep.include({ statusCode: 404 });
    expect((await answered("QuickSightUserNotFoundException")).body).to.contain("no user jane");
    expect(await answered("ThrottlingException")).to.deep.include({ statusCode: 503 });
  });

  it("fails where the fault is ours, so that it is seen", async () => {
    for (const error of [failure("AccessDeniedException"), new TypeError("network")]) {
      const handler = compileEmbedUrl(config, quickSight(error).client);
      const thrown = await handler({ queryStringParameters: { user: "jane" } }).catch((caught: unknown) => caught);
      expect(thrown).to.equal(error);
    }
  });

  it("needs all of its variables", () => {
    const variables = {
      ACCOUNT_ID: "1",
      DASHBOARD_ID: "d",
      USER_ARN_PREFIX: "p",
      EMBED_DOMAINS: "https://a,https://b",
    };
    expect(embedUrlConfig(variables).domains).to.deep.equal(["https://a", "https://b"]);
    expect(() => embedUrlConfig({ ...variables, DASHBOARD_ID: undefined })).to.throw("DASHBOARD_ID");
  });
});
