import { isUtf8 } from "node:buffer";
import type { Environment } from "../../environments/index.ts";
import type { FuzzMessage } from "./messages.ts";

/** Where an element ends, and all that can be known of its row beforehand. */
export interface ExpectedEnd {
  pipeline: "readings" | "weather";
  ended: "stored" | "dropped" | "rejected";
  /** The activity or the reason; empty where it is stored. */
  cause: string;
  /** The row's columns, in one order. */
  row: (string | number | null)[];
}

/** Columns of a stored row that are compared: those that do not depend on when and how it came. */
export const storedColumns = {
  readings: ["building_id", "meter", "timestamp", "meter_reading", "city", "position"],
  weather: [
    "site_id",
    "timestamp",
    "air_temperature",
    "cloud_coverage",
    "dew_temperature",
    "precip_depth_1_hr",
    "sea_level_pressure",
    "wind_direction",
    "wind_speed",
    "city",
    "position",
  ],
} as const;

export const leftOutColumns = ["pipeline", "ended", "by", "reason", "payload", "topic", "city", "position"] as const;

const steam1099 = "filter: building_id <> 1099";

/**
 * What the environment dev is said to do with a message: written from its description, apart from the code that does it.
 * Stamps are drawn far from the day of the run, so that its clock does not matter.
 */
export function expectationOf({ name, cities }: Environment): (message: FuzzMessage) => ExpectedEnd[] {
  const cityNames = new Set(cities.map((city) => city.name));
  const siteCities = new Map<unknown, string>(cities.map((city) => [city.siteId, city.name]));

  return ({ payload, elements, topic: published, route }) => {
    if (route === "none" || route === "refused") return [];
    const topic = published.replace(/^\$aws\/rules\/[^/]+\//, "");
    const level = topic.split("/")[2] ?? "";
    const topicCity = topic.startsWith(`metercast/${name}/`) && cityNames.has(level) ? level : null;
    const { reason, values } = parsed(payload);
    if (reason !== undefined) return [leftOut("rejected", null, reason, payload, topicCity, 0)];
    return values.map((value, position) => {
      const bytes = elements === undefined ? payload : Buffer.from(elements[position] ?? "");
      const site = route === "weather" ? siteCities.get((value as { site_id?: unknown } | null)?.site_id) : undefined;
      const city = site ?? topicCity;
      const cause = reasonAgainst(value, route);
      if (cause !== undefined) return leftOut("rejected", null, cause, bytes, city, position);
      const fields = value as Record<string, number | null>;
      if (fields["meter"] === 2 && fields["building_id"] === 1099 && route === "readings") {
        return leftOut("dropped", steam1099, null, bytes, city, position);
      }
      const row = storedColumns[route].map((column) => {
        if (column === "city") return city;
        return column === "position" ? position : (fields[column] ?? null);
      });
      return { pipeline: route, ended: "stored", cause: "", row };
    });

    function leftOut(
      ended: "dropped" | "rejected",
      by: string | null,
      why: string | null,
      bytes: Buffer,
      city: string | null,
      position: number,
    ): ExpectedEnd {
      const pipeline = route as "readings" | "weather";
      const row = [pipeline, ended, by, why, bytes.toString("base64"), topic, city, position];
      return { pipeline, ended, cause: by ?? why ?? "", row };
    }
  };
}

function parsed(payload: Buffer): { reason?: string; values: unknown[] } {
  if (payload.length === 0) return { reason: "empty message", values: [] };
  if (!isUtf8(payload)) return { reason: "not UTF-8", values: [] };
  let value: unknown;
  try {
    value = JSON.parse(payload.toString().replace(/^\uFEFF/, ""));
  } catch {
    return { reason: "not JSON", values: [] };
  }
  if (!Array.isArray(value)) return { values: [value] };
  return value.length === 0 ? { reason: "empty envelope", values: [] } : { values: value };
}

function reasonAgainst(value: unknown, route: "readings" | "weather"): string | undefined {
  if (typeof value !== "object" || value === null) return "not an object";
  if (Array.isArray(value)) return "nested envelope";
  const fields = value as Record<string, unknown>;
  const [required, optional] =
    route === "readings"
      ? [["building_id", "meter", "timestamp", "meter_reading"], []]
      : [["site_id", "timestamp"], storedColumns.weather.slice(2, -2)];
  for (const name of [...required, ...optional]) {
    const field = fields[name];
    if (field === undefined || field === null) {
      if (required.includes(name)) return `missing ${name}`;
      continue;
    }
    if (name === "meter") {
      if (![0, 1, 2, 3].includes(field as number)) return "meter is not 0, 1, 2 or 3";
      continue;
    }
    if (typeof field !== "number") return `${name} is not a number`;
    if (!Number.isFinite(field)) return `${name} is not finite`;
    if (["building_id", "site_id", "timestamp"].includes(name) && !Number.isInteger(field)) {
      return `${name} is not an integer`;
    }
    const [least, most] = name === "timestamp" ? [946_684_800_000, Date.now()] : [0, 2_147_483_647];
    const whole = name === "timestamp" || name.endsWith("_id");
    if (whole && (field < least || field > most)) return `${name} is out of range`;
  }
  return undefined;
}
