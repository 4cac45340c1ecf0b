/** Topics of the environment that the benchmarks run, one for each of the publisher's connections. */
export const topics = ["Jacksonville", "London", "Phoenix", "Minneapolis"].map(
  (city) => `metercast/bench/${city}/meter/electricity`,
);

/** One reading in this many is above what the environment's filter lets pass. */
export const filteredEvery = 100;
export const filterLimit = 100_000;
export const kbtuPerKwh = 3.412;

const firstHour = Date.UTC(2018, 11, 3);

/** A reading as JSON of about 107 bytes; no two of a connection's are the same for years. */
export function reading(connection: number, index: number): string {
  const building = connection * 30 + (index % 30);
  const timestamp = firstHour + Math.floor(index / 30) * 60_000;
  const isFiltered = index % filteredEvery === filteredEvery - 1;
  const value = isFiltered ? 2 * filterLimit : ((index * 7919) % 100_000) / 16;
  return `{"building_id":${building},"meter":0,"timestamp":${timestamp},"meter_reading":${value.toFixed(4)},"quality":"measured, kWh"}`;
}
