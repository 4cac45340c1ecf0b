import { expect } from "chai";
import {
  executionAlarms,
  functionAlarms,
  notStartedAlarm,
  predictionAlarms,
  timelinessAlarms,
} from "../inference/alarm-plans.ts";

const machine = "arn:aws:states:us-east-1:123456789012:stateMachine:metercast-test-inference";
const hour = 3600;
const late = (period: number) => timelinessAlarms("inference", machine, period, 6 * hour)[0];
const missed = (period: number) => timelinessAlarms("inference", machine, period, 6 * hour)[1];
const watched = (period: number | undefined) =>
  predictionAlarms(
    { name: "test", meterTypes: [{ type: "electricity" }, { type: "steam" }] },
    { staleAfterHours: 12, drift: { threshold: 0.25 } },
    period,
  );

describe("Alarms", () => {
  it("ring for each way in which an execution does not end well", () => {
    const alarms = executionAlarms("inference", machine);
    expect(alarms.map(({ metric }) => metric)).to.deep.equal([
      "ExecutionsFailed",
      "ExecutionsTimedOut",
      "ExecutionsAborted",
    ]);
    for (const alarm of alarms) {
      expect(alarm).to.deep.include({
        dimensions: { StateMachineArn: machine },
        statistic: "Sum",
        comparison: "GreaterThanThreshold",
        threshold: 0,
        missing: "notBreaching",
      });
    }
  });

  it("ring for a run that takes nearly the time to the next one, and never later than its own end", () => {
    expect(late(hour)).to.deep.include({ metric: "ExecutionTime", statistic: "Maximum", threshold: 0.9 * hour * 1000 });
    expect(late(24 * hour)).to.have.property("threshold", 0.9 * 6 * hour * 1000);
  });

  it("ring when no run has succeeded for as long as two should take, where nothing is as bad as none", () => {
    expect(missed(3 * hour)).to.deep.include({
      metric: "ExecutionsSucceeded",
      statistic: "Sum",
      periodSeconds: hour,
      periods: 7,
      comparison: "LessThanThreshold",
      threshold: 1,
      missing: "breaching",
    });
    expect(missed(hour / 4)).to.have.property("periods", 2);
  });

  it("look back over seven days at most: a rarer schedule has no alarm for what is missed", () => {
    expect(missed(3 * 24 * hour)).to.have.property("periods", 145);
    expect(missed(7 * 24 * hour)).to.equal(undefined);
  });

  it("ring for predictions that end too long ago, or of which no run says when", () => {
    expect(watched(3 * hour)[0]).to.deep.include({
      metric: "PredictionAge",
      dimensions: { Environment: "test" },
      threshold: 12 * hour,
      periods: 4,
      missing: "breaching",
    });
    expect(watched(undefined).map(({ metric }) => metric)).to.not.include("PredictionAge");
  });

  it("ring for the drift of each meter type, and go on until the next figure", () => {
    const drift = watched(hour).filter(({ metric }) => metric === "WeekRatio");
    expect(drift.map(({ dimensions }) => dimensions)).to.deep.equal([
      { Environment: "test", MeterType: "electricity" },
      { Environment: "test", MeterType: "steam" },
    ]);
    for (const alarm of drift) expect(alarm).to.deep.include({ threshold: 1.25, missing: "ignore" });
  });

  it("ring for functions that fail or are throttled, and for what could not be started", () => {
    expect(functionAlarms("plan", "metercast-test-plan").map(({ metric }) => metric)).to.deep.equal([
      "Errors",
      "Throttles",
    ]);
    expect(notStartedAlarm("metercast-test-not-started")).to.deep.include({
      namespace: "AWS/SQS",
      metric: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: "metercast-test-not-started" },
    });
  });

  it("say what has happened and what to do, in the 1,024 characters that CloudWatch takes", () => {
    const all = [
      ...executionAlarms("inference", machine),
      ...timelinessAlarms("inference", machine, hour, 6 * hour),
      ...functionAlarms("plan", "f"),
      ...watched(hour),
      notStartedAlarm("q"),
    ];
    for (const { part, description } of all) {
      expect(description.length, part).to.be.within(40, 1024);
      expect(description, part).to.contain(":");
    }
  });
});
