import { Lake, table, view } from "../../simulator/test/athena-lake.ts";
import type { Row } from "@metercast/simulator";
import { fixedValues, renderWith } from "../../lambdas/plan/dataset-items.ts";
import type { PlanConfig } from "../../lambdas/plan/config.ts";
import type { ParameterValues } from "../../lambdas/datasets/render.ts";
import { columnsOf, dataset, datasets, type DatasetColumn } from "../index.ts";

type Value = string | number | null;

const arrival = "city string, received bigint, record_id string, position int";
const weatherValues =
  "air_temperature double, cloud_coverage double, dew_temperature double, precip_depth_1_hr double, sea_level_pressure double, wind_direction double, wind_speed double";

/** The columns of the tables that are no datasets; `kwh` is one that an activity added. */
const tables = {
  readings_landing: `building_id int, meter int, timestamp timestamp, meter_reading double, kwh double, ${arrival}`,
  weather_landing: `site_id int, timestamp timestamp, ${weatherValues}, hour int, weekday int, week int, month int, is_holiday int, ${arrival}`,
  predictions:
    "building_id int, meter int, city string, timestamp timestamp, predicted double, model_version string, run_id string, forecast_start timestamp",
  left_out:
    "record_id string, position int, pipeline string, ended string, by string, reason string, payload string, topic string, client string, city string, received bigint, dt date",
  delivery_failures:
    "attemptsmade int, arrivaltimestamp bigint, errorcode string, errormessage string, lasterrorcode string, lasterrormessage string, attemptendingtimestamp bigint, rawdata string, lambdaarn string, pipeline string, error_type string",
  readings: `building_id int, meter int, timestamp timestamp, meter_reading double, ${arrival}, dt date`,
  buildings: "building_id int, site_id int, primary_use string, square_feet double, year_built int, floor_count int",
} as const;

const listed = {
  reading_columns: columnsIn(tables.readings_landing),
  weather_columns: columnsIn(tables.weather_landing),
};

export const config: PlanConfig = {
  environment: "dev",
  bucket: "lake",
  datasets: [...datasets],
  cities: [
    { name: "Jacksonville", siteId: 0, timeZone: "America/New_York" },
    { name: "London", siteId: 1, timeZone: "Europe/London" },
  ],
  readingColumns: listed.reading_columns.map(({ name }) => name),
  weatherColumns: listed.weather_columns.map(({ name }) => name),
  firstArrival: "2018-01-01",
  horizonHours: 24,
  historyDays: 42,
  reference: { 0: 0.5, 2: 1 },
  driftThreshold: 0.25,
};

/** The types of Athena's views by those of Glue. */
const prestoTypes: Record<DatasetColumn["type"], string> = {
  int: "integer",
  bigint: "bigint",
  double: "double",
  string: "varchar",
  date: "date",
  timestamp: "timestamp(3)",
};

function columnsIn(text: string): DatasetColumn[] {
  return text.split(", ").map((column) => {
    const [name = "", type = ""] = column.split(" ");
    return { name, type: type as DatasetColumn["type"] };
  });
}

const byDay = {
  partitionKeys: "dt date",
  parameters: {
    "projection.enabled": "true",
    "projection.dt.type": "date",
    "projection.dt.format": "yyyy-MM-dd",
    "projection.dt.range": "2018-01-01,2018-12-31",
  },
};

const partitioned = ["readings_landing", "weather_landing", "predictions"];
const stored = datasets.filter((one) => one.stored === "by day").map(({ name }) => name);

/** The columns of a table of the lake, without dt where it is the partition. */
function columnsOfTable(name: string): DatasetColumn[] {
  if (Object.hasOwn(tables, name)) return columnsIn(tables[name as keyof typeof tables]);
  return columnsOf(dataset(name), listed);
}

/** Everything that a dataset asks for: what a test does not care about has these values. */
const anyValues: ParameterValues = {
  from: "2018-12-03",
  to: "2018-12-04",
  arrived_from: "2018-12-01",
  keep_current: true,
  forecast_from: "2018-12-02",
  city: "Jacksonville",
  site: 0,
};

/** The SQL of a dataset with values of its own, the rest as in {@link anyValues}. */
export function sqlOf(name: string, values: ParameterValues = {}): string {
  const { parameters } = dataset(name);
  const given = Object.fromEntries(
    parameters.flatMap(({ name: parameter, type }) => {
      const value = values[parameter] ?? { ...fixedValues(config), ...anyValues }[parameter];
      const isDay = typeof value === "string" && /^\d{4}-\d{2}-\d{2}$/.test(value);
      return value === undefined ? [] : [[parameter, type === "timestamp" && isDay ? `${value}T00:00:00Z` : value]];
    }),
  );
  return renderWith(dataset(name), given);
}

/** The tables that datasets read, over Parquet files in a temporary folder; they are asked as Athena would be. */
export class DatasetLake {
  readonly #lake: Lake;
  #files = 0;

  /** @param views datasets that are declared as views too, under `<name>_view`: their columns are then checked */
  constructor(views: readonly string[] = []) {
    const names = [...Object.keys(tables), ...stored];
    this.#lake = new Lake(
      ...names.map((name) =>
        table(
          name,
          columnsOfTable(name)
            .map((column) => `${column.name} ${column.type}`)
            .join(", "),
          partitioned.includes(name) || stored.includes(name) ? byDay : {},
        ),
      ),
      ...views.map((name) => {
        const columns = [
          ...columnsOf(dataset(name), listed),
          ...(dataset(name).stored === "by day" ? columnsIn("dt date") : []),
        ];
        const typed = columns.map((column) => `${column.name} ${column.type}:${prestoTypes[column.type]}`).join(", ");
        return view(`${name}_view`, typed, sqlOf(name));
      }),
    );
  }

  /** Puts rows into a table: their columns by name, what is not named null; `dt` says the partition. */
  async put(name: string, ...rows: Record<string, Value>[]): Promise<this> {
    const columns = columnsOfTable(name);
    for (const [day, ofDay] of Object.entries(Object.groupBy(rows, (row) => String(row["dt"])))) {
      const lines = (ofDay ?? []).map(
        (row) => `(${columns.map(({ name: column }) => literalOf(row[column] ?? null)).join(", ")})`,
      );
      const casts = columns.map(({ name: column, type }) => `CAST("${column}" AS ${prestoTypes[type]}) AS "${column}"`);
      const names = columns.map(({ name: column }) => `"${column}"`).join(", ");
      const folder = day === "undefined" || !(partitioned.includes(name) || stored.includes(name)) ? "" : `dt=${day}/`;
      await this.#lake.parquet(
        `${name}/${folder}${this.#files++}.parquet`,
        `SELECT ${casts.join(", ").replaceAll("timestamp(3)", "timestamp")} FROM (VALUES ${lines.join(", ")}) AS t(${names})`,
      );
    }
    return this;
  }

  /** Buildings of the register. */
  async register(...buildings: Record<string, Value>[]): Promise<this> {
    return this.put("buildings", ...buildings);
  }

  /** The rows of a dataset. */
  async run(name: string, values: ParameterValues = {}): Promise<Row[]> {
    return this.#lake.query(sqlOf(name, values));
  }

  /** The rows of a dataset, put into its own table for those that are made of it. */
  async make(name: string, values: ParameterValues = {}): Promise<this> {
    const rows = await this.run(name, values);
    return rows.length === 0 ? this : this.put(name, ...(rows as Record<string, Value>[]));
  }

  async query(sql: string): Promise<Row[]> {
    return this.#lake.query(sql);
  }

  remove(): void {
    this.#lake.remove();
  }
}

function literalOf(value: Value): string {
  if (value === null) return "NULL";
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''").replace(/Z$/, "")}'`;
}

/** `2018-12-03T10:00:00.000Z` of a day and an hour, which may be below 0 or above 23. */
export function hourOf(day: string, hour: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + hour * 3_600_000).toISOString();
}

/** Readings of one series by the hours of a day, as a stored table of days has them. */
export function hourly(
  day: string,
  values: Readonly<Record<number, number>>,
  more: Record<string, Value> = {},
): Record<string, Value>[] {
  return Object.entries(values).map(([hour, meter_reading]) => {
    const timestamp = hourOf(day, Number(hour));
    return {
      ...{ building_id: 1, meter: 0, city: "Jacksonville", received: 1, record_id: "r", position: 0 },
      ...{ quality: "good", site_id: 0 },
      ...more,
      timestamp,
      meter_reading,
      dt: timestamp.slice(0, 10),
    };
  });
}

/** The same value for so many hours from one on. */
export function constant(value: number, count: number, first = 0): Record<number, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [first + index, value]));
}
