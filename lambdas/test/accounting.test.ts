import { expect } from "chai";
import fc from "fast-check";
import type { Activity } from "../transform/config.ts";
import { requiredColumns } from "../transform/columns.ts";
import { activityFailed, fieldReasons, messageReasons, unknownMeter } from "../transform/reasons.ts";
import { compileTransform } from "../transform/transform.ts";
import { event, hour, leftOutRows, storedRows, text, transformConfig, wrapped } from "./builders.ts";

const activities: Activity[] = [
  { name: "no 1099", kind: "filter", filter: "building_id <> 1099", meter: 2 },
  { name: "kbtu", kind: "math", attribute: "kbtu", math: "meter_reading * factor" },
  { name: "keep", kind: "selectAttributes", attributes: ["kbtu"] },
];
const transform = compileTransform(transformConfig("readings", { activities }));

/** All reasons that an element of these can be left out for; counts group by them. */
const reasons = [
  ...messageReasons,
  unknownMeter,
  activityFailed("math", "kbtu"),
  ...Object.keys(requiredColumns.readings).flatMap((field) =>
    Object.values(fieldReasons).map((reason) => reason(field)),
  ),
];

const anyReading = fc.record(
  {
    building_id: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(1, 2, 1099) }, fc.jsonValue()),
    meter: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(0, 1, 2, 3) }, fc.jsonValue()),
    timestamp: fc.oneof({ weight: 5, arbitrary: fc.constant(hour) }, fc.jsonValue()),
    meter_reading: fc.oneof(
      { weight: 5, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
      fc.jsonValue(),
    ),
    factor: fc.oneof({ weight: 5, arbitrary: fc.constant(2) }, fc.jsonValue()),
    note: fc.string({ unit: "binary" }),
  },
  { requiredKeys: ["building_id", "meter", "timestamp", "meter_reading", "factor"] },
);
const anyElement = fc.oneof({ weight: 8, arbitrary: anyReading }, fc.jsonValue());

/** JSON with white space in random places, as a gateway may write it. */
const space = fc.constantFrom("", " ", "\n", "\t ", "\r\n  ");

describe("accounting", () => {
  it("each element of an envelope ends in one place, in its position, and left out with its bytes", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(anyElement, space), { minLength: 1, maxLength: 30 }),
        fc.boolean(),
        (parts, pretty) => {
          const texts = parts.map(([element]) => JSON.stringify(element, null, pretty ? 2 : 0));
          const payload = `[${texts.map((text, index) => (parts[index]?.[1] ?? "") + text + (parts[index]?.[1] ?? "")).join()}]`;
          const result = transform(event(wrapped(payload)));
          const left = leftOutRows(result);
          const positions = [...storedRows(result).map((row) => row["position"]), ...left.map((row) => row.position)];
          expect(positions.sort((a, b) => Number(a) - Number(b))).to.deep.equal([...texts.keys()]);
          for (const { position, payload, ended, by, reason } of left) {
            expect(text(payload)).to.equal(texts[position]);
            if (ended === "dropped") expect([by, reason]).to.deep.equal(["no 1099", null]);
            else expect(reasons).to.include(reason);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it("any bytes end in one answer, stored or left out", () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
      fc.string({ unit: "binary", maxLength: 100 }).map((string) => Buffer.from(string, "utf8")),
      fc.json().map((json) => Buffer.from(json, "utf8")),
      fc.tuple(anyElement, fc.nat(), fc.nat(255)).map(([element, at, byte]) => {
        const bytes = Buffer.from(JSON.stringify([element, element]), "utf8");
        bytes[at % bytes.length] = byte;
        return bytes;
      }),
    );
    fc.assert(
      fc.property(fc.array(anyBytes, { minLength: 1, maxLength: 10 }), (payloads) => {
        const records = payloads.map((payload, index) => wrapped(payload, { recordId: `${index}` }));
        const result = transform(event(...records));
        expect(result.records.map(({ recordId }) => recordId)).to.deep.equal(records.map(({ recordId }) => recordId));
        const left = leftOutRows(result);
        result.records.forEach(({ recordId, result: answer, data }, index) => {
          const own = left.filter((row) => row.record_id === recordId);
          expect(answer).to.equal(text(data) === "" ? "Dropped" : "Ok");
          if (answer === "Dropped") expect(own.length).to.be.greaterThan(0);
          for (const row of own) {
            expect(payloads[index]?.includes(Buffer.from(row.payload, "base64"))).to.equal(true);
          }
        });
      }),
      { numRuns: 300 },
    );
  });
});
