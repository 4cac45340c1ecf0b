import { expect } from "chai";
import type { Environment } from "../../environments/index.ts";
import { publishTopics, topicRules } from "../../environments/index.ts";
import { PolicyError } from "../policy/policy-document.ts";
import { devicePolicy } from "../registry/device-policy.ts";
import type { ThingPlan } from "../registry/things.ts";
import { meterThings, weatherThings } from "../registry/things.ts";
import { city, environment } from "./environments.ts";

const place = { region: "us-east-1", accountId: "123456789012" };

interface Statement {
  Effect: string;
  Action: string[];
  Resource: string[];
  Condition: Record<string, Record<string, string>>;
}

const dublin = city({ siteId: 12, name: "Dublin", country: "IE", timeZone: "Europe/Dublin" });

function thingsOf(from: Environment): ThingPlan[] {
  const rules = topicRules(from);
  return [...meterThings(from, rules), ...weatherThings(from, rules)];
}

/** The thing of a city and a meter type, or its weather station. */
function thing(from: Environment, name: string): ThingPlan {
  const found = thingsOf(from).find((plan) => plan.name === name);
  if (found === undefined) throw new Error(`no thing ${name}`);
  return found;
}

/** The text with the thing's variables; undefined when one of them cannot be resolved, which AWS IoT denies. */
function resolved(text: string, from: ThingPlan): string | undefined {
  let missing = false;
  const full = text.replaceAll(/\$\{iot:Connection\.Thing\.(?:Attributes\[(\w+)\]|ThingName)\}/g, (_, key?: string) => {
    const value = key === undefined ? from.name : from.attributes[key];
    missing ||= value === undefined;
    return value ?? "";
  });
  return missing ? undefined : full;
}

/** Whether the policy lets a device of the thing do the action on `client/...` or `topic/...`. No policy has a wildcard. */
function allows(from: Environment, thing: ThingPlan, action: string, resource: string): boolean {
  const { Statement } = JSON.parse(devicePolicy(place, publishTopics(from))) as { Statement: Statement[] };
  return Statement.some(
    (statement) =>
      statement.Action.includes(action) &&
      Object.entries(statement.Condition["StringEquals"] ?? {}).every(
        ([key, value]) => resolved(`\${${key}}`, thing) === value,
      ) &&
      statement.Resource.some((one) => resolved(one, thing) === `arn:aws:iot:us-east-1:123456789012:${resource}`),
  );
}

describe("The things of an environment", () => {
  const two = environment({ cities: [city(), { ...dublin, meterTypes: ["steam"] }] });

  it("are one per city and meter type that it has, and one per weather station", () => {
    expect(thingsOf(two).map(({ name }) => name)).to.deep.equal([
      "metercast_test_Jacksonville_electricity",
      "metercast_test_Jacksonville_steam",
      "metercast_test_Dublin_steam",
      "metercast_test_Jacksonville_weather",
      "metercast_test_Dublin_weather",
    ]);
  });

  it("carry what the policy and searches go by", () => {
    expect(thing(two, "metercast_test_Dublin_steam").attributes).to.deep.equal({
      kind: "meter",
      city: "Dublin",
      siteId: "12",
      meter: "steam",
      rule: "metercast_test_steam",
    });
    expect(thing(two, "metercast_test_Dublin_weather").attributes).to.deep.equal({
      kind: "weather",
      city: "Dublin",
      siteId: "12",
      rule: "metercast_test_weather",
    });
  });

  it("have the one rule of all meters, and none where several could be meant", () => {
    const { ingestion } = environment();
    const rule = (name: string, topic: string) => ({ name, sql: `SELECT * FROM '${topic}'` });
    const one = environment({ ingestion: { ...ingestion, rules: [rule("all", "a/b")] } });
    const several = environment({ ingestion: { ...ingestion, rules: [rule("first", "a/b"), rule("second", "a/c")] } });
    const name = "metercast_test_Jacksonville_steam";
    expect(thing(one, name).attributes["rule"]).to.equal("metercast_test_all");
    expect(thing(several, name).attributes).to.not.have.property("rule");
  });
});

describe("The device policy", () => {
  const two = environment({ cities: [city(), dublin] });
  const steam = thing(two, "metercast_test_Dublin_steam");
  const station = thing(two, "metercast_test_Dublin_weather");
  const publish = "iot:Publish";

  it("lets a device connect under the name of its thing only, with a certificate that is attached", () => {
    expect(allows(two, steam, "iot:Connect", "client/metercast_test_Dublin_steam")).to.equal(true);
    expect(allows(two, steam, "iot:Connect", "client/metercast_test_Dublin_weather")).to.equal(false);
    expect(devicePolicy(place, publishTopics(two))).to.contain(
      '"Condition":{"Bool":{"iot:Connection.Thing.IsAttached":"true"}}',
    );
  });

  it("lets a meter publish the readings of its own city and type only", () => {
    expect(allows(two, steam, publish, "topic/metercast/test/Dublin/meter/steam")).to.equal(true);
    for (const other of ["Jacksonville/meter/steam", "Dublin/meter/electricity", "Dublin/weather"]) {
      expect(allows(two, steam, publish, `topic/metercast/test/${other}`), other).to.equal(false);
    }
  });

  it("lets a weather station publish the weather of its own city only", () => {
    expect(allows(two, station, publish, "topic/metercast/test/Dublin/weather")).to.equal(true);
    for (const other of ["Jacksonville/weather", "Dublin/meter/steam", "Dublin/meter/weather", "Dublin/meter/"]) {
      expect(allows(two, station, publish, `topic/metercast/test/${other}`), other).to.equal(false);
    }
  });

  it("lets a thing use Basic Ingest, by its own rule and for its own topic", () => {
    const rest = "metercast/test/Dublin/meter/steam";
    expect(allows(two, steam, publish, `topic/$aws/rules/metercast_test_steam/${rest}`)).to.equal(true);
    expect(allows(two, steam, publish, `topic/$aws/rules/metercast_test_weather/${rest}`)).to.equal(false);
    expect(
      allows(two, station, publish, "topic/$aws/rules/metercast_test_weather/metercast/test/Dublin/weather"),
    ).to.equal(true);
  });

  it("lets things publish to the environment's own topics, meters and stations each to theirs", () => {
    const own = environment({
      cities: [city(), dublin],
      weather: { sql: "SELECT * FROM 'jh-weather'", activities: [] },
      ingestion: {
        ...environment().ingestion,
        rules: [{ name: "all", sql: "SELECT building_id, meter, timestamp, meter_reading FROM 'jh-iot-device-data'" }],
      },
    });
    const meter = thing(own, "metercast_test_Dublin_steam");
    const weather = thing(own, "metercast_test_Dublin_weather");
    expect(allows(own, meter, publish, "topic/jh-iot-device-data")).to.equal(true);
    expect(allows(own, meter, publish, "topic/$aws/rules/metercast_test_all/jh-iot-device-data")).to.equal(true);
    expect(allows(own, meter, publish, "topic/jh-weather")).to.equal(false);
    expect(allows(own, weather, publish, "topic/jh-weather")).to.equal(true);
    expect(allows(own, weather, publish, "topic/jh-iot-device-data")).to.equal(false);
  });

  it("allows nothing but to connect where no topic can be told", () => {
    const nothing = { electricity: undefined, chilledwater: undefined, steam: undefined, hotwater: undefined };
    const document = devicePolicy(place, { meters: nothing, weather: undefined });
    expect(document).to.not.contain("iot:Publish");
  });

  it("publishes to a rule without FROM under the rule's name, once", () => {
    const topics = publishTopics(two);
    const document = devicePolicy(place, { ...topics, weather: "$aws/rules/metercast_test_weather" });
    expect(document).to.contain(":topic/$aws/rules/metercast_test_weather");
    expect(document).to.not.contain("PublishWeatherByRule");
  });

  it("keeps to AWS's length, and says so where it cannot", () => {
    expect(devicePolicy(place, publishTopics(environment({ name: "e".repeat(25) }))).length).to.be.at.most(2048);
    const long = (name: string) => `${name}${"x".repeat(200)}/{city}`;
    const meters = { electricity: long("a"), chilledwater: long("b"), steam: long("c"), hotwater: long("d") };
    expect(() => devicePolicy(place, { meters, weather: undefined })).to.throw(
      PolicyError,
      /characters, AWS IoT takes 2048/,
    );
  });

  it("stands in the region's partition", () => {
    const document = devicePolicy({ region: "cn-north-1", accountId: "123456789012" }, publishTopics(two));
    expect(document).to.contain("arn:aws-cn:iot:cn-north-1:123456789012:client/");
  });
});
