import { expect } from "chai";
import { parquetReadObjects } from "hyparquet";
import { readFileSync } from "node:fs";
import { bucketResource, evaluationOf, lambda, rule, stream, table, temporaryFolder } from "./declare.ts";
import { start, type Running } from "./running.ts";

const passOn = `export const handler = async ({ records }) =>
  ({ records: records.map(({ recordId, data }) => ({ recordId, result: "Ok", data })) });`;

/** Answers by what the record says: {"do": "drop" | "fail" | "forget" | "throw"}. */
const obedient = `export const handler = async ({ records }) => ({
  records: records.flatMap(({ recordId, data }) => {
    const wish = JSON.parse(Buffer.from(data, "base64").toString()).do;
    if (wish === "throw") throw new Error("as told");
    if (wish === "sleep") Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5000);
    if (wish === "forget") return [];
    const result = { drop: "Dropped", fail: "ProcessingFailed" }[wish] ?? "Ok";
    return [{ recordId, result, data }];
  }),
});`;

const toOutput = rule("all", { sql: "SELECT * FROM 'in/#'", to: "output", errorsTo: "failures" });

describe("a delivery stream", () => {
  let running: Running | undefined;

  afterEach(async () => {
    await running?.simulator.close();
    running = undefined;
  });

  async function deliver(evaluation: Parameters<typeof start>[0], ...payloads: string[]): Promise<Running> {
    running = await start(evaluation, temporaryFolder());
    for (const payload of payloads) expect(await running.publish("in/a", payload)).to.equal(200);
    await running.simulator.flush();
    return running;
  }

  it("writes records below its prefix, each with the rule's separator", async () => {
    const { objects } = await deliver(
      evaluationOf([bucketResource(), stream("output"), toOutput]),
      '{"a":1}',
      '{"a":2}',
    );
    const [object, ...rest] = objects("output/");
    const today = new Date().toISOString().slice(0, 10);
    expect(rest).to.have.length(0);
    expect(object?.key).to.match(new RegExp(`^output/dt=${today}/output-1-\\d{4}-\\d\\d-\\d\\d-\\d\\d-\\d\\d-\\d\\d-`));
    expect(object?.text).to.equal('{"a":1}\n{"a":2}\n');
  });

  it("keeps the records as they came beside what its function makes of them", async () => {
    const evaluation = evaluationOf(
      [bucketResource(), lambda("f", obedient), stream("output", { functionName: "f", backup: true }), toOutput],
      [obedient],
    );
    const { objects } = await deliver(evaluation, '{"do":"keep"}', '{"do":"drop"}');
    expect(objects("output/").map(({ text }) => text)).to.deep.equal(['{"do":"keep"}\n']);
    expect(objects("channel/output/").map(({ text }) => text)).to.deep.equal(['{"do":"keep"}\n{"do":"drop"}\n']);
    expect(objects("channel/output/")[0]?.key).to.match(/\.gz$/);
  });

  it("converts to Parquet by its table", async () => {
    const evaluation = evaluationOf([
      bucketResource(),
      table("rows", { a: "int", b: "string" }),
      stream("output", { table: "rows" }),
      toOutput,
    ]);
    const { files } = await deliver(evaluation, '{"a":1,"b":"x"}', '{"a":2,"c":3}');
    const [file] = files("output/");
    const bytes = readFileSync(file ?? "");
    const rows = await parquetReadObjects({
      file: bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length),
    });
    expect(file).to.match(/\.parquet$/);
    expect(rows).to.deep.equal([
      { a: 1, b: "x" },
      { a: 2, b: null },
    ]);
  });

  it("puts a record that does not fit the table into the error output, with its data", async () => {
    const evaluation = evaluationOf([
      bucketResource(),
      table("rows", { a: "int" }),
      stream("output", { table: "rows" }),
      toOutput,
    ]);
    const { objects, files } = await deliver(evaluation, '{"a":"many"}', '{"a":1}');
    const [failed] = objects("errors/output/format-conversion-failed/");
    const line = JSON.parse(failed?.text ?? "") as Record<string, unknown>;
    expect(line).to.include({
      lastErrorCode: "DataFormatConversion.ParseError",
      lastErrorMessage: 'a: "many" is no int',
    });
    expect(Buffer.from(String(line["rawData"]), "base64").toString()).to.equal('{"a":"many"}\n');
    expect(files("output/")).to.have.length(1);
  });

  const failures = [
    { wish: "fail", errorCode: "Lambda.ProcessingFailedStatus", attemptsMade: 1 },
    { wish: "forget", errorCode: "Lambda.MissingRecordId", attemptsMade: 1 },
    { wish: "throw", errorCode: "Lambda.FunctionError", attemptsMade: 3 },
    { wish: "sleep", errorCode: "Lambda.InvokeTimedOut", attemptsMade: 3 },
  ];
  for (const { wish, errorCode, attemptsMade } of failures) {
    it(`puts a record into the error output when its function is told to ${wish}`, async () => {
      const evaluation = evaluationOf(
        [
          bucketResource(),
          lambda("f", obedient, { timeout: 1 }),
          stream("output", { functionName: "f", retries: 2 }),
          toOutput,
        ],
        [obedient],
      );
      const { objects } = await deliver(evaluation, `{"do":"${wish}"}`);
      const [failed] = objects("errors/output/processing-failed/");
      const line = JSON.parse(failed?.text ?? "") as Record<string, unknown>;
      expect(line).to.include({ errorCode, attemptsMade });
      expect(Buffer.from(String(line["rawData"]), "base64").toString()).to.equal(`{"do":"${wish}"}\n`);
      expect(objects("output/")).to.have.length(0);
    });
  }

  it("goes on after its function timed out", async () => {
    const evaluation = evaluationOf(
      [
        bucketResource(),
        lambda("f", obedient, { timeout: 1 }),
        stream("output", { functionName: "f", retries: 0 }),
        toOutput,
      ],
      [obedient],
    );
    const { publish, simulator, objects } = await deliver(evaluation, '{"do":"sleep"}');
    await publish("in/a", '{"do":"keep"}');
    await simulator.flush();
    expect(objects("output/").map(({ text }) => text)).to.deep.equal(['{"do":"keep"}\n']);
  });

  it("is flushed with what its function put to another stream", async () => {
    const putting = `export const handler = async ({ records }) => {
        const body = JSON.stringify({ DeliveryStreamName: process.env.OTHER, Records: records.map(({ data }) => ({ Data: data })) });
        const authorization = "AWS4-HMAC-SHA256 Credential=" + process.env.AWS_ACCESS_KEY_ID + "/20260101/us-east-1/firehose/aws4_request";
        const headers = { "x-amz-target": "Firehose_20150804.PutRecordBatch", authorization };
        const answer = await fetch(process.env.AWS_ENDPOINT_URL, { method: "POST", body, headers });
        if (!answer.ok) throw new Error(await answer.text());
        return { records: records.map(({ recordId }) => ({ recordId, result: "Dropped" })) };
      };`;
    const evaluation = evaluationOf(
      [
        bucketResource(),
        lambda("f", putting, { variables: { OTHER: "other" } }),
        stream("output", { functionName: "f" }),
        stream("other"),
        toOutput,
      ],
      [putting],
    );
    const { objects } = await deliver(evaluation, '{"a":1}');
    expect(objects("other/").map(({ text }) => text)).to.deep.equal(['{"a":1}\n']);
  });

  it("is found by a template on the message, with the rule's variables", async () => {
    const sql = "SET @kind = topic(2) SELECT * FROM 'in/#'";
    const evaluation = evaluationOf([
      bucketResource(),
      stream("output-a"),
      rule("by_topic", { sql, to: "output-${@kind}" }),
    ]);
    const { objects } = await deliver(evaluation, '{"a":1}');
    expect(objects("output-a/").map(({ text }) => text)).to.deep.equal(['{"a":1}\n']);
  });

  it("that is not there makes the rule's error action keep the message", async () => {
    const evaluation = evaluationOf([
      bucketResource(),
      stream("failures"),
      rule("lost", { sql: "SELECT a FROM 'in/#'", to: "nowhere", errorsTo: "failures" }),
    ]);
    const { objects } = await deliver(evaluation, '{"a":1,"b":2}');
    const [object] = objects("failures/");
    const message = JSON.parse(object?.text ?? "") as Record<string, unknown>;
    expect(message).to.include({ ruleName: "lost", topic: "in/a" });
    expect(Buffer.from(String(message["base64OriginalPayload"]), "base64").toString()).to.equal('{"a":1,"b":2}');
    expect(message["failures"]).to.deep.equal([
      {
        failedAction: "FirehoseAction",
        failedResource: "nowhere",
        errorMessage: "ResourceNotFoundException: Firehose nowhere under account 123456789012 not found in us-east-1.",
      },
    ]);
  });

  it("gets nothing twice and loses nothing when a run ends and the next begins", async () => {
    const data = temporaryFolder();
    const evaluation = evaluationOf(
      [bucketResource(), lambda("f", passOn), stream("output", { functionName: "f" }), toOutput],
      [passOn],
    );
    for (const payload of ['{"a":1}', '{"a":2}']) {
      running = await start(evaluation, data);
      await running.publish("in/a", payload);
      await running.simulator.close();
    }
    running = await start(evaluation, data);
    expect(
      running
        .objects("output/")
        .map(({ text }) => text)
        .sort(),
    ).to.deep.equal(['{"a":1}\n', '{"a":2}\n']);
  });
});
