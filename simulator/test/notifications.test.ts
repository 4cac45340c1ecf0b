import { expect } from "chai";
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../run.ts";
import type { Notification } from "../notifications/notifications.ts";
import { evaluationOf, machine, resource, role, temporaryFolder } from "./declare.ts";
import { only } from "./state-machine.ts";

const topicArn = "arn:aws:sns:us-east-1:123456789012:alerts";
const topic = resource("aws:sns/topic:Topic", "alerts", { name: "alerts" }, { arn: topicArn });
const subscription = resource("aws:sns/topicSubscription:TopicSubscription", "to-me", {
  topic: topicArn,
  protocol: "email",
  endpoint: "me@example.org",
});

const publish = (parameters: object) =>
  only({ Type: "Task", Resource: "arn:aws:states:::sns:publish", Parameters: { TopicArn: topicArn, ...parameters } });

interface Told {
  status: string;
  error: string | undefined;
  cause: string | undefined;
  events: Notification[];
  kept: Notification[];
}

async function told(
  parameters: object,
  { policy, data = temporaryFolder() }: { policy?: object[]; data?: string } = {},
): Promise<Told> {
  const events: Notification[] = [];
  const roles = policy ? role("narrow", { policy }) : [];
  const simulator = await run({
    evaluation: evaluationOf([
      topic,
      subscription,
      machine("m", publish(parameters), policy && { role: "narrow" }),
      ...roles,
    ]),
    data,
    mqttPort: undefined,
    httpPort: 0,
    notified: (notification) => events.push(notification),
    warn: () => {},
    onFailure: (error) => {
      throw error;
    },
  });
  try {
    const { arn } = simulator.startExecution({ machine: "m" });
    const { status, error, cause } = await simulator.executions.outcome(arn);
    return { status, error, cause, events, kept: simulator.notifications };
  } finally {
    await simulator.close();
  }
}

describe("a message to a topic", () => {
  it("is told and kept, with who would get it, over a restart and a line that was cut short", async () => {
    const data = temporaryFolder();
    const first = await told({ Subject: "a run failed", Message: "why" }, { data });
    expect(first.status).to.equal("SUCCEEDED");
    expect(first.events.map(({ id: _, at: __, ...rest }) => rest)).to.deep.equal([
      {
        topic: "alerts",
        subject: "a run failed",
        message: "why",
        subscribers: [{ protocol: "email", endpoint: "me@example.org" }],
      },
    ]);
    appendFileSync(join(data, "notifications/messages.jsonl"), '{"id":"cut');
    const second = await told({ Message: { rows: 2 } }, { data });
    expect(second.kept.map(({ message }) => message)).to.deep.equal(["why", '{"rows":2}']);
  });

  const refused: [string, object, string, string][] = [
    ["to another topic", { TopicArn: `${topicArn}s`, Message: "a" }, "SNS.NotFoundException", "Topic does not exist"],
    ["without a text", { Message: "" }, "SNS.InvalidParameterException", "Invalid parameter: Empty message"],
    [
      "with a subject of two lines",
      { Message: "a", Subject: "a\nb" },
      "SNS.InvalidParameterException",
      "Invalid parameter: Subject",
    ],
    [
      "with a long subject",
      { Message: "a", Subject: "a".repeat(100) },
      "SNS.InvalidParameterException",
      "Invalid parameter: Subject",
    ],
  ];
  for (const [what, parameters, error, cause] of refused) {
    it(`${what} is refused`, async () => {
      const { events, ...rest } = await told(parameters);
      expect(rest).to.include({ status: "FAILED", error, cause });
      expect(events).to.deep.equal([]);
    });
  }

  it("needs the machine's role to allow it", async () => {
    const denied = await told({ Message: "a" }, { policy: [] });
    expect(denied.error).to.equal("SNS.AuthorizationErrorException");
    expect(denied.cause).to.match(/assumed-role\/narrow\/m is not authorized to perform: sns:Publish on resource/);
    const policy = [{ Effect: "Allow", Action: "sns:Publish", Resource: topicArn }];
    expect((await told({ Message: "a" }, { policy })).status).to.equal("SUCCEEDED");
  });
});
