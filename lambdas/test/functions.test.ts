import { expect } from "chai";
import type { Activity, FunctionActivity, Pipeline } from "../transform/config.ts";
import { FunctionFailure } from "../transform/functions.ts";
import type { Functions, Invoke } from "../transform/functions.ts";
import { compileStagedTransform } from "../transform/staged-transform.ts";
import { compileTransform } from "../transform/transform.ts";
import { event, leftOutRows, observation, reading, storedRows, text, transformConfig, wrapped } from "./builders.ts";

type Element = Record<string, unknown>;

/** A team's function: what it gives for an array of messages. */
type TeamFunction = (messages: Element[]) => unknown;

function lambda(changes: Partial<FunctionActivity> = {}): FunctionActivity {
  return { name: "scale", kind: "lambda", function: "scale-function", batchSize: 100, columns: {}, ...changes };
}

/** Functions that work in this process, with the batches that they got. */
function functionsOf(work: TeamFunction, remaining = 300_000) {
  const batches: Element[][] = [];
  const sentences: string[] = [];
  const invoke: Invoke = (_name, json) => {
    const messages = JSON.parse(json) as Element[];
    batches.push(messages);
    return Promise.resolve(JSON.parse(JSON.stringify(work(messages) ?? null)));
  };
  const functions: Functions = { invoke, remaining: () => remaining, report: (sentence) => sentences.push(sentence) };
  return { functions, batches, sentences };
}

/** Sends envelopes through a pipeline whose function is `work`. */
async function run(
  activities: Activity[],
  work: TeamFunction,
  envelopes: Element[][],
  pipeline: Pipeline = "readings",
) {
  const { functions, batches, sentences } = functionsOf(work);
  const transform = compileStagedTransform(transformConfig(pipeline, { activities }));
  const records = envelopes.map((elements, index) => wrapped(JSON.stringify(elements), { recordId: String(index) }));
  const result = await transform(event(...records), functions);
  return { stored: storedRows(result), leftOut: leftOutRows(result), batches, sentences, results: result.records };
}

const doubled: TeamFunction = (messages) =>
  messages.map((message) => ({ ...message, meter_reading: Number(message["meter_reading"]) * 2 }));

/** Readings that differ by their building. */
const buildings = (...ids: number[]) => ids.map((building_id) => reading({ building_id }));

describe("A lambda activity", () => {
  it("stores what the function gives in the place of each element, whose identity stays", async () => {
    const { stored, leftOut } = await run([lambda()], doubled, [buildings(1, 2), buildings(3)]);
    expect(
      stored.map((row) => [row["record_id"], row["position"], row["building_id"], row["meter_reading"]]),
    ).to.deep.equal([
      ["0", 0, 1, 126.2],
      ["0", 1, 2, 126.2],
      ["1", 0, 3, 126.2],
    ]);
    expect(leftOut).to.deep.equal([]);
  });

  it("gets its messages in batches of its size, across the messages that they came in and in their order", async () => {
    const { batches } = await run([lambda({ batchSize: 2 })], doubled, [buildings(1, 2, 3), buildings(4, 5)]);
    expect(batches.map((batch) => batch.map((message) => message["building_id"]))).to.deep.equal([[1, 2], [3, 4], [5]]);
    expect(batches[0]?.[0]).to.deep.equal(reading({ building_id: 1 }));
  });

  it("never gets more than 6 MB at once", async () => {
    const note = "é".repeat(400_000);
    const large = buildings(1, 2, 3, 4, 5, 6, 7, 8, 9, 10).map((element) => ({ ...element, note }));
    const { batches, stored } = await run([lambda()], (messages) => messages, [large]);
    expect(batches.map(({ length }) => length)).to.deep.equal([7, 3]);
    expect(stored).to.have.length(10);
  });

  it("adds the columns that it declares, and what it gives besides is not stored", async () => {
    const columns = { quality: "string", level: "int", seen: "timestamp", factor: "double" } as const;
    const made = { quality: "good", level: -3, seen: -1, factor: 0.5, other: 1 };
    const work: TeamFunction = (messages) => messages.map((message) => ({ ...message, ...made }));
    const { stored } = await run([lambda({ columns })], work, [[reading()]]);
    expect(stored[0]).to.deep.include({ quality: "good", level: -3, seen: -1, factor: 0.5 });
    expect(stored[0]).to.not.have.property("other");
  });

  it("of a meter type gets that type's readings only", async () => {
    const electricity = reading({ meter: 0 });
    const { batches, stored } = await run([lambda({ meter: 2 })], doubled, [[electricity, reading(), electricity]]);
    expect(batches).to.deep.equal([[reading()]]);
    expect(stored.map((row) => row["meter_reading"])).to.deep.equal([63.1, 126.2, 63.1]);
  });

  it("stands in the order of the activities: a filter before it saves it the message, one after it sees its work", async () => {
    const filter = (name: string, text: string): Activity => ({ name, kind: "filter", filter: text });
    const activities = [filter("first", "building_id <> 1"), lambda(), filter("second", "meter_reading < 100")];
    const envelope = [...buildings(1), reading({ building_id: 2 }), reading({ building_id: 3, meter_reading: 1 })];
    const { batches, stored, leftOut } = await run(activities, doubled, [envelope]);
    expect(batches[0]?.map((message) => message["building_id"])).to.deep.equal([2, 3]);
    expect(stored.map((row) => [row["building_id"], row["meter_reading"]])).to.deep.equal([[3, 2]]);
    expect(leftOut.map(({ position, ended, by }) => ({ position, ended, by }))).to.deep.equal([
      { position: 0, ended: "dropped", by: "first" },
      { position: 1, ended: "dropped", by: "second" },
    ]);
  });

  it("may follow another: each gets what the one before gave", async () => {
    const { stored } = await run([lambda(), lambda({ name: "again" })], doubled, [[reading({ meter_reading: 1 })]]);
    expect(stored[0]?.["meter_reading"]).to.equal(4);
  });

  it("never sees what is broken", async () => {
    const bad = reading({ building_id: "1" });
    const { batches, leftOut } = await run([lambda()], doubled, [[bad, reading()]]);
    expect(batches).to.deep.equal([[reading()]]);
    expect(leftOut.map(({ by, reason }) => ({ by, reason }))).to.deep.equal([
      { by: null, reason: "building_id is not a number" },
    ]);
  });

  it("is not invoked where there is nothing for it", async () => {
    const { batches, results } = await run([lambda()], doubled, [[reading({ meter: 9 })], []]);
    expect(batches).to.deep.equal([]);
    expect(results.map(({ result }) => result)).to.deep.equal(["Dropped", "Dropped"]);
  });

  it("of weather takes observations", async () => {
    const warmer: TeamFunction = (messages) => messages.map((message) => ({ ...message, air_temperature: 30 }));
    const { stored } = await run([lambda()], warmer, [[observation()]], "weather");
    expect(stored[0]).to.deep.include({ site_id: 0, air_temperature: 30, wind_speed: 3.1, city: "Jacksonville" });
  });
});

describe("A lambda activity that breaks its contract", () => {
  const rejected = { ended: "rejected", by: "scale", reason: "lambda failed: scale" };
  const faults: [what: string, work: TeamFunction][] = [
    ["fewer messages than it got", (messages) => messages.slice(1)],
    ["more messages than it got", (messages) => [...messages, ...messages]],
    ["no array", (messages) => ({ messages })],
    ["nothing", () => undefined],
    [
      "an error",
      () => {
        throw new FunctionFailure("scale-function failed: out of order");
      },
    ],
  ];
  for (const [what, work] of faults) {
    it(`with ${what} has the batch rejected with the bytes of each, and no other batch`, async () => {
      const second: TeamFunction = (messages) => (messages[0]?.["building_id"] === 1 ? work(messages) : messages);
      const envelope = buildings(1, 2, 3);
      const { stored, leftOut, sentences } = await run([lambda({ batchSize: 2 })], second, [envelope]);
      expect(stored.map((row) => row["building_id"])).to.deep.equal([3]);
      expect(
        leftOut.map(({ position, ended, by, reason, payload }) => ({
          position,
          ended,
          by,
          reason,
          payload: text(payload),
        })),
      ).to.deep.equal([
        { position: 0, ...rejected, payload: JSON.stringify(envelope[0]) },
        { position: 1, ...rejected, payload: JSON.stringify(envelope[1]) },
      ]);
      expect(sentences).to.have.length(1);
      expect(sentences[0]).to.match(/^lambda activity "scale": 2 messages rejected: /);
    });
  }

  it("for one message has that one rejected", async () => {
    const work: TeamFunction = (messages) => messages.map((message, index) => [message, null, [message], "x"][index]);
    const { stored, leftOut } = await run([lambda()], work, [buildings(1, 2, 3, 4)]);
    expect(stored.map((row) => row["building_id"])).to.deep.equal([1]);
    expect(leftOut.map(({ ended, by, reason }) => ({ ended, by, reason }))).to.deep.equal([
      rejected,
      rejected,
      rejected,
    ]);
  });

  it("with a field that is not good has that message rejected for the field, by its name", async () => {
    const work: TeamFunction = (messages) => messages.map((message) => ({ ...message, meter_reading: "much" }));
    const { leftOut } = await run([lambda()], work, [[reading()]]);
    expect(leftOut[0]).to.deep.include({ ended: "rejected", by: "scale", reason: "meter_reading is not a number" });
  });

  it("with a value that does not fit its declared column has that message rejected", async () => {
    const work: TeamFunction = (messages) => messages.map((message) => ({ ...message, level: 0.5 }));
    const { leftOut } = await run([lambda({ columns: { level: "int" } })], work, [[reading()]]);
    expect(leftOut[0]?.reason).to.equal("level is not an integer");
  });

  it("by taking too long leaves the rest rejected, in time for the transform to answer", async () => {
    const { functions, batches, sentences } = functionsOf(doubled, 74_999);
    const transform = compileStagedTransform(transformConfig("readings", { activities: [lambda()] }));
    const result = await transform(event(wrapped(JSON.stringify([reading()]))), functions);
    expect(batches).to.deep.equal([]);
    expect(leftOutRows(result)[0]).to.deep.include(rejected);
    expect(sentences[0]).to.include("there was no time left for it");
  });
});

describe("A pipeline with a lambda activity", () => {
  it("fails as a whole when a call fails, not the function: Firehose repeats it", async () => {
    const { functions } = functionsOf(() => {
      throw new Error("Rate exceeded");
    });
    const transform = compileStagedTransform(transformConfig("readings", { activities: [lambda()] }));
    const error: unknown = await transform(event(wrapped(JSON.stringify(reading()))), functions).catch(
      (error: unknown) => error,
    );
    expect(String(error)).to.equal("Error: Rate exceeded");
  });

  it("gives the same as without where the function changes nothing", async () => {
    const activities: Activity[] = [
      { name: "no 1", kind: "filter", filter: "building_id <> 1" },
      { name: "kbtu", kind: "math", attribute: "kbtu", math: "meter_reading * 3.5" },
      { name: "copy", kind: "addAttributes", attributes: { kbtu: "again" } },
    ];
    const input = event(
      wrapped(JSON.stringify([...buildings(1, 2), reading({ meter: 7 }), 5]), { recordId: "1" }),
      wrapped("[]", { recordId: "2" }),
      wrapped("no JSON", { recordId: "3" }),
      wrapped(JSON.stringify(reading({ meter_reading: 1e300 })), { recordId: "4" }),
    );
    const { functions } = functionsOf((messages) => messages);
    const plain = compileTransform(transformConfig("readings", { activities }))(input);
    for (let at = 0; at <= activities.length; at++) {
      const staged = compileStagedTransform(
        transformConfig("readings", { activities: activities.toSpliced(at, 0, lambda()) }),
      );
      expect(await staged(input, functions)).to.deep.equal(plain);
    }
  });

  it("is not for the bundle that cannot invoke functions", () => {
    expect(() => compileTransform(transformConfig("readings", { activities: [lambda()] }))).to.throw(
      /has a lambda activity/,
    );
  });
});
