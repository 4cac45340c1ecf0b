import type { PutRecordBatchCommand, PutRecordBatchCommandOutput } from "@aws-sdk/client-firehose";
import { expect } from "chai";
import { DeliveryError, putLines } from "../delivery.ts";

/** A delivery stream that refuses records as it is told, and notes each call. */
function stream(refuse: (call: number, record: string, index: number) => boolean = () => false) {
  const calls: string[][] = [];
  const pauses: number[] = [];
  const client = {
    send: (command: PutRecordBatchCommand): Promise<Partial<PutRecordBatchCommandOutput>> => {
      expect(command.input.DeliveryStreamName).to.equal("left-out");
      const records = (command.input.Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString("utf8"));
      const refused = records.map((record, index) => refuse(calls.length, record, index));
      calls.push(records);
      return Promise.resolve({
        FailedPutCount: refused.filter(Boolean).length,
        RequestResponses: refused.map((failed) =>
          failed ? { ErrorCode: "ServiceUnavailableException" } : { RecordId: "1" },
        ),
      });
    },
  };
  const put = (lines: string[]) =>
    putLines(client, "left-out", lines, (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    });
  return { calls, pauses, put };
}

describe("putting lines to a delivery stream", () => {
  it("makes no call when there is nothing to put", async () => {
    const { calls, put } = stream();
    await put([]);
    expect(calls).to.deep.equal([]);
  });

  it("puts all lines in order, many to a record", async () => {
    const { calls, put } = stream();
    const lines = Array.from({ length: 3_000 }, (_, index) => `{"n":${index},"x":"${"é".repeat(50)}"}\n`);
    await put(lines);
    expect(calls.flat().join("")).to.equal(lines.join(""));
    expect(calls.flat().length).to.be.lessThan(10);
  });

  it("keeps the limits of a call: 500 records, 4 MiB", async () => {
    const { calls, put } = stream();
    const lines = Array.from({ length: 120 }, (_, index) => `${index} `.padEnd(170_000, "é") + "\n");
    await put(lines);
    expect(calls.flat()).to.deep.equal(lines);
    for (const records of calls) {
      expect(records.length).to.be.at.most(500);
      expect(Buffer.byteLength(records.join(""))).to.be.at.most(4 * 1024 * 1024);
    }
  });

  it("sends again only what the stream refused", async () => {
    const long = (name: string) => name.padEnd(60_000, name) + "\n";
    const { calls, pauses, put } = stream((call, _record, index) => call < 2 && index === call);
    await put(["a", "b", "c"].map(long));
    expect(calls.map((records) => records.map((record) => record[0]).join(""))).to.deep.equal(["abc", "a"]);
    expect(pauses).to.deep.equal([100]);
  });

  it("fails when the stream goes on refusing, so that the invocation is repeated", async () => {
    const { calls, pauses, put } = stream(() => true);
    const error: unknown = await put(["a\n"]).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(DeliveryError);
    expect((error as Error).message).to.include("left-out refused 1 records 6 times (ServiceUnavailableException)");
    expect(calls).to.have.length(6);
    expect(pauses).to.deep.equal([100, 200, 400, 800, 1600]);
  });
});
