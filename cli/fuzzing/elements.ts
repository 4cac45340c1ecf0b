import fc from "fast-check";

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

/** Readings as JSON, good and hostile. */
export function readingTexts(): fc.Arbitrary<string> {
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

/** Weather observations as JSON, good and hostile. */
export function observationTexts(): fc.Arbitrary<string> {
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
