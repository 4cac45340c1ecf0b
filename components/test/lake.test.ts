import { expect } from "chai";
import { optionalColumns, requiredColumns } from "../../lambdas/transform/columns.ts";
import type { Column } from "../lake/columns.ts";
import { arrivalColumns, localTimeColumns, readingColumns, weatherColumns } from "../lake/columns.ts";
import { lifecycleRules } from "../lake/lifecycle.ts";
import type { ViewPlan } from "../lake/tables.ts";
import { lakePlan, tableParameters } from "../lake/tables.ts";
import { latestCopies, prestoView } from "../lake/views.ts";
import { environment } from "./environments.ts";

const typesOf = (columns: readonly Column[]) => columns.map(({ name, type }) => `${name} ${type}`);

function view(name: string): ViewPlan {
  const found = lakePlan(environment()).views.find((plan) => plan.name === name);
  if (found === undefined) throw new Error(`no view ${name}`);
  return found;
}

describe("The landing tables", () => {
  it("have the message's columns and those of its arrival", () => {
    expect(typesOf(lakePlan(environment()).readings.columns)).to.deep.equal([
      "building_id int",
      "meter int",
      "timestamp timestamp",
      "meter_reading double",
      "city string",
      "received bigint",
      "record_id string",
      "position int",
    ]);
  });

  it("have the local time of weather", () => {
    expect(typesOf(lakePlan(environment()).weather.columns)).to.deep.equal([
      "site_id int",
      "timestamp timestamp",
      "air_temperature double",
      "cloud_coverage double",
      "dew_temperature double",
      "precip_depth_1_hr double",
      "sea_level_pressure double",
      "wind_direction double",
      "wind_speed double",
      "hour int",
      "weekday int",
      "week int",
      "month int",
      "is_holiday int",
      "city string",
      "received bigint",
      "record_id string",
      "position int",
    ]);
  });

  it("have the columns that activities add: a double by math, the source's type by a copy", () => {
    const { readings, weather } = lakePlan(
      environment({
        meterTypes: [
          {
            type: "electricity",
            unit: "kWh",
            activities: [{ name: "to kbtu", kind: "math", attribute: "kbtu", math: "meter_reading * 3.412" }],
          },
          {
            type: "steam",
            unit: "kWh",
            activities: [
              { name: "copy", kind: "addAttributes", attributes: { building_id: "series", voltage: "volts" } },
              { name: "correct", kind: "math", attribute: "meter_reading", math: "meter_reading * 2" },
            ],
          },
        ],
        weather: { activities: [{ name: "f", kind: "math", attribute: "air_f", math: "air_temperature * 1.8 + 32" }] },
      }),
    );
    expect(typesOf(readings.columns).slice(3, 8)).to.deep.equal([
      "meter_reading double",
      "kbtu double",
      "series int",
      "volts string",
      "city string",
    ]);
    expect(typesOf(weather.columns).slice(8, 11)).to.deep.equal(["wind_speed double", "air_f double", "hour int"]);
  });

  it("agree with what the transform writes", () => {
    expect(typesOf(readingColumns)).to.deep.equal(
      Object.entries(requiredColumns.readings).map((entry) => entry.join(" ")),
    );
    expect(typesOf(weatherColumns)).to.deep.equal(
      Object.entries({ ...requiredColumns.weather, ...optionalColumns.weather }).map((entry) => entry.join(" ")),
    );
  });

  it("are partitioned by date of arrival, projected from the folder", () => {
    expect(tableParameters(lakePlan(environment()).readings, "s3://b/readings")).to.deep.equal({
      "EXTERNAL": "TRUE",
      "classification": "parquet",
      "projection.enabled": "true",
      "projection.dt.type": "date",
      "projection.dt.format": "yyyy-MM-dd",
      "projection.dt.range": "2025-01-01,NOW+1DAYS",
      "storage.location.template": "s3://b/readings/dt=${dt}/",
    });
  });

  it("have no projection where the folder is not split", () => {
    const { buildings, deliveryFailures } = lakePlan(environment());
    expect(tableParameters(buildings, "s3://b/buildings")).to.deep.equal({ EXTERNAL: "TRUE", classification: "json" });
    expect(deliveryFailures.folder).to.equal("errors");
  });
});

describe("A view of the latest copies", () => {
  it("numbers the copies of an identity and keeps the latest", () => {
    expect(latestCopies("t", ["id", "by", "value"], ["id"], ["received", "by"])).to.equal(
      [
        'SELECT "id", "by", "value"',
        "FROM (",
        '  SELECT "id", "by", "value",',
        '    row_number() OVER (PARTITION BY "id" ORDER BY "received" DESC, "by" DESC) AS "copy"',
        '  FROM "t"',
        ") AS copies",
        'WHERE "copy" = 1',
      ].join("\n"),
    );
  });

  it("of readings is one row per building, meter type and time, by arrival, record and place", () => {
    expect(view("readings").sql).to.contain(
      'PARTITION BY "building_id", "meter", "timestamp" ORDER BY "received" DESC, "record_id" DESC, "position" DESC',
    );
    expect(view("readings").sql).to.contain('FROM "readings_landing"');
  });

  it("of weather is one row per site and time", () => {
    expect(view("weather").sql).to.contain('PARTITION BY "site_id", "timestamp" ORDER BY "received" DESC');
    expect(view("weather").columns).to.deep.include.members([...localTimeColumns, ...arrivalColumns]);
  });

  it("of what was left out is one row per element", () => {
    expect(view("left_out").sql).to.contain('PARTITION BY "record_id", "position" ORDER BY "received" DESC, "dt" DESC');
    expect(view("left_out").sql).to.contain('FROM "left_out_landing"');
  });

  it("is kept as Athena keeps it, with Presto's types", () => {
    const [, encoded] = /^\/\* Presto View: (\S+) \*\/$/.exec(
      prestoView("metercast_dev", "SELECT 1", [
        { name: "a", type: "int" },
        { name: "b", type: "string" },
        { name: "c", type: "timestamp" },
        { name: "d", type: "bigint" },
        { name: "e", type: "double" },
        { name: "f", type: "date" },
      ]),
    ) as RegExpExecArray;
    expect(JSON.parse(Buffer.from(encoded ?? "", "base64").toString())).to.deep.equal({
      originalSql: "SELECT 1",
      catalog: "awsdatacatalog",
      schema: "metercast_dev",
      columns: [
        { name: "a", type: "integer" },
        { name: "b", type: "varchar" },
        { name: "c", type: "timestamp(3)" },
        { name: "d", type: "bigint" },
        { name: "e", type: "double" },
        { name: "f", type: "date" },
      ],
    });
  });
});

describe("The bucket's lifecycle", () => {
  it("forgets raw messages, query results and broken uploads, and nothing else", () => {
    expect(lifecycleRules({ rawRetentionDays: 14, makesDatasets: false, versioned: false })).to.deep.equal([
      { id: "raw-messages", status: "Enabled", filter: { prefix: "channel/" }, expiration: { days: 14 } },
      { id: "query-results", status: "Enabled", filter: { prefix: "athena-results/" }, expiration: { days: 30 } },
      {
        id: "broken-uploads",
        status: "Enabled",
        filter: { prefix: "" },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
    ]);
  });

  it("of a versioned bucket ends the retention of raw messages a day later, and that of the rest after thirty", () => {
    const [raw, , uploads] = lifecycleRules({ rawRetentionDays: 7, makesDatasets: false, versioned: true });
    expect(raw).to.deep.include({ expiration: { days: 7 }, noncurrentVersionExpiration: { noncurrentDays: 1 } });
    expect(uploads).to.deep.include({
      expiration: { expiredObjectDeleteMarker: true },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
    });
  });
});
