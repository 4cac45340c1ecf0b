import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Resource } from "@metercast/graph";
import { PermissionError } from "../permissions/index.ts";
import {
  bucketResource,
  evaluationOf,
  lambda,
  role,
  roleArn,
  rule,
  stream,
  table,
  temporaryFolder,
  type StreamSettings,
} from "./declare.ts";
import { start, type Running } from "./running.ts";

const talkative = `export const handler = async ({ records }) => {
  console.log("called");
  return { records: records.map(({ recordId, data }) => ({ recordId, result: "Ok", data })) };
};`;

/** Puts its records to the stream "other" as the role whose name it is given, and drops them. */
const putting = `export const handler = async ({ records }) => {
  const key = process.env.KEY ?? process.env.AWS_ACCESS_KEY_ID;
  const authorization = "AWS4-HMAC-SHA256 Credential=" + key + "/20260101/us-east-1/firehose/aws4_request, Signature=0";
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    body: JSON.stringify({ DeliveryStreamName: "other", Records: records.map(({ data }) => ({ Data: data })) }),
    headers: { "x-amz-target": "Firehose_20150804.PutRecordBatch", ...(key !== "none" && { authorization }) },
  });
  if (!answer.ok) throw new Error(answer.status + " " + (await answer.text()));
  return { records: records.map(({ recordId }) => ({ recordId, result: "Dropped" })) };
};`;

const everything = { Effect: "Allow", Action: ["firehose:*", "glue:*", "lambda:*", "logs:*", "s3:*"], Resource: "*" };

/** A role that may do everything but what is named. */
function without(...actions: string[]): Resource[] {
  return role("narrow", { policy: [everything, { Effect: "Deny", Action: actions, Resource: "*" }] });
}

const toOutput = rule("all", { sql: "SELECT * FROM 'in/#'", to: "output", errorsTo: "failures" });

function lines(objects: { text: string }[]): Record<string, unknown>[] {
  return objects.flatMap(({ text }) =>
    text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  );
}

describe("a topic rule whose role may not put to its stream", () => {
  const narrow = rule("all", { sql: "SELECT * FROM 'in/#'", to: "output", errorsTo: "failures", role: "narrow" });
  const streams = [bucketResource(), stream("output"), stream("failures")];

  it("fails as in AWS, and its error action keeps the message with role, action and resource", async () => {
    const running = await published([...streams, narrow, ...without("firehose:PutRecord")]);
    const [message] = lines(running.objects("failures/"));
    expect(message?.["failures"]).to.deep.equal([
      {
        failedAction: "FirehoseAction",
        failedResource: "output",
        errorMessage:
          "AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/narrow/all is not authorized to perform: firehose:PutRecord on resource: arn:aws:firehose:us-east-1:123456789012:deliverystream/output with an explicit deny in an identity-based policy",
      },
    ]);
    expect(running.objects("output/")).to.have.length(0);
    expect(running.warnings).to.deep.equal([
      "role narrow may not firehose:PutRecord on arn:aws:firehose:us-east-1:123456789012:deliverystream/output (needed by the topic rule all, to put its records)",
    ]);
  });

  it("loses the message with a warning when the error action's role may not put either", async () => {
    const action = { sql: "SELECT * FROM 'in/#'", to: "output", errorsTo: "failures" };
    const both = rule("all", { ...action, role: "narrow", errorRole: "narrow" });
    const running = await published([...streams, both, ...without("firehose:PutRecord")], "{}", "{}");
    expect(running.files("")).to.have.length(0);
    expect(running.warnings.join("\n")).to.contain(
      "deliverystream/failures (needed by the topic rule all, for its error action)",
    );
    expect(running.warnings).to.have.length(2);
  });

  it("fails when AWS IoT may not take the role", async () => {
    const trust = { Condition: { StringEquals: { "aws:SourceAccount": "210987654321" } } };
    const running = await published([...streams, narrow, ...role("narrow", { trust })]);
    expect(lines(running.objects("failures/"))).to.have.length(1);
    expect(running.warnings).to.deep.equal([
      `iot.amazonaws.com may not sts:AssumeRole on ${roleArn("narrow")} (needed by the topic rule all)`,
    ]);
  });
});

describe("a delivery stream whose role may not", () => {
  const withFunction = { functionName: "f", retries: 2, log: "delivery" };
  const declared = (settings: StreamSettings, ...roles: Resource[]) => [
    bucketResource(),
    lambda("f", talkative),
    table("rows", { a: "int" }),
    stream("output", { ...settings, role: "narrow" }),
    toOutput,
    ...roles,
  ];

  it("invoke its function has its records in processing-failed after the retries, and logs it", async () => {
    const running = await published(declared(withFunction, ...without("lambda:InvokeFunction")));
    const [failed] = lines(running.objects("errors/output/processing-failed/"));
    const message = "Access was denied. Ensure that the access policy allows access to the Lambda function.";
    expect(failed).to.include({ errorCode: "Lambda.InvokeAccessDenied", errorMessage: message, attemptsMade: 3 });
    expect(running.deliveryLog("output-delivery")[0]).to.include({ errorCode: "Lambda.InvokeAccessDenied", message });
    expect(running.warnings[0]).to.match(/^role narrow may not lambda:InvokeFunction on arn:aws:lambda:.*:f:\$LATEST /);
    expect(running.functionLog("f")).to.equal("");
  });

  it("be taken by Firehose cannot deliver", async () => {
    const trust = { Principal: { Service: "lambda.amazonaws.com" } };
    const { message } = await ended(declared(withFunction, ...role("narrow", { trust })));
    expect(message).to.equal(
      `The delivery stream output cannot deliver: firehose.amazonaws.com may not sts:AssumeRole on ${roleArn("narrow")}. Allow it and start again: every acknowledged message is kept.`,
    );
  });

  for (const action of ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"]) {
    it(`${action} has its records in format-conversion-failed`, async () => {
      const running = await published(declared({ table: "rows", log: "delivery" }, ...without(action)), '{"a":1}');
      const [failed] = lines(running.objects("errors/output/format-conversion-failed/"));
      expect(failed?.["lastErrorMessage"]).to.match(/^Access was denied when calling Glue\./);
      expect(Buffer.from(String(failed?.["rawData"]), "base64").toString()).to.equal('{"a":1}\n');
      expect(running.warnings[0]).to.contain(`role narrow may not ${action} on arn:aws:glue:us-east-1:123456789012:`);
      expect(running.files("output/")).to.have.length(0);
    });
  }

  it("log its errors loses that log, and tells so", async () => {
    const running = await published(declared(withFunction, ...without("lambda:InvokeFunction", "logs:PutLogEvents")));
    expect(running.deliveryLog("output-delivery")).to.have.length(0);
    expect(lines(running.objects("errors/output/processing-failed/"))).to.have.length(1);
    expect(running.warnings.join("\n")).to.contain(
      "role narrow may not logs:PutLogEvents on arn:aws:logs:us-east-1:123456789012:log-group:/firehose/output:log-stream:delivery (needed by the delivery stream output, to log its errors)",
    );
  });

  for (const action of ["s3:PutObject", "s3:ListBucket", "s3:GetBucketLocation"]) {
    it(`${action} cannot deliver, which ends the run with role, action and resource`, async () => {
      const data = temporaryFolder();
      const { message, running } = await ended(declared({ log: "delivery" }, ...without(action)), data);
      expect(message).to.match(
        new RegExp(
          `^The delivery stream output cannot deliver: role narrow may not ${action} on arn:aws:s3:::lake.*\\. Allow it and start again: every acknowledged message is kept\\.$`,
        ),
      );
      expect(running.files("")).to.have.length(0);
      const [logged] = logOf(data, "output-delivery");
      expect(logged).to.include({ errorCode: "S3.AccessDenied", destination: "arn:aws:s3:::lake" });
    });
  }

  it("write its backup cannot deliver either", async () => {
    const deny = { Effect: "Deny", Action: "s3:PutObject", Resource: "arn:aws:s3:::lake/channel/*" };
    const narrow = role("narrow", { policy: [everything, deny] });
    const { message } = await ended(declared({ backup: true }, ...narrow));
    expect(message).to.contain("may not s3:PutObject on arn:aws:s3:::lake/channel/output/");
  });

  it("write delivers what it holds, once, when it is started again with a role that allows it", async () => {
    const data = temporaryFolder();
    await ended(declared({}, ...without("s3:PutObject")), data);
    const running = await start(evaluationOf(declared({}, ...role("narrow")), [talkative]), data);
    await running.simulator.close();
    expect(lines(running.objects("output/"))).to.deep.equal([{ a: 1 }]);
  });

  it("what nothing here can need delivers, and tells so", async () => {
    const actions = ["lambda:GetFunctionConfiguration", "s3:AbortMultipartUpload", "s3:GetObject"];
    const running = await published(
      declared(withFunction, ...without(...actions, "s3:ListBucketMultipartUploads")),
      '{"a":1}',
    );
    expect(lines(running.objects("output/"))).to.deep.equal([{ a: 1 }]);
    for (const action of [...actions, "s3:ListBucketMultipartUploads"]) {
      expect(
        running.warnings.filter((warning) => warning.startsWith(`role narrow may not ${action} on `)),
      ).to.have.length(1);
    }
    expect(running.warnings[0]).to.match(/; here it goes on: a function's timeout is read from its declaration/);
  });
});

describe("a function whose role", () => {
  const declared = (...roles: Resource[]) => [
    bucketResource(),
    lambda("f", talkative, { role: "narrow" }),
    stream("output", { functionName: "f", retries: 0 }),
    toOutput,
    ...roles,
  ];

  it("may log has its log", async () => {
    const running = await published(declared(...role("narrow")));
    expect(running.functionLog("f")).to.equal("called\n");
    expect(running.warnings).to.have.length(0);
  });

  for (const action of ["logs:CreateLogStream", "logs:PutLogEvents"]) {
    it(`may not ${action} runs, and what it prints is lost`, async () => {
      const running = await published(declared(...without(action)), '{"a":1}');
      expect(lines(running.objects("output/"))).to.deep.equal([{ a: 1 }]);
      expect(running.functionLog("f")).to.equal("");
      expect(running.warnings).to.deep.equal([
        `role narrow may not ${action} on arn:aws:logs:us-east-1:123456789012:log-group:/aws/lambda/f:log-stream:simulator (needed by the function f, to write its log)`,
      ]);
    });
  }

  it("may not be taken by Lambda does not run", async () => {
    const trust = { Principal: { Service: "firehose.amazonaws.com" } };
    const running = await published(declared(...role("narrow", { trust })));
    const [failed] = lines(running.objects("errors/output/processing-failed/"));
    expect(failed?.["errorMessage"]).to.equal("The role defined for the function cannot be assumed by Lambda.");
    expect(running.warnings).to.deep.equal([
      `lambda.amazonaws.com may not sts:AssumeRole on ${roleArn("narrow")} (needed by the function f)`,
    ]);
  });

  const asked = (variables: Record<string, string>, ...roles: Resource[]) => [
    bucketResource(),
    lambda("f", putting, { role: "narrow", variables }),
    stream("output", { functionName: "f", retries: 0 }),
    stream("other"),
    toOutput,
    ...roles,
  ];

  async function answerTo(resources: Resource[]): Promise<{ answer: string; running: Running }> {
    const running = await published(resources, "{}");
    const [failed] = lines(running.objects("errors/output/processing-failed/"));
    return { answer: String(failed?.["errorMessage"]), running };
  }

  it("may not put to a stream gets AWS's answer, and its invocation fails", async () => {
    const { answer, running } = await answerTo(asked({}, ...without("firehose:PutRecordBatch")));
    expect(answer).to.match(
      /^Error: 400 \{"__type":"AccessDeniedException","message":"User: arn:aws:sts::.*\/narrow\/f /,
    );
    expect(running.warnings[0]).to.equal(
      "role narrow may not firehose:PutRecordBatch on arn:aws:firehose:us-east-1:123456789012:deliverystream/other (needed by the function f, as its code asks)",
    );
    expect(running.files("other/")).to.have.length(0);
  });

  it("is not told by its signature gets none of its records taken", async () => {
    const unsigned = await answerTo(asked({ KEY: "none" }, ...role("narrow")));
    expect(unsigned.answer).to.match(/^Error: 403 \{"__type":"MissingAuthenticationTokenException"/);
    const unknown = await answerTo(asked({ KEY: "someone" }, ...role("narrow")));
    expect(unknown.answer).to.match(/^Error: 403 \{"__type":"UnrecognizedClientException"/);
    expect(unknown.running.files("other/")).to.have.length(0);
  });
});

interface Published extends Running {
  deliveryLog: (name: string) => Record<string, unknown>[];
  functionLog: (name: string) => string;
}

/** Runs a program until what was published is delivered. */
async function published(resources: Resource[], ...payloads: string[]): Promise<Published> {
  const data = temporaryFolder();
  const running = await start(evaluationOf(resources, [talkative, putting]), data);
  try {
    for (const payload of payloads.length === 0 ? ["{}"] : payloads) await running.publish("in/a", payload);
  } finally {
    await running.simulator.close();
  }
  return {
    ...running,
    deliveryLog: (name) => logOf(data, name),
    functionLog: (name) => readFileSync(join(data, "function-logs", `${name}.log`), "utf8"),
  };
}

/** Runs a program whose delivery fails, and says how. */
async function ended(resources: Resource[], data = temporaryFolder()): Promise<{ message: string; running: Running }> {
  const failures: Error[] = [];
  const running = await start(evaluationOf(resources, [talkative]), data, (error) => failures.push(error));
  await running.publish("in/a", '{"a":1}');
  const closed = await running.simulator.close().catch((error: Error) => error);
  expect(failures).to.have.length(1);
  expect(failures[0]).to.be.instanceOf(PermissionError);
  expect(closed).to.equal(failures[0]);
  return { message: String(failures[0]?.message), running };
}

function logOf(data: string, name: string): Record<string, unknown>[] {
  const file = join(data, "delivery-logs", `${name}.log`);
  return existsSync(file) ? lines([{ text: readFileSync(file, "utf8") }]) : [];
}
