import { expect } from "chai";
import type { Activity, Pipeline } from "../transform/config.ts";
import type { Functions } from "../transform/functions.ts";
import { decodeMessage } from "../transform/message.ts";
import { previewMessage } from "../transform/preview.ts";
import { compileStagedTransform } from "../transform/staged-transform.ts";
import {
  event,
  leftOutRows,
  observation,
  reading,
  received,
  storedRows,
  transformConfig,
  wrapped,
} from "./builders.ts";

const topic = "metercast/dev/Jacksonville/meter/steam";

/** A function that doubles readings, and fails where there is a building 13. */
const functions: Functions = {
  invoke: (_name, json) => {
    const messages = JSON.parse(json) as { building_id?: number; meter_reading: number }[];
    if (messages.some(({ building_id }) => building_id === 13)) return Promise.resolve([]);
    return Promise.resolve(messages.map((message) => ({ ...message, meter_reading: message.meter_reading * 2 })));
  },
  remaining: () => Infinity,
  report: () => undefined,
};

function preview(activities: Activity[], payload: string, pipeline: Pipeline = "readings") {
  const message = decodeMessage(Buffer.from(payload), topic, "gateway", received);
  return previewMessage(transformConfig(pipeline, { activities }), message, functions);
}

const activities: Activity[] = [
  { name: "no 1099", kind: "filter", filter: "building_id <> 1099" },
  { name: "gas", kind: "filter", filter: "false", meter: 3 },
  { name: "double", kind: "lambda", function: "f", batchSize: 1, columns: {} },
  { name: "kbtu", kind: "math", attribute: "kbtu", math: "meter_reading * 10" },
];

describe("A preview", () => {
  it("shows what each activity makes of an element, and its row", async () => {
    const { envelope, reason, elements } = await preview(activities, JSON.stringify(reading({ meter_reading: 1 })));
    expect({ envelope, reason }).to.deep.equal({ envelope: false, reason: null });
    expect(elements).to.deep.equal([
      {
        position: 0,
        sent: JSON.stringify(reading({ meter_reading: 1 })),
        steps: [
          { activity: "no 1099", kind: "filter", outcome: "passed", attributes: reading({ meter_reading: 1 }) },
          { activity: "gas", kind: "filter", outcome: "skipped", attributes: reading({ meter_reading: 1 }) },
          { activity: "double", kind: "lambda", outcome: "passed", attributes: reading({ meter_reading: 2 }) },
          { activity: "kbtu", kind: "math", outcome: "passed", attributes: reading({ meter_reading: 2, kbtu: 20 }) },
        ],
        ended: "stored",
        by: null,
        reason: null,
        row: {
          ...reading({ meter_reading: 2, kbtu: 20 }),
          city: "Jacksonville",
          received,
          record_id: "preview",
          position: 0,
        },
      },
    ]);
  });

  it("ends with the activity that left the element out", async () => {
    const payload = JSON.stringify([reading({ building_id: 1099 }), reading({ building_id: 13 })]);
    const { elements } = await preview(activities, payload);
    expect(elements.map(({ ended, by, reason, row, steps }) => [ended, by, reason, row, steps.at(-1)])).to.deep.equal([
      ["dropped", "no 1099", null, null, { activity: "no 1099", kind: "filter", outcome: "dropped" }],
      [
        "rejected",
        "double",
        "lambda failed: double",
        null,
        { activity: "double", kind: "lambda", outcome: "rejected" },
      ],
    ]);
  });

  it("shows what is refused before any activity", async () => {
    const { elements } = await preview(activities, '[{"building_id":"x"},5]');
    expect(elements.map(({ sent, reason, steps }) => ({ sent, reason, steps }))).to.deep.equal([
      { sent: '{"building_id":"x"}', reason: "building_id is not a number", steps: [] },
      { sent: "5", reason: "not an object", steps: [] },
    ]);
  });

  it("tells why a message as a whole cannot be used", async () => {
    expect(await preview(activities, "hello")).to.deep.equal({ envelope: false, reason: "not JSON", elements: [] });
    expect((await preview(activities, "[]")).reason).to.equal("empty envelope");
  });

  it("of weather has its local time", async () => {
    const { elements } = await preview([], JSON.stringify(observation()), "weather");
    expect(elements[0]?.row).to.deep.include({ city: "Jacksonville", hour: 22, weekday: 2 });
  });

  it("agrees with the transform", async () => {
    const payload = JSON.stringify([
      ...[1, 13, 1099].map((building_id) => reading({ building_id })),
      ...[reading({ meter: 3 }), reading({ meter_reading: 1.7e308 }), reading({ timestamp: 1 }), 5],
    ]);
    const transformed = await compileStagedTransform(transformConfig("readings", { activities }))(
      event(wrapped(payload, { recordId: "preview" })),
      functions,
    );
    const { elements } = await preview(activities, payload);
    expect(elements.flatMap(({ row }) => row ?? [])).to.deep.equal(storedRows(transformed));
    const ends = elements.filter(({ row }) => row === null);
    expect(ends.map(({ position, ended, by, reason }) => ({ position, ended, by, reason }))).to.deep.equal(
      leftOutRows(transformed).map(({ position, ended, by, reason }) => ({ position, ended, by, reason })),
    );
    expect(ends).to.have.length(6);
  });
});
