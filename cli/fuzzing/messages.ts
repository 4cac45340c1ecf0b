import fc from "fast-check";

/** A message as it is sent, and what the check needs to know of it. */
export interface FuzzMessage {
  /** The place in the run: with the seed it tells the message again. */
  index: number;
  topic: string;
  payload: Buffer;
  /** The texts of its elements where it is an envelope. */
  elements: string[] | undefined;
  /** The pipeline that its topic leads to; none: no rule takes it; refused: the broker does not. */
  route: "readings" | "weather" | "none" | "refused";
  transport: "mqtt" | "http";
}

/** What is fuzzed: the topics of an environment. */
export interface Target {
  environment: string;
  cities: string[];
  meterTypes: string[];
}

type Draft = Omit<FuzzMessage, "index">;

/** Messages that are drawn at once; the seed of each such part follows from the run's. */
const partLength = 500;

/** Draws the messages of a run, hostile and good, a part at a time: the same for the same seed, and never all at once. */
export function* drawMessages(target: Target, seed: number, count: number): Generator<FuzzMessage> {
  const messages = messageArbitrary(target);
  for (let start = 0; start < count; start += partLength) {
    const numRuns = Math.min(partLength, count - start);
    const drafts = fc.sample(messages, { numRuns, seed: (seed + start) | 0 });
    for (const [offset, draft] of drafts.entries()) yield { index: start + offset, ...draft };
  }
}

function messageArbitrary(target: Target): fc.Arbitrary<Draft> {
  const readings = routed("readings", readingTopics(target), bodies(readingTexts()));
  const weather = routed("weather", weatherTopics(target), bodies(observationTexts()));
  return fc.oneof(
    { weight: 850, arbitrary: readings },
    { weight: 100, arbitrary: weather },
    { weight: 45, arbitrary: routed("none", unroutedTopics(target), bodies(readingTexts())) },
    { weight: 3, arbitrary: routed("refused", refusedTopics(target), bodies(readingTexts())) },
    { weight: 2, arbitrary: routed("refused", readingTopics(target), tooLong) },
  );
}

interface Body {
  payload: Buffer;
  elements?: string[];
}

function routed(
  route: FuzzMessage["route"],
  topics: fc.Arbitrary<string>,
  its: fc.Arbitrary<Body>,
): fc.Arbitrary<Draft> {
  return fc.tuple(topics, its, fc.nat(19)).map(([topic, { payload, elements }, way]) => ({
    topic,
    payload,
    elements,
    route,
    transport: way === 0 ? "http" : "mqtt",
  }));
}

/** A level of a topic with any characters that a topic may have. */
const anyLevel = fc
  .string({ unit: "grapheme", maxLength: 12 })
  .map((text) => text.toWellFormed().replace(/[/+#\0\uFFFD$]/g, "_"));

function readingTopics({ environment, cities, meterTypes }: Target): fc.Arbitrary<string> {
  const rest = fc
    .tuple(cityLevels(cities), fc.constantFrom(...meterTypes))
    .map(([city, type]) => ({ type, topic: `metercast/${environment}/${city}/meter/${type}` }));
  return fc.tuple(rest, fc.nat(19)).map(([{ type, topic }, way]) => {
    return way === 0 ? `$aws/rules/metercast_${environment}_${type}/${topic}` : topic;
  });
}

function weatherTopics({ environment, cities }: Target): fc.Arbitrary<string> {
  return cityLevels(cities).map((city) => `metercast/${environment}/${city}/weather`);
}

function cityLevels(cities: string[]): fc.Arbitrary<string> {
  return fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...cities) }, { weight: 1, arbitrary: anyLevel });
}

/** Allowed topics of up to eight levels to which nobody listens. */
function unroutedTopics({ environment, cities }: Target): fc.Arbitrary<string> {
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

function refusedTopics({ environment }: Target): fc.Arbitrary<string> {
  return fc.oneof(
    fc.array(anyLevel, { minLength: 8, maxLength: 20 }).map((levels) => `metercast/${levels.join("/")}`),
    anyLevel.map((level) => `metercast/${environment}/${level}\0/weather`),
    anyLevel.map((level) => `metercast/${environment}/${level}/meter/+`),
    fc.integer({ min: 257, max: 2000 }).map((bytes) => "x".repeat(bytes)),
  );
}

function bodies(element: fc.Arbitrary<string>): fc.Arbitrary<Body> {
  const single = element.map((text) => bodyOf(text));
  const pair = fc.tuple(element, fc.nat(1_000_000));
  return fc.oneof(
    { weight: 600, arbitrary: single },
    { weight: 250, arbitrary: fc.array(element, { minLength: 1, maxLength: 8 }).chain(envelope) },
    { weight: 30, arbitrary: pair.map(([text, at]) => ({ payload: Buffer.from(text.slice(0, at % text.length)) })) },
    { weight: 30, arbitrary: pair.map(([text, at]) => ({ payload: withByte(text, at) })) },
    { weight: 20, arbitrary: fc.uint8Array({ maxLength: 64 }).map((bytes) => ({ payload: notAnArray(bytes) })) },
    { weight: 20, arbitrary: fc.constantFrom("[]", " [ ] ", "").map((text) => ({ payload: Buffer.from(text) })) },
    { weight: 20, arbitrary: element.map((text) => bodyOf(text, "\uFEFF")) },
    { weight: 20, arbitrary: element.map((text) => bodyOf(text, "\n\t ", "\r\n")) },
    { weight: 2, arbitrary: pair.map(([text, count]) => envelopeOf(Array<string>(1 + (count % 1300)).fill(text), "")) },
    {
      weight: 2,
      arbitrary: pair.map(([text, bytes]) =>
        bodyOf(text, "", " ".repeat(Math.max(0, 131_072 - (bytes % 2) - Buffer.byteLength(text)))),
      ),
    },
  );
}

/** A text as a message; where it is an array of one element, that is an envelope too. */
function bodyOf(text: string, before = "", after = ""): Body {
  const payload = Buffer.from(before + text + after);
  return text.startsWith("[") ? { payload, elements: [text.slice(1, -1)] } : { payload };
}

function envelope(elements: string[]): fc.Arbitrary<Body> {
  return fc.constantFrom("", "", " ", "\n  ").map((space) => envelopeOf(elements, space));
}

/** At most what a message may hold. */
function envelopeOf(elements: string[], space: string): Body {
  let bytes = 2;
  const fitting = elements.filter((text) => (bytes += Buffer.byteLength(text) + 1 + 2 * space.length) <= 131_072);
  return { payload: Buffer.from(`[${fitting.map((text) => space + text + space).join(",")}]`), elements: fitting };
}

/** The text with one byte that may make it something else, most often not UTF-8 or not JSON. */
function withByte(text: string, at: number): Buffer {
  const bytes = Buffer.from(text);
  bytes[at % bytes.length] = at % 256;
  return notAnArray(bytes);
}

/** Bytes at random that happen to begin an array are made to be none, so that elements are always known. */
function notAnArray(bytes: Uint8Array): Buffer {
  const text = Buffer.from(bytes);
  return text.toString("latin1").trimStart().startsWith("[") ? Buffer.concat([Buffer.from("x"), text]) : text;
}

function padded(text: string, length: number): Buffer {
  const bytes = Buffer.from(text);
  return bytes.length >= length ? bytes : Buffer.concat([bytes, Buffer.alloc(length - bytes.length, " ")]);
}

const tooLong = fc
  .tuple(fc.integer({ min: 131_073, max: 140_000 }), fc.boolean())
  .map(([length, readable]) => ({ payload: padded(readable ? "{}" : "", length) }));

/** Values that a field may have and mostly should not. */
const hostileValues = [
  "null",
  "true",
  '""',
  '"5"',
  '"NaN"',
  "{}",
  "[]",
  "[1]",
  "NaN",
  "1e400",
  "-1e400",
  "-1",
  "-0",
  "0.0",
  "0.5",
  "1E0",
  "3",
  "4",
  "1e-324",
  "2147483647",
  "2147483648",
  "1544065200",
  "1544065200.5",
  "946684799999",
  "946684800000",
  "4102444800000",
  "9007199254740993",
  "0x10",
  "+1",
  "01",
];

/** Members that a message may bring along. */
const hostileMembers = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('"__proto__":{"meter":9}', '"constructor":1', '"toString":null', '"":""') },
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.string({ unit: "grapheme" }), fc.json({ maxDepth: 2 }))
      .map(([name, value]) => `${JSON.stringify(name)}:${value}`),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 5000 }).map((depth) => `"deep":${"[".repeat(depth)}${"]".repeat(depth)}`),
  },
  { weight: 1, arbitrary: fc.constantFrom('"building_id":7', '"\\u006deter":1', '"site_id":1', '"timestamp":1e12') },
);

type Members = [name: string, value: string][];

function readingTexts(): fc.Arbitrary<string> {
  const good = fc
    .tuple(fc.nat(1500), fc.nat(3), fc.integer({ min: 946_684_800_000, max: 1_760_000_000_000 }), numbers)
    .map(([building, meter, timestamp, value]): Members => [
      ["building_id", String(building)],
      ["meter", String(meter)],
      ["timestamp", String(timestamp)],
      ["meter_reading", value],
    ]);
  const faulty1099 = numbers.map((value): Members => [
    ["building_id", "1099"],
    ["meter", "2"],
    ["timestamp", "1544065200000"],
    ["meter_reading", value],
  ]);
  return elementTexts(fc.oneof({ weight: 30, arbitrary: good }, { weight: 1, arbitrary: faulty1099 }));
}

function observationTexts(): fc.Arbitrary<string> {
  const names = ["air_temperature", "cloud_coverage", "dew_temperature", "wind_direction", "wind_speed"];
  const good = fc
    .tuple(
      fc.nat(15),
      fc.integer({ min: 946_684_800_000, max: 1_760_000_000_000 }),
      fc.array(fc.oneof(numbers, fc.constant("null")), { minLength: 5, maxLength: 5 }),
    )
    .map(([site, timestamp, values]): Members => [
      ["site_id", String(site)],
      ["timestamp", String(timestamp)],
      ...names.map((name, index): [string, string] => [name, values[index] ?? "null"]),
    ]);
  return elementTexts(good);
}

const numbers = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1000, max: 100_000_000 }).map((value) => String(value / 1000)) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value.toExponential()) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)) },
);

/** Good elements, and those that something was done to. */
function elementTexts(good: fc.Arbitrary<Members>): fc.Arbitrary<string> {
  const draws = fc.tuple(good, fc.nat(1_000_000));
  return fc
    .oneof(
      { weight: 60, arbitrary: good.map(written) },
      {
        weight: 12,
        arbitrary: fc
          .tuple(draws, fc.constantFrom(...hostileValues))
          .map(([[members, at], value]) => written(replaced(members, at, value))),
      },
      { weight: 6, arbitrary: draws.map(([members, at]) => written(members.toSpliced(at % members.length, 1))) },
      {
        weight: 6,
        arbitrary: fc.tuple(draws, hostileMembers).map(([[members, at], more]) => withMember(members, at, more)),
      },
      { weight: 4, arbitrary: draws.map(([members, at]) => written(rotated(members, at))) },
      { weight: 4, arbitrary: fc.json({ maxDepth: 3 }).map((text) => (text.startsWith("[") ? `{"a":${text}}` : text)) },
      { weight: 2, arbitrary: good.map((members) => `[${written(members)}]`) },
      {
        weight: 1,
        arbitrary: fc.integer({ min: 1, max: 10_000 }).map((depth) => `${'{"a":'.repeat(depth)}0${"}".repeat(depth)}`),
      },
    )
    .map((text) => text.toWellFormed());
}

function written(members: Members): string {
  return `{${members.map(([name, value]) => `"${name}":${value}`).join(",")}}`;
}

function replaced(members: Members, at: number, value: string): Members {
  return members.map(([name, its], index) => [name, index === at % members.length ? value : its]);
}

function rotated(members: Members, by: number): Members {
  const start = by % members.length;
  return [...members.slice(start), ...members.slice(0, start)];
}

function withMember(members: Members, at: number, more: string): string {
  const texts = members.map(([name, value]) => `"${name}":${value}`);
  return `{${texts.toSpliced(at % (members.length + 1), 0, more).join(",")}}`;
}
