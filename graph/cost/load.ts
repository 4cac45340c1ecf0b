import { meterTypeCodes, publishTopics, type Environment, type MeterTypeName } from "../../environments/index.ts";

/** Readings or observations that one client publishes to one topic. */
export interface Flow {
  kind: "readings" | "weather";
  topic: string;
  client: string;
  /** JSON text of one element, as long as they are. */
  element: string;
  /** Elements an hour. */
  perHour: number;
  /** Elements that a message may hold: 1 sends each as a message of its own, more as a JSON array. */
  envelope: number;
  /** Whether a message is held back until it has that many; otherwise each hour ends what it has begun. */
  full: boolean;
}

/** What an environment has to do in a month, and what is supposed of it. */
export interface Load {
  flows: Flow[];
  /** Share of the elements that an activity drops or that are rejected, 0 to 1. */
  leftOut: number;
  /** Months for which data that no lifecycle removes have gathered. */
  monthsKept: number;
  /** Queries a day, each over the last 30 days of readings. */
  queriesPerDay: number;
  /** What a run that predicts has to do; absent where there are none. */
  forecasts?: Forecasts;
}

/** What a run that predicts has to do. */
export interface Forecasts {
  cities: number;
  meterTypes: number;
  /** Pairs of building and meter type. */
  series: number;
  horizonHours: number;
  historyDays: number;
}

export interface LoadOptions {
  /**
   * In all; the meters' shares stay.
   * @default each building has each meter type of its city, and each is read hourly
   */
  readingsPerHour?: number | undefined;
  /** Readings that a message may hold. @default 1 */
  envelope?: number | undefined;
  /** @default 12 */
  monthsKept?: number | undefined;
  /** @default 24 */
  queriesPerDay?: number | undefined;
}

/** 8,760 hours of a year by its months. */
export const hoursPerMonth = 730;

const leftOutShare = 0.01;
const defaultMonthsKept = 12;
const defaultQueriesPerDay = 24;

/**
 * The load of an environment: its cities' buildings, each with each meter type of its city, and a weather station per
 * city, hourly.
 */
export function loadOf(environment: Environment, options: LoadOptions = {}): Load {
  const topics = publishTopics(environment);
  const base = `metercast/${environment.name}/{city}`;
  const flows = environment.cities.flatMap(({ name: city, siteId, meterTypes, buildings }): Flow[] => [
    ...meterTypes.map((type) => ({
      kind: "readings" as const,
      // where a rule's wildcards cannot be filled in, the topic that every rule of a default kind takes
      topic: filled(topics.meters[type] ?? `${base}/meter/{type}`, city, type),
      client: `metercast_${environment.name}_${city}_${type}`,
      element: reading(buildings.firstId, meterTypeCodes[type]),
      perHour: buildings.count,
      envelope: options.envelope ?? 1,
      full: false,
    })),
    {
      kind: "weather",
      topic: filled(topics.weather ?? `${base}/weather`, city),
      client: `metercast_${environment.name}_${city}_weather`,
      element: observation(siteId),
      perHour: 1,
      envelope: 1,
      full: false,
    },
  ]);
  return {
    flows: options.readingsPerHour === undefined ? flows : withReadings(flows, options.readingsPerHour),
    leftOut: leftOutShare,
    monthsKept: options.monthsKept ?? defaultMonthsKept,
    queriesPerDay: options.queriesPerDay ?? defaultQueriesPerDay,
    ...(environment.inference === undefined ? {} : { forecasts: forecastsOf(environment, environment.inference) }),
  };
}

function forecastsOf(
  { cities, meterTypes }: Environment,
  { horizonHours, historyDays }: NonNullable<Environment["inference"]>,
): Forecasts {
  return {
    cities: cities.length,
    meterTypes: meterTypes.length,
    series: cities.reduce((sum, city) => sum + city.buildings.count * city.meterTypes.length, 0),
    horizonHours,
    historyDays,
  };
}

/** Readings an hour. */
export function readingsPerHour(flows: readonly Flow[]): number {
  return flows.reduce((sum, { kind, perHour }) => sum + (kind === "readings" ? perHour : 0), 0);
}

function withReadings(flows: Flow[], wanted: number): Flow[] {
  const factor = wanted / readingsPerHour(flows);
  return flows.map((flow) => (flow.kind === "readings" ? { ...flow, perHour: flow.perHour * factor } : flow));
}

function filled(topic: string, city: string, type: MeterTypeName | "" = ""): string {
  return topic.replace("{city}", city).replace("{type}", type);
}

/** A reading in the format that meters send; its length is what counts. */
function reading(building: number, meter: number): string {
  return JSON.stringify({ building_id: building, meter, timestamp: 1_544_065_200_000, meter_reading: 882.066 });
}

function observation(site: number): string {
  return JSON.stringify({
    site_id: site,
    timestamp: 1_544_065_200_000,
    air_temperature: 25,
    cloud_coverage: 2,
    dew_temperature: 18.9,
    precip_depth_1_hr: 0,
    sea_level_pressure: 1018.2,
    wind_direction: 190,
    wind_speed: 4.6,
  });
}
