import type { City } from "./config.ts";

/** Topics of one environment are few; a publisher that invents them must not fill the memory. */
const keptTopics = 10_000;

/**
 * The city that a topic names: the third level of `metercast/<environment>/<city>/...`; undefined for another topic and
 * for a city that the environment does not have.
 */
export function cityOfTopic(environment: string, cities: readonly City[]): (topic: string | null) => City | undefined {
  const prefix = `metercast/${environment}/`;
  const byName = new Map(cities.map((city) => [city.name, city]));
  const known = new Map<string, City | undefined>();
  return (topic) => {
    if (topic === null || !topic.startsWith(prefix)) return undefined;
    if (known.has(topic)) return known.get(topic);
    const end = topic.indexOf("/", prefix.length);
    const city = end === -1 ? undefined : byName.get(topic.slice(prefix.length, end));
    if (known.size >= keptTopics) known.clear();
    known.set(topic, city);
    return city;
  };
}
