import type { City, Environment } from "../../environments/index.ts";

/** A city that is right in every respect. */
export function city(changes: Partial<City> = {}): City {
  return {
    siteId: 0,
    name: "Jacksonville",
    label: "Jacksonville, FL",
    country: "US",
    latitude: 30.33,
    longitude: -81.66,
    timeZone: "America/New_York",
    meterClock: "local",
    meterTypes: ["electricity", "steam"],
    buildings: { firstId: 0, count: 20 },
    ...changes,
  };
}

/** A small environment; a test changes what it is about. */
export function environment(changes: Partial<Environment> = {}): Environment {
  return {
    name: "test",
    region: "us-east-1",
    protect: false,
    tags: {},
    meterTypes: [
      { type: "electricity", unit: "kWh", activities: [] },
      { type: "steam", unit: "kWh", activities: [] },
    ],
    cities: [city()],
    weather: { activities: [] },
    ingestion: {
      rawRetentionDays: 14,
      bufferSeconds: 60,
      bufferMegabytes: 64,
      logRetentionDays: 30,
      acceptFrom: "2000-01-01T00:00Z",
      acceptAhead: "24h",
    },
    datasets: [],
    ...changes,
  };
}
