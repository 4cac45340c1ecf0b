import type { City } from "../../environments/index.ts";
import { climateOf } from "./calibration.ts";
import { hash, knotNoise, normal, seedOf, uniform } from "./random.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/**
 * One observation, as it is sent. Units: degrees Celsius, oktas, millimetres (-1: a trace), hectopascals, degrees,
 * metres per second.
 */
export interface Observation {
  site_id: number;
  timestamp: number;
  air_temperature: number | null;
  cloud_coverage: number | null;
  dew_temperature: number | null;
  precip_depth_1_hr: number | null;
  sea_level_pressure: number | null;
  wind_direction: number | null;
  wind_speed: number | null;
}

/** The weather of one site; any hour may be asked for, in any order. */
export interface SiteWeather {
  readonly siteId: number;
  /** Air temperature at a full hour, degrees Celsius, where the site reports it or not. */
  readonly temperature: (hour: number) => number;
  /** What the site's station sends for a full hour (hours since the epoch); undefined in a gap of its reports. */
  readonly observation: (hour: number) => Observation | undefined;
}

type Column = Exclude<keyof Observation, "site_id" | "timestamp">;

/** Stations that stand for another site too: 8 reports what 0 does, 11 what 7 does. */
const stationOf: Record<number, number> = { 8: 0, 11: 7 };

/** Share of nulls by site, where it is not the usual one. */
const siteNulls: Record<number, Partial<Record<Column, number>>> = {
  1: { precip_depth_1_hr: 1, cloud_coverage: 0.8 },
  5: { precip_depth_1_hr: 1, sea_level_pressure: 1 },
  7: { precip_depth_1_hr: 0.92, cloud_coverage: 1, air_temperature: 0.02 },
  9: { wind_direction: 0.29 },
  11: { precip_depth_1_hr: 0.91, cloud_coverage: 1, air_temperature: 0.017 },
  12: { precip_depth_1_hr: 1, cloud_coverage: 0.01 },
  15: { precip_depth_1_hr: 0.82, air_temperature: 0.038 },
};
const usualNulls: Record<Column, number> = {
  air_temperature: 0.0005,
  cloud_coverage: 0.44,
  dew_temperature: 0.001,
  precip_depth_1_hr: 0.02,
  sea_level_pressure: 0.03,
  wind_direction: 0.03,
  wind_speed: 0.003,
};

const oktas = [
  [0, 0.484],
  [2, 0.68],
  [4, 0.827],
  [6, 0.876],
  [7, 0.92],
  [8, 0.969],
  [9, 1],
] as const;

export function siteWeather(city: City, generatorSeed: number): SiteWeather {
  const { siteId } = city;
  const station = stationOf[siteId] ?? siteId;
  const climate = climateOf(station, city.latitude, city.longitude);
  const seed = seedOf(generatorSeed, 1, station);
  const [slow, fast, flicker, swing, dampness, clouds, pressure, breeze, gust, vane, rain, gaps] = Array.from(
    { length: 12 },
    (_, i) => hash(seed, i),
  ) as [number, number, number, number, number, number, number, number, number, number, number, number];

  function temperature(hour: number): number {
    const local = hour + climate.utcOffsetHours;
    const day = dayOfYear(hour);
    // The daily swing is wider on clear days and narrower on dull ones.
    const dailySwing = climate.dailyAmplitude * Math.max(0.15, 1 + 0.45 * knotNoise(swing, hour / 30));
    return (
      climate.mean +
      climate.annualAmplitude * Math.cos((2 * Math.PI * (day - climate.warmestDay)) / 365.25) +
      dailySwing * Math.cos((2 * Math.PI * (local - climate.warmestHour)) / 24) +
      climate.residualSd *
        (0.9 * knotNoise(slow, hour / 40) + 0.36 * knotNoise(fast, hour / 9) + 0.13 * normal(flicker, hour))
    );
  }

  function observation(hour: number): Observation | undefined {
    if (isGap(hour)) return undefined;
    const air = temperature(hour);
    const damp = knotNoise(dampness, hour / 26);
    const local = ((hour + climate.utcOffsetHours) % 24) / 24;
    const depression =
      climate.dewDepression * Math.exp(0.55 * damp - 0.15) * (1 + 0.3 * Math.cos(2 * Math.PI * (local - 0.65)));
    const wind = climate.windMean + climate.windSd * (0.8 * knotNoise(breeze, hour / 14) + 0.6 * normal(gust, hour));
    const calm = wind < 0.5;
    const values: Record<Column, number> = {
      air_temperature: tenths(air),
      cloud_coverage: oktasAt(knotNoise(clouds, hour / 5) - 0.3 * damp),
      dew_temperature: tenths(air - depression),
      precip_depth_1_hr: precipitation(hour, damp),
      sea_level_pressure: tenths(
        (climate.pressureMean ?? 1015) + (climate.pressureSd ?? 8) * knotNoise(pressure, hour / 44),
      ),
      wind_direction: calm ? 0 : 10 * (1 + (((Math.floor(12 * knotNoise(vane, hour / 20)) % 36) + 36) % 36)),
      wind_speed: calm ? 0 : tenths(wind),
    };
    const result: Observation = { site_id: siteId, timestamp: hour * hourMs, ...values };
    (Object.keys(usualNulls) as Column[]).forEach((column, i) => {
      const share = siteNulls[siteId]?.[column] ?? usualNulls[column];
      if (share > 0 && uniform(hash(seed, 100 + i), hour) < share) result[column] = null;
    });
    return result;
  }

  /** Nothing for about 0.26 % of the hours: single ones, and now and then most of half a day. */
  function isGap(hour: number): boolean {
    const draw = uniform(gaps, hour);
    if (draw < 0.001) return true;
    return uniform(gaps, Math.floor(hour / 12) - 5e8) < 0.0024 && draw < 0.7;
  }

  /** Rain in about 5 % of the hours, in the damp ones; a trace (-1) in about as many. */
  function precipitation(hour: number, damp: number): number {
    const wet = knotNoise(rain, hour / 4) * 0.85 - 0.5 * damp;
    if (wet > 1.6) return Math.max(1, Math.round(Math.exp(1 + 3 * (wet - 1.6))));
    return wet > 1.28 ? -1 : 0;
  }

  return { siteId, temperature, observation };
}

function oktasAt(noise: number): number {
  const rank = 1 / (1 + Math.exp(-1.702 * noise));
  return (oktas.find(([, upTo]) => rank < upTo) ?? [9])[0];
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Day of the year with its fraction, in UTC. */
function dayOfYear(hour: number): number {
  const time = hour * hourMs;
  return (time - Date.UTC(new Date(time).getUTCFullYear(), 0, 1)) / dayMs + 1;
}

/**
 * Mean air temperature of the 24 hours up to and with each hour: what a building's heating and cooling follow.
 * Keeps what it computed for the latest days.
 */
export function trailingDay(temperature: (hour: number) => number): (hour: number) => number {
  const kept = 128;
  const hours = new Float64Array(kept).fill(Number.NaN);
  const temperatures = new Float64Array(kept);
  function cached(hour: number): number {
    const slot = ((hour % kept) + kept) % kept;
    if (hours[slot] !== hour) {
      hours[slot] = hour;
      temperatures[slot] = temperature(hour);
    }
    return temperatures[slot] as number;
  }
  return (hour) => {
    let sum = 0;
    for (let back = 0; back < 24; back++) sum += cached(hour - back);
    return sum / 24;
  };
}
