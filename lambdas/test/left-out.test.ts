import { expect } from "chai";
import type { LeftOutRow } from "../left-out-row.ts";
import { responseLimit } from "../response.ts";
import { compileLeftOut } from "../left-out/left-out.ts";
import { base64, cities, event, lines, reading, received, record, text } from "./builders.ts";

const leftOut = compileLeftOut({
  environment: "dev",
  rules: { metercast_dev_steam: "readings", metercast_dev_weather: "weather" },
  cities,
});

function failure(payload: string | Uint8Array, changes: Record<string, unknown> = {}): string {
  return JSON.stringify({
    ruleName: "metercast_dev_steam",
    topic: "metercast/dev/London/meter/steam",
    cloudwatchTraceId: "7e146a2c-95b5-6caf-98b9-50e3969734c7",
    clientId: "gateway",
    base64OriginalPayload: base64(payload),
    failures: [{ failedAction: "FirehoseAction", failedResource: "stream", errorMessage: "throttled" }],
    ...changes,
  });
}

function rows(line: string, recordId?: string): LeftOutRow[] {
  const { records } = leftOut(event(record(line, recordId)));
  expect(records.map(({ result }) => result)).to.deep.equal(["Ok"]);
  return lines<LeftOutRow>(text(records[0]?.data));
}

describe("transform of what is left out", () => {
  it("passes on the rows of the pipelines as they are", () => {
    const row = '{"record_id":"1","position":0,"ended":"dropped"}\n';
    const { records } = leftOut(event(record(row + row)));
    expect(records).to.deep.equal([{ recordId: "4954001", result: "Ok", data: base64(row + row) }]);
  });

  it("makes a row of each element of a message whose rule action failed", () => {
    const first = JSON.stringify(reading());
    const second = '{ "meter": 0 }';
    const made = rows(failure(`[${first},${second}]`));
    expect(made.map(({ record_id: _, ...row }) => ({ ...row, payload: text(row.payload) }))).to.deep.equal(
      [first, second].map((payload, position) => ({
        pipeline: "readings",
        ended: "rejected",
        by: null,
        reason: "rule action failed: FirehoseAction",
        topic: "metercast/dev/London/meter/steam",
        client: "gateway",
        city: "London",
        received: received + 1,
        position,
        payload,
      })),
    );
    expect(made[0]?.record_id)
      .to.match(/^rule-[0-9a-f]{40}$/)
      .and.to.equal(made[1]?.record_id);
  });

  for (const [what, payload] of Object.entries({ "text": "hello", "nothing": "", "an empty envelope": "[]" })) {
    it(`makes one row of a message that is ${what}`, () => {
      expect(rows(failure(payload)).map((row) => [row.position, text(row.payload)])).to.deep.equal([[0, payload]]);
    });
  }

  it("keeps bytes that are not UTF-8", () => {
    expect(rows(failure(Uint8Array.of(0xff, 0xfe)))[0]?.payload).to.equal(base64(Uint8Array.of(0xff, 0xfe)));
  });

  it("keeps messages whole whose rows would be longer than a response may be", () => {
    const zeros = `[${"0,".repeat(65_000)}0]`;
    const { records } = leftOut(event(...["1", "2", "3"].map((id) => record(failure(zeros), id))));
    expect(JSON.stringify({ records }).length).to.be.at.most(responseLimit);
    expect(lines<LeftOutRow>(text(records[0]?.data)).map((row) => text(row.payload))).to.deep.equal([zeros]);

    const hundreds = `[${"100,".repeat(5_000)}100]`;
    const many = leftOut(event(...["1", "2", "3", "4"].map((id) => record(failure(hundreds), id)))).records;
    expect(JSON.stringify({ records: many }).length).to.be.at.most(responseLimit);
    expect(many.map(({ data }) => lines(text(data)).length)).to.deep.equal([5_001, 5_001, 5_001, 1]);
  });

  it("gives a message one id however often it is delivered, and different messages different ones", () => {
    const id = (line: string, recordId: string) => rows(line, recordId)[0]?.record_id;
    expect(id(failure("a"), "1")).to.equal(id(failure("a"), "2"));
    expect(id(failure("a"), "1")).to.not.equal(id(failure("a", { cloudwatchTraceId: "other" }), "1"));
    const untraced = failure("a", { cloudwatchTraceId: undefined });
    expect(id(untraced, "1")).to.equal(id(untraced, "1"));
    expect(id(untraced, "1")).to.not.equal(id(untraced, "2"));
  });

  it("takes the pipeline from the rule, and does not guess for another rule", () => {
    expect(rows(failure("{}", { ruleName: "metercast_dev_weather" }))[0]?.pipeline).to.equal("weather");
    expect(rows(failure("{}", { ruleName: "other" }))[0]?.pipeline).to.equal(null);
  });

  it("keeps what is neither a row nor an error message of a rule", () => {
    for (const line of ["hello", "{}", "null", '{"ruleName":"r","base64OriginalPayload":5,"failures":[]}']) {
      const [row] = rows(line);
      expect(row).to.deep.include({ record_id: "4954001", pipeline: null, reason: "not a rule's error message" });
      expect(text(row?.payload)).to.equal(line);
    }
  });
});
