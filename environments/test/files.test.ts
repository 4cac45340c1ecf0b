import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import { expect } from "chai";
import { parse } from "yaml";

import { checkEnvironment, loadEnvironment, meterTypeCodes, publishTopics, topicRules } from "../index.ts";
import { schemaText } from "../schema.ts";

const pathOf = (name: string) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const textOf = (name: string) => readFileSync(pathOf(name), "utf8");
const environments = ["dev.yaml", "prod.yaml", "test/fixtures/iot-analytics.yaml", "test/fixtures/functions.yaml"];

describe("The environment files of the project", () => {
  for (const name of environments) {
    it(`${name} names the schema for editors in its first line`, () => {
      expect(textOf(name)).to.match(/^# yaml-language-server: \$schema=(\.\.?\/)+schema\.json\n/);
    });

    it(`${name} fits the schema that editors use`, () => {
      const validate = new Ajv2020({ allErrors: true }).compile(JSON.parse(textOf("schema.json")) as object);
      validate(parse(textOf(name)));
      expect(validate.errors).to.equal(null);
    });
  }

  it("dev and prod are right, without a warning", () => {
    for (const name of ["dev.yaml", "prod.yaml"]) {
      expect(checkEnvironment(textOf(name), name).problems).to.deep.equal([]);
    }
  });

  it("dev has four cities in four zones, about 100 buildings, and things of all four meter types", () => {
    const dev = loadEnvironment(pathOf("dev.yaml"));
    expect(dev.cities.map(({ timeZone }) => timeZone)).to.have.members([
      ...["America/New_York", "Europe/London", "America/Phoenix", "America/Chicago"],
    ]);
    expect(new Set(dev.cities.flatMap(({ meterTypes }) => meterTypes))).to.have.all.keys(Object.keys(meterTypeCodes));
    expect(dev.cities.reduce((sum, { buildings }) => sum + buildings.count, 0)).to.be.within(90, 110);
    expect(dev.protect).to.equal(false);
  });

  it("prod is the sixteen sites with 1,449 buildings, every city with all four meter types, protected", () => {
    const prod = loadEnvironment(pathOf("prod.yaml"));
    expect(prod.cities.map(({ siteId, name }) => `${siteId} ${name}`)).to.deep.equal([
      ...["0 Jacksonville", "1 London", "2 Phoenix", "3 Philadelphia", "4 SanFrancisco", "5 Loughborough"],
      ...["6 Philadelphia-6", "7 Montreal", "8 Jacksonville-8", "9 SanAntonio", "10 LasVegas", "11 Montreal-11"],
      ...["12 Dublin", "13 Minneapolis", "14 Philadelphia-14", "15 Pittsburgh"],
    ]);
    expect(prod.cities.reduce((sum, { buildings }) => sum + buildings.count, 0)).to.equal(1449);
    for (const { meterTypes } of prod.cities) expect(meterTypes).to.deep.equal(Object.keys(meterTypeCodes));
    expect(prod.cities.filter(({ meterClock }) => meterClock === "UTC").map(({ siteId }) => siteId)).to.deep.equal([
      14,
    ]);
    expect(prod.protect).to.equal(true);
  });

  it("prod's zones are those of the sites' clocks", () => {
    const zones = loadEnvironment(pathOf("prod.yaml")).cities.map(({ timeZone }) => timeZone.split("/")[1]);
    expect(zones).to.deep.equal([
      ...["New_York", "London", "Phoenix", "New_York", "Los_Angeles", "London", "New_York", "Toronto"],
      ...["New_York", "Chicago", "Denver", "Toronto", "Dublin", "Chicago", "New_York", "New_York"],
    ]);
  });

  it("dev and prod drop building 1099's steam, which dev has among its buildings", () => {
    for (const name of ["dev.yaml", "prod.yaml"]) {
      const environment = loadEnvironment(pathOf(name));
      const filters = environment.meterTypes.flatMap(({ type, activities }) =>
        activities.map((activity) => [type, activity]),
      );
      expect(filters).to.deep.equal([
        ["steam", { name: "filter: building_id <> 1099", kind: "filter", filter: "building_id <> 1099" }],
      ]);
      const ofSteam = environment.cities.filter(({ meterTypes }) => meterTypes.includes("steam"));
      const holds1099 = ofSteam.some(({ buildings }) => {
        return buildings.firstId <= 1099 && 1099 < buildings.firstId + buildings.count;
      });
      expect(holds1099, name).to.equal(true);
    }
  });
});

describe("schema.json", () => {
  it("is what the model gives (npm run schema writes it)", () => {
    expect(textOf("schema.json")).to.equal(schemaText());
  });

  it("describes every property, with its default where it has one", () => {
    interface Schema {
      properties?: Record<string, Schema & { title?: string; description?: string; default?: unknown }>;
      items?: Schema;
      anyOf?: Schema[];
    }
    const silent: string[] = [];
    const look = (schema: Schema, path: string): void => {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (!property.title || !property.description) silent.push(`${path}.${name}`);
        const isTold = property.default === undefined || /Default: /.test(property.description ?? "");
        if (!isTold && property.properties === undefined) silent.push(`${path}.${name} (default)`);
        look(property, `${path}.${name}`);
      }
      if (schema.items) look(schema.items, `${path}[]`);
      for (const choice of schema.anyOf ?? []) look(choice, path);
    };
    look(JSON.parse(schemaText()) as Schema, "");
    expect(silent).to.deep.equal([]);
  });
});

describe("A set-up from IoT Analytics", () => {
  const name = "test/fixtures/iot-analytics.yaml";

  it("keeps its topics, statements, retention and filter", () => {
    const environment = loadEnvironment(pathOf(name));
    expect(topicRules(environment)).to.deep.equal([
      {
        name: "metercast_historian_jh_iot_device_data",
        kind: "meter",
        sql: "SELECT building_id, meter, timestamp, meter_reading FROM 'jh-iot-device-data'",
      },
      {
        name: "metercast_historian_weather",
        kind: "weather",
        sql:
          "SELECT site_id, timestamp, air_temperature, cloud_coverage, dew_temperature, precip_depth_1_hr, " +
          "sea_level_pressure, wind_direction, wind_speed FROM 'jh-weather-data'",
      },
    ]);
    expect(environment.ingestion.rawRetentionDays).to.equal(14);
    expect(environment.meterTypes.flatMap(({ activities }) => activities)).to.deep.equal([
      { name: "drop_1099", kind: "filter", filter: "building_id <> 1099" },
    ]);
  });

  it("sends meters of all types to its one topic", () => {
    const topic = "jh-iot-device-data";
    expect(publishTopics(loadEnvironment(pathOf(name)))).to.deep.equal({
      meters: { electricity: topic, chilledwater: topic, steam: topic, hotwater: topic },
      weather: "jh-weather-data",
    });
  });

  it("is warned that its statements take single messages only", () => {
    const { problems } = checkEnvironment(textOf(name), name);
    expect(problems.map(({ path, severity }) => `${severity} ${path}`)).to.deep.equal([
      "warning weather.sql",
      "warning ingestion.rules[0].sql",
    ]);
    expect(problems[0]?.message).to.contain("takes single messages only");
  });
});
