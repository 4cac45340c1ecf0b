import { expect } from "chai";
import { topicRules } from "../../environments/index.ts";
import { deliveryFolders } from "../ingestion/delivery-folders.ts";
import { deliveryPermissions } from "../ingestion/delivery-permissions.ts";
import { putRecordBatchTo, putRecordTo } from "../ingestion/caller-permissions.ts";
import { leftOutConfig, transformConfig } from "../ingestion/transform-config.ts";
import { lakePlan } from "../lake/tables.ts";
import { city, environment } from "./environments.ts";

describe("The folders of a delivery stream", () => {
  it("are by day of arrival, failures apart by their kind", () => {
    expect(deliveryFolders("left_out", false)).to.deep.equal({
      prefix: "left_out/dt=!{timestamp:yyyy-MM-dd}/",
      errorPrefix: "errors/left_out/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/",
      all: ["left_out", "errors/left_out"],
    });
  });

  it("have a channel where raw messages are kept", () => {
    expect(deliveryFolders("readings", true)).to.deep.include({
      channel: {
        prefix: "channel/readings/dt=!{timestamp:yyyy-MM-dd}/",
        errorPrefix: "errors/channel/readings/!{firehose:error-output-type}/dt=!{timestamp:yyyy-MM-dd}/",
      },
      all: ["readings", "errors/readings", "channel/readings", "errors/channel/readings"],
    });
  });
});

describe("A delivery stream's role", () => {
  const statements = deliveryPermissions({
    region: "eu-west-1",
    accountId: "123456789012",
    bucketArn: "arn:aws:s3:::b",
    folders: deliveryFolders("readings", true),
    database: "d",
    table: "t",
    functionArn: "arn:aws:lambda:eu-west-1:123456789012:function:f",
    logStreamArns: ["arn:l"],
  });
  const resourcesOf = (sid: string) => statements.find((statement) => statement.sid === sid)?.resources;

  it("writes into the stream's own folders only", () => {
    expect(resourcesOf("WriteObjects")).to.deep.equal([
      "arn:aws:s3:::b/readings/*",
      "arn:aws:s3:::b/errors/readings/*",
      "arn:aws:s3:::b/channel/readings/*",
      "arn:aws:s3:::b/errors/channel/readings/*",
    ]);
  });

  it("reads the schema of its table only", () => {
    expect(resourcesOf("ReadSchema")).to.deep.equal([
      "arn:aws:glue:eu-west-1:123456789012:catalog",
      "arn:aws:glue:eu-west-1:123456789012:database/d",
      "arn:aws:glue:eu-west-1:123456789012:table/d/t",
    ]);
  });

  it("invokes any version of its transform, so that an update does not stop it", () => {
    expect(resourcesOf("InvokeTransform")).to.deep.equal(["arn:aws:lambda:eu-west-1:123456789012:function:f:*"]);
  });

  it("cannot delete anything", () => {
    expect(statements.flatMap(({ actions }) => actions).filter((action) => /delete/i.test(action))).to.deep.equal([]);
  });
});

describe("Who puts records into a stream", () => {
  it("may do it one by one as a topic rule, and in batches as a transform, into that stream", () => {
    expect(putRecordTo("arn:s")).to.deep.include({ actions: ["firehose:PutRecord"], resources: ["arn:s"] });
    expect(putRecordBatchTo("arn:s")).to.deep.include({ actions: ["firehose:PutRecordBatch"], resources: ["arn:s"] });
  });
});

describe("The configuration of a transform", () => {
  const filter = { name: "no 1099", kind: "filter", filter: "building_id <> 1099" } as const;
  const celsius = { name: "f", kind: "math", attribute: "air_f", math: "air_temperature * 1.8 + 32" } as const;
  const from = environment({
    meterTypes: [
      { type: "electricity", unit: "kWh", activities: [] },
      { type: "steam", unit: "kWh", activities: [filter] },
    ],
    weather: { activities: [celsius] },
    cities: [city(), city({ siteId: 1, name: "London", country: "GB", subdivision: "ENG", timeZone: "Europe/London" })],
  });
  const plan = lakePlan(from);

  it("applies a meter type's activities to its readings only", () => {
    expect(transformConfig(from, "readings", plan.readings).activities).to.deep.equal([{ ...filter, meter: 2 }]);
    expect(transformConfig(from, "weather", plan.weather).activities).to.deep.equal([celsius]);
  });

  it("has the accepted span in milliseconds", () => {
    expect(transformConfig(from, "readings", plan.readings)).to.deep.include({
      acceptFrom: 946_684_800_000,
      acceptAheadMs: 86_400_000,
    });
  });

  it("has the columns of the landing table, added ones too", () => {
    const { columns } = transformConfig(from, "weather", plan.weather);
    expect(columns).to.deep.equal(plan.weather.columns.map(({ name }) => name));
    expect(columns).to.include("air_f");
  });

  it("has the holidays of the cities' calendars for weather, and none for readings", () => {
    const { holidays } = transformConfig(from, "weather", plan.weather);
    expect(holidays).to.have.all.keys("US", "GB-ENG");
    expect(holidays["US"]).to.include("2018-12-25");
    expect(holidays["GB-ENG"]).to.include("2018-12-26");
    expect(transformConfig(from, "readings", plan.readings).holidays).to.deep.equal({});
  });

  it("knows a city by what the transform needs", () => {
    expect(transformConfig(from, "readings", plan.readings).cities).to.deep.equal([
      { name: "Jacksonville", siteId: 0, timeZone: "America/New_York", country: "US" },
      { name: "London", siteId: 1, timeZone: "Europe/London", country: "GB", subdivision: "ENG" },
    ]);
  });

  it("of the left_out stream tells the pipeline by the rule that failed", () => {
    expect(leftOutConfig(from, topicRules(from)).rules).to.deep.equal({
      metercast_test_electricity: "readings",
      metercast_test_steam: "readings",
      metercast_test_weather: "weather",
    });
  });
});
