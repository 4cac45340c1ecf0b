import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { FirehoseTransformationEvent, FirehoseTransformationResult } from "aws-lambda";
import { expect } from "chai";
import { bundleLambda } from "../bundle.ts";
import type { LambdaName } from "../bundle.ts";
import { cities, event, lines, reading, record, text, transformConfig, wrapped } from "./builders.ts";

const root = resolve(import.meta.dirname, "../..");

interface PutRecordBatch {
  DeliveryStreamName: string;
  Records: { Data: string }[];
}

/** Runs a bundle as Lambda does: in a process of its own, from a folder with nothing but its archive. */
async function invoke(
  name: LambdaName,
  config: unknown,
  input: FirehoseTransformationEvent,
  environment: Record<string, string>,
): Promise<FirehoseTransformationResult> {
  const folder = mkdtempSync(join(tmpdir(), "metercast-lambda-"));
  try {
    const module = join(folder, "index.mjs");
    writeFileSync(module, bundleLambda(name));
    writeFileSync(join(folder, "config.json"), JSON.stringify(config));
    const script = `
      const { handler } = await import(${JSON.stringify(pathToFileURL(module).href)});
      const context = { getRemainingTimeInMillis: () => 300000 };
      console.log(JSON.stringify(await handler(${JSON.stringify(input)}, context)));
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
      cwd: folder,
      env: environment,
    });
    return JSON.parse(stdout) as FirehoseTransformationResult;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Firehose on a loopback port, which refuses the first call's records; and a function whose readings are all 7. */
async function withFirehose<Result>(
  use: (endpoint: string, calls: PutRecordBatch[], invocations: { url: string | undefined }[]) => Promise<Result>,
): Promise<Result> {
  const calls: PutRecordBatch[] = [];
  const invocations: { url: string | undefined }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString("utf8")));
    request.on("end", () => {
      if (request.url?.startsWith("/2015-03-31/")) {
        invocations.push({ url: request.url });
        const messages = JSON.parse(body) as object[];
        response.end(JSON.stringify(messages.map((message) => ({ ...message, meter_reading: 7 }))));
        return;
      }
      expect(request.headers["x-amz-target"]).to.equal("Firehose_20150804.PutRecordBatch");
      calls.push(JSON.parse(body) as PutRecordBatch);
      const failed = calls.length === 1;
      response.setHeader("content-type", "application/x-amz-json-1.1");
      response.end(
        JSON.stringify({
          FailedPutCount: failed ? 1 : 0,
          RequestResponses: [failed ? { ErrorCode: "ServiceUnavailableException" } : { RecordId: "1" }],
        }),
      );
    });
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    return await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, calls, invocations);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe("bundle", () => {
  it("of the transform runs on its own, and puts what is left out before it answers", async () => {
    const bad = JSON.stringify(reading({ meter: 7 }));
    await withFirehose(async (endpoint, calls) => {
      const { records } = await invoke(
        "transform",
        transformConfig("readings", {
          activities: [{ name: "no 1099", kind: "filter", filter: "building_id <> 1099" }],
        }),
        event(wrapped(`[${JSON.stringify(reading())},${bad}]`, { recordId: "1" }), wrapped("x", { recordId: "2" })),
        {
          AWS_ENDPOINT_URL_FIREHOSE: endpoint,
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          LEFT_OUT_STREAM: "metercast-dev-left-out",
        },
      );
      expect(records.map(({ result }) => result)).to.deep.equal(["Ok", "Dropped"]);
      expect(lines<{ building_id: number }>(text(records[0]?.data))[0]?.building_id).to.equal(1369);
      expect(calls).to.have.length(2);
      expect(calls[1]).to.deep.equal(calls[0]);
      expect(calls[1]?.DeliveryStreamName).to.equal("metercast-dev-left-out");
      const rows = lines<{ reason: string; payload: string }>(text(calls[1]?.Records[0]?.Data));
      expect(rows.map(({ reason, payload }) => [reason, text(payload)])).to.deep.equal([
        ["meter is not 0, 1, 2 or 3", bad],
        ["not JSON", "x"],
      ]);
    });
  });

  it("of the transform says what it misses when its stream is not named", async () => {
    const error: unknown = await invoke("transform", transformConfig("readings"), event(), {}).catch(
      (error: unknown) => error,
    );
    expect(String(error)).to.include("LEFT_OUT_STREAM is not set");
  });

  it("of left-out runs on its own", async () => {
    const row = '{"record_id":"1"}\n';
    const config = { environment: "dev", rules: {}, cities };
    const { records } = await invoke("left-out", config, event(record(row)), {});
    expect(records.map(({ data }) => text(data))).to.deep.equal([row]);
  });

  it("of a transform with functions invokes them by their names", async () => {
    await withFirehose(async (endpoint, _calls, invocations) => {
      const activities = [{ name: "f", kind: "lambda" as const, function: "team", batchSize: 2, columns: {} }];
      const { records } = await invoke(
        "transform-with-functions",
        transformConfig("readings", { activities }),
        event(wrapped(JSON.stringify([1, 2, 3].map((building_id) => reading({ building_id }))))),
        {
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: "us-east-1",
          AWS_ACCESS_KEY_ID: "test",
          AWS_SECRET_ACCESS_KEY: "test",
          LEFT_OUT_STREAM: "metercast-dev-left-out",
        },
      );
      expect(invocations.map(({ url }) => url)).to.deep.equal([
        "/2015-03-31/functions/team/invocations",
        "/2015-03-31/functions/team/invocations",
      ]);
      const rows = lines<{ building_id: number; meter_reading: number }>(text(records[0]?.data));
      expect(rows.map(({ building_id, meter_reading }) => [building_id, meter_reading])).to.deep.equal([
        [1, 7],
        [2, 7],
        [3, 7],
      ]);
    });
  });

  for (const name of ["transform", "transform-with-functions", "left-out"] as const) {
    it(`of ${name} is the same text in another process and another working folder, and names no folder of this machine`, async () => {
      const script = `
        import { bundleLambda } from ${JSON.stringify(pathToFileURL(join(root, "lambdas/bundle.ts")).href)};
        console.log(JSON.stringify(bundleLambda("${name}")));
      `;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script], {
        cwd: tmpdir(),
        maxBuffer: 64 * 1024 * 1024,
      });
      expect(JSON.parse(stdout) === bundleLambda(name)).to.equal(true);
      for (const folder of ["lambdas", "iot-sql", "node_modules"]) {
        expect(bundleLambda(name)).to.not.include(join(root, folder));
      }
    });
  }

  it("does not carry the holiday rules, which are large", () => {
    expect(bundleLambda("transform")).to.not.include("substitutes 01-01");
    expect(bundleLambda("transform").length).to.be.lessThan(3_000_000);
  });

  it("of a transform without functions does not carry the client that invokes them", () => {
    expect(bundleLambda("transform")).to.not.include("/invocations");
    expect(bundleLambda("transform-with-functions")).to.include("/invocations");
  });

  it("of left-out carries neither IoT SQL nor the SDK", () => {
    expect(bundleLambda("left-out").length).to.be.lessThan(20_000);
  });
});
