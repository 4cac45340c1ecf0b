import { readFileSync } from "node:fs";
import { expect } from "chai";
import { evaluate } from "../../graph/index.ts";
import { loadEnvironment } from "../../environments/index.ts";
import { environmentOf, graphOf, resource, resourcesOf, types } from "./graphs.ts";

/** Types whose physical name stands within a resource that carries the environment's name. */
const named = new Set<string>(["aws:cloudwatch/logStream:LogStream", types.table]);

/** An object in a bucket takes ten tags, fewer than an environment may have: it gets none, not the provider's either. */
const untagged = ["aws:s3/bucketObjectv2:BucketObjectv2"];

/** Whether a type has an argument `tags`, by the declarations of the provider's package. */
function takesTags(type: string): boolean {
  if (untagged.includes(type)) return false;
  if (type === "awsx:ecr:Repository") return true;
  const [, module] = /^aws:(\S+):/.exec(type) ?? [];
  return (
    module !== undefined &&
    readFileSync(new URL(`../../node_modules/@pulumi/aws/${module}.d.ts`, import.meta.url), "utf8").includes(
      "  tags?: ",
    )
  );
}

/** The physical names of a graph, each with its type; none of two environments may meet. */
async function physicalNames(name: "dev" | "prod"): Promise<string[]> {
  const { resources } = await graphOf(name);
  return resources
    .filter(({ component, type }) => !component && !named.has(type))
    .flatMap(({ type, inputs }) => {
      const physical = type.startsWith("aws:s3/") ? inputs["bucket"] : inputs["name"];
      return typeof physical === "string" ? [`${type} ${physical}`] : [];
    });
}

describe("The program of an environment", () => {
  it("gives every resource its component, and every component but the first ones too", async () => {
    const { resources } = await graphOf("dev");
    const ids = new Set(resources.map(({ id }) => id));
    const top = resources.filter(({ parent }) => parent === null).map(({ id }) => id);
    expect(top).to.have.members([
      "metercast:lake:DataLake::lake",
      "metercast:ingestion:LeftOut::left-out",
      "metercast:registry:DeviceRegistry::registry",
      "metercast:ingestion:MeterIngestion::meters",
      "metercast:ingestion:WeatherIngestion::weather",
      "metercast:inference:Notifications::notifications",
      "metercast:inference:Timetable::timetable",
      "metercast:inference:DatasetRefresh::datasets",
      "metercast:inference:InferenceSchedule::inference",
      "metercast:dashboard:Dashboard::dashboard",
      "pulumi:providers:aws::aws",
    ]);
    for (const { id, parent } of resources) {
      expect(parent === null || (ids.has(parent) && id.startsWith(`${parent}/`)), id).to.equal(true);
    }
  });

  it("puts each resource below the component that is about it", async () => {
    const { resources } = await graphOf("dev");
    const componentsOf = (type: string) => [
      ...new Set(resources.filter((one) => one.type === type).map(({ parent }) => parent?.split("/").at(-1))),
    ];
    expect(componentsOf(types.stream)).to.have.members([
      "metercast:ingestion:DeliveryStream::left-out-stream",
      "metercast:ingestion:DeliveryStream::meters-pipeline-stream",
      "metercast:ingestion:DeliveryStream::weather-pipeline-stream",
    ]);
    expect(componentsOf(types.topicRule)).to.have.members([
      "metercast:ingestion:IngestionPipeline::meters-pipeline",
      "metercast:ingestion:IngestionPipeline::weather-pipeline",
    ]);
    expect(componentsOf(types.bucket)).to.deep.equal(["metercast:lake:LakeBucket::lake-bucket"]);
  });

  for (const name of ["dev", "prod"] as const) {
    it(`tags everything of ${name} that takes tags, and asks the provider to do the same`, async () => {
      const { resources } = await graphOf(name);
      const { tags } = loadEnvironment(`environments/${name}.yaml`);
      const expected = { ...tags, "metercast:environment": name };
      for (const { id, type, inputs } of resources) {
        expect(inputs["tags"], id).to.deep.equal(takesTags(type) ? expected : undefined);
        if (untagged.includes(type)) expect(inputs["overrideProvider"]).to.deep.equal({ defaultTags: { tags: {} } });
      }
      const [provider] = resources.filter(({ type }) => type === "pulumi:providers:aws");
      expect(JSON.parse(String(provider?.inputs["defaultTags"]))).to.deep.equal({ tags: expected });
    });
  }

  it("puts the team's tags on its resources", async () => {
    const environment = { ...loadEnvironment("environments/dev.yaml"), tags: { costCentre: "4711" } };
    const { graph } = await evaluate(environment);
    expect(resource(graph, types.stream, "metercast-dev-readings").inputs["tags"]).to.deep.equal({
      "costCentre": "4711",
      "metercast:environment": "dev",
    });
  });

  it("declares everything in the environment's region, which stands in its file only", async () => {
    const environment = { ...loadEnvironment("environments/dev.yaml"), region: "eu-west-1" };
    const { graph } = await evaluate(environment);
    const [provider] = resourcesOf(graph, "pulumi:providers:aws");
    expect(provider?.inputs["region"]).to.equal("eu-west-1");
    expect(JSON.stringify(graph)).to.not.contain("us-east-1");
    expect(graph.outputs).to.include({ region: "eu-west-1", bucket: "metercast-dev-123456789012-eu-west-1" });
  });

  it("refuses a region that the provider does not know", async () => {
    const environment = { ...loadEnvironment("environments/dev.yaml"), region: "us-esat-1" };
    const failure = await evaluate(environment).then(
      () => "",
      (error: Error) => error.message,
    );
    expect(failure).to.match(/no region "us-esat-1".*us-east-1/);
  });

  it("names everything after its environment, so that two in one account share no name", async () => {
    const [dev, prod] = [await physicalNames("dev"), await physicalNames("prod")];
    expect(dev.length).to.be.greaterThan(60);
    expect(dev.filter((name) => prod.includes(name))).to.deep.equal([]);
    for (const name of dev) expect(name, name).to.match(/[-_/]dev([-_/]|$)/);
  });

  it("has no name part that another could end in, so that no environment's name can make two alike", async () => {
    const names = (await physicalNames("dev")).filter((name) => name.includes("metercast-dev-"));
    const parts = names.map((name) => name.replace(/ .*metercast-dev-/, " ").split(" ") as [string, string]);
    for (const [type, part] of parts) {
      const clash = parts.find(([otherType, other]) => otherType === type && other.endsWith(`-${part}`));
      expect(clash, `${type} ${part}`).to.equal(undefined);
    }
  });

  it("gives out what publishers, queries and people need", async () => {
    const { outputs } = await graphOf("dev");
    expect(outputs).to.deep.include({
      environment: "dev",
      region: "us-east-1",
      bucket: "metercast-dev-123456789012-us-east-1",
      database: "metercast_dev",
      workgroup: "metercast-dev",
      topics: {
        meters: {
          electricity: "metercast/dev/{city}/meter/electricity",
          chilledwater: "metercast/dev/{city}/meter/chilledwater",
          steam: "metercast/dev/{city}/meter/steam",
          hotwater: "metercast/dev/{city}/meter/hotwater",
        },
        weather: "metercast/dev/{city}/weather",
      },
    });
    const states = "arn:aws:states:us-east-1:123456789012:stateMachine";
    const { modelVersion } = (outputs["runs"] as { inference: { modelVersion: string } }).inference;
    expect(outputs["runs"]).to.deep.equal({
      datasets: { stateMachine: "metercast-dev-datasets", arn: `${states}:metercast-dev-datasets` },
      inference: {
        stateMachine: "metercast-dev-inference",
        arn: `${states}:metercast-dev-inference`,
        table: "predictions",
        modelVersion,
      },
      notifications: "arn:aws:sns:us-east-1:123456789012:metercast-dev-notifications",
    });
    expect(outputs["endpoint"]).to.match(/-ats\.iot\.us-east-1\.amazonaws\.com$/);
  });

  it("registers a thing per city and meter type and per weather station, each in the group of its city", async () => {
    const graph = await graphOf("prod");
    expect(resourcesOf(graph, types.thing)).to.have.length(16 * 4 + 16);
    const memberships = resourcesOf(graph, "aws:iot/thingGroupMembership:ThingGroupMembership").map(
      ({ inputs }) => `${String(inputs["thingName"])} in ${String(inputs["thingGroupName"])}`,
    );
    expect(memberships).to.have.length(16 * 5);
    expect(memberships).to.include("metercast_prod_Philadelphia-6_steam in metercast_prod_Philadelphia-6");
    expect(memberships).to.include("metercast_prod_Dublin_weather in metercast_prod_Dublin");
    expect(resource(graph, types.thing, "metercast_prod_Dublin_steam").inputs["thingTypeName"]).to.equal(
      "metercast-prod",
    );
  });

  it("attaches the device policy to the group of every city", async () => {
    const graph = await graphOf("prod");
    const attachments = resourcesOf(graph, "aws:iot/policyAttachment:PolicyAttachment").map(({ inputs }) => inputs);
    expect(attachments).to.have.length(16);
    expect(attachments).to.deep.include({
      policy: "metercast-prod-device",
      target: "arn:aws:iot:us-east-1:123456789012:thinggroup/metercast_prod_Dublin",
    });
  });

  it("expresses what teams bring from IoT Analytics", async () => {
    const { graph } = await evaluate(
      environmentOf(`name: old
region: us-east-1
meterTypes:
  - { type: electricity, unit: kWh, activities: [filter: meter_reading >= 0] }
cities:
  - siteId: 0
    name: Jacksonville
    country: US
    latitude: 30.33
    longitude: -81.66
    timeZone: America/New_York
weather:
  sql: SELECT site_id, timestamp, air_temperature FROM 'jh-weather-data'
ingestion:
  rawRetentionDays: 14
  rules:
    - name: meters
      sql: SELECT building_id, meter, timestamp, meter_reading FROM 'jh-iot-device-data'
`),
    );
    const rules = resourcesOf(graph, types.topicRule).map(({ inputs }) => [inputs["name"], inputs["sql"]]);
    expect(rules).to.have.deep.members([
      ["metercast_old_meters", "SELECT building_id, meter, timestamp, meter_reading FROM 'jh-iot-device-data'"],
      ["metercast_old_weather", "SELECT site_id, timestamp, air_temperature FROM 'jh-weather-data'"],
    ]);
    expect(graph.outputs["topics"]).to.deep.equal({
      meters: { electricity: "jh-iot-device-data" },
      weather: "jh-weather-data",
    });
  });
});
