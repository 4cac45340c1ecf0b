import fc from "fast-check";

/** What is fuzzed: the topics of an environment. */
export interface Target {
  environment: string;
  cities: string[];
  meterTypes: string[];
}

/** A level of a topic with any characters that a topic may have. */
const anyLevel = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .map((text) => text.toWellFormed().replace(/[/+#\0\uFFFD$]/g, "_"));

/** Topics that lead to the pipeline of readings: most of a city that is declared, some by Basic Ingest. */
export function readingTopics({ environment, cities, meterTypes }: Target): fc.Arbitrary<string> {
  const rest = fc
    .tuple(cityLevels(cities), fc.constantFrom(...meterTypes))
    .map(([city, type]) => ({ type, topic: `metercast/${environment}/${city}/meter/${type}` }));
  return fc.tuple(rest, fc.nat(19)).map(([{ type, topic }, way]) => {
    return way === 0 ? `$aws/rules/metercast_${environment}_${type}/${topic}` : topic;
  });
}

/** Topics that lead to the pipeline of weather. */
export function weatherTopics({ environment, cities }: Target): fc.Arbitrary<string> {
  return cityLevels(cities).map((city) => `metercast/${environment}/${city}/weather`);
}

function cityLevels(cities: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...cities) }, { weight: 1, arbitrary: anyLevel });
}

/** Allowed topics of up to eight levels to which nobody listens. */
export function unroutedTopics({ environment, cities }: Target): fc.Arbitrary<string> {
  const city = fc.constantFrom(...cities);
  return fc.oneof(
    fc.array(anyLevel, { minLength: 1, maxLength: 7 }).map((levels) => `fuzz/${levels.join("/")}`),
    city.map((name) => `metercast/${environment}/${name}/meter/gas`),
    city.map((name) => `/metercast/${environment}/${name}/weather`),
    city.map((name) => `metercast/${environment}/${name}/meter/electricity/a/b/c`),
    city.map((name) => `$aws/rules/nobody/metercast/${environment}/${name}/weather`),
    fc.constantFrom("/", " ", "$other", "$aws/rules/nobody"),
  );
}

/** Topics that AWS IoT does not allow: too deep, too long, with characters that a topic must not have. */
export function refusedTopics({ environment }: Target): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(anyLevel, { minLength: 8, maxLength: 20 }).map((levels) => `metercast/${levels.join("/")}`),
    anyLevel.map((level) => `metercast/${environment}/${level}\0/weather`),
    anyLevel.map((level) => `metercast/${environment}/${level}/meter/+`),
    fc.integer({ min: 257, max: 2000 }).map((bytes) => "x".repeat(bytes)),
  );
}
