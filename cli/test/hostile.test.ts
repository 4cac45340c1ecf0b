import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { evaluate } from "@metercast/graph";
import { run, type Row, type Simulator } from "@metercast/simulator";
import { accountingOf, type Accounting } from "../accounting.ts";
import { MqttConnection, publishPacket } from "../fuzzing/mqtt-connection.ts";
import { openStored } from "../stored.ts";

/** How an element ended; undefined: in no place, since the message was never taken. */
type End = "stored" | { rejected: string } | { dropped: string };

interface Case {
  /** @param building an id that no other case has */
  payload: (building: number) => string | Uint8Array;
  /** Of each element, in their order. */
  ends: End[];
  /** @default metercast/dev/{case}/meter/electricity */
  topic?: string;
  /** Buildings that are stored, where they are not all the given one. */
  buildings?: (building: number) => number[];
  retain?: boolean;
}

const stamp = 1_544_065_200_000;

function reading(building: number, change: Record<string, unknown> = {}): string {
  return JSON.stringify({ building_id: building, meter: 0, timestamp: stamp, meter_reading: 63.1, ...change });
}

function without(building: number, name: string): string {
  return reading(building, { [name]: undefined });
}

/** A reading with another text in place of its value. */
function valued(building: number, value: string): string {
  return reading(building).replace("63.1", value);
}

function padded(text: string, bytes: number): string {
  return text + " ".repeat(bytes - Buffer.byteLength(text));
}

const rejected = (reason: string): End[] => [{ rejected: reason }];
const stored: End[] = ["stored"];

const cases: Record<string, Case> = {
  "a good reading": { payload: reading, ends: stored },
  "text that is no JSON": { payload: (b) => reading(b).slice(0, -1), ends: rejected("not JSON") },
  "two readings without an array": { payload: (b) => reading(b) + reading(b), ends: rejected("not JSON") },
  "bytes that are no UTF-8": {
    payload: (b) => Buffer.from(reading(b, { note: "é" }), "latin1"),
    ends: rejected("not UTF-8"),
  },
  "a byte order mark": { payload: (b) => `\uFEFF${reading(b)}`, ends: stored },
  "no building_id": { payload: (b) => without(b, "building_id"), ends: rejected("missing building_id") },
  "no meter": { payload: (b) => without(b, "meter"), ends: rejected("missing meter") },
  "no timestamp": { payload: (b) => without(b, "timestamp"), ends: rejected("missing timestamp") },
  "no meter_reading": { payload: (b) => without(b, "meter_reading"), ends: rejected("missing meter_reading") },
  "a reading of null": { payload: (b) => valued(b, "null"), ends: rejected("missing meter_reading") },
  "an object as reading": { payload: (b) => valued(b, "{}"), ends: rejected("meter_reading is not a number") },
  "a boolean as reading": { payload: (b) => valued(b, "true"), ends: rejected("meter_reading is not a number") },
  "a number as text": { payload: (b) => valued(b, '"63.1"'), ends: rejected("meter_reading is not a number") },
  "a building as text": {
    payload: (b) => reading(b, { building_id: String(b) }),
    ends: rejected("building_id is not a number"),
  },
  "half a building": { payload: (b) => reading(b + 0.5), ends: rejected("building_id is not an integer") },
  "a building beyond 32 bits": { payload: () => reading(2 ** 31), ends: rejected("building_id is out of range") },
  "NaN": { payload: (b) => valued(b, "NaN"), ends: rejected("not JSON") },
  "1e400": { payload: (b) => valued(b, "1e400"), ends: rejected("meter_reading is not finite") },
  "-1e400": { payload: (b) => valued(b, "-1e400"), ends: rejected("meter_reading is not finite") },
  "an unknown meter": { payload: (b) => reading(b, { meter: 4 }), ends: rejected("meter is not 0, 1, 2 or 3") },
  "a stamp in seconds": {
    payload: (b) => reading(b, { timestamp: stamp / 1000 }),
    ends: rejected("timestamp is out of range"),
  },
  "a stamp as text": {
    payload: (b) => reading(b, { timestamp: "2018-12-06T03:00:00Z" }),
    ends: rejected("timestamp is not a number"),
  },
  "a stamp of the last century": {
    payload: (b) => reading(b, { timestamp: Date.UTC(2000, 0, 1) - 1 }),
    ends: rejected("timestamp is out of range"),
  },
  "the first stamp that is accepted": { payload: (b) => reading(b, { timestamp: Date.UTC(2000, 0, 1) }), ends: stored },
  "a stamp of the day after tomorrow": {
    payload: (b) => reading(b, { timestamp: Date.now() + 25 * 3_600_000 }),
    ends: rejected("timestamp is out of range"),
  },
  "a stamp of tomorrow": { payload: (b) => reading(b, { timestamp: Date.now() + 23 * 3_600_000 }), ends: stored },
  "fields that __proto__ would bring": {
    payload: (b) => `{"__proto__":${reading(b)}}`,
    ends: rejected("missing building_id"),
  },
  "__proto__ beside good fields": {
    payload: (b) => reading(b).replace("{", '{"__proto__":{"meter_reading":"x"},"constructor":1,'),
    ends: stored,
  },
  "an attribute of 10,000 levels": {
    payload: (b) => reading(b).replace("}", `,"deep":${"[".repeat(10_000)}${"]".repeat(10_000)}}`),
    ends: stored,
  },
  "an array of 10,000 levels": {
    payload: () => "[".repeat(10_000) + "]".repeat(10_000),
    ends: rejected("nested envelope"),
  },
  "objects of 10,000 levels": {
    payload: () => `${'{"a":'.repeat(10_000)}0${"}".repeat(10_000)}`,
    ends: rejected("missing building_id"),
  },
  "duplicate keys, of which the last counts": {
    payload: (b) => reading(b - 1).replace("}", `,"building_id":${b}}`),
    ends: stored,
  },
  "an empty payload": { payload: () => "", ends: rejected("empty message") },
  "a number": { payload: () => "5", ends: rejected("not an object") },
  "null": { payload: () => "null", ends: rejected("not an object") },
  "a text": { payload: (b) => JSON.stringify(reading(b)), ends: rejected("not an object") },
  "an empty envelope": { payload: () => "[]", ends: rejected("empty envelope") },
  "an envelope of 1,300": {
    payload: (b) => `[${Array.from({ length: 1300 }, (_, i) => reading(b + i)).join()}]`,
    ends: Array<End>(1300).fill("stored"),
    buildings: (b) => Array.from({ length: 1300 }, (_, i) => b + i),
  },
  "an envelope with one bad element": {
    payload: (b) => `[${reading(b)}, ${reading(b, { meter: 9 })} ,${reading(b + 1)}]`,
    ends: ["stored", { rejected: "meter is not 0, 1, 2 or 3" }, "stored"],
    buildings: (b) => [b, b + 1],
  },
  "a nested envelope": {
    payload: (b) => `[[${reading(b + 1)}],${reading(b)},7]`,
    ends: [{ rejected: "nested envelope" }, "stored", { rejected: "not an object" }],
  },
  "131,072 bytes": { payload: (b) => padded(reading(b), 131_072), ends: stored },
  "131,072 bytes that are no JSON": { payload: () => "x".repeat(131_072), ends: rejected("not JSON") },
  "one byte more": { payload: (b) => padded(reading(b), 131_073), ends: [] },
  "a topic of nine levels": { payload: reading, ends: [], topic: "metercast/dev/{case}/meter/electricity/a/b/c/d" },
  "a topic of 257 bytes": { payload: reading, ends: [], topic: `metercast/dev/{case}/${"x".repeat(250)}` },
  "a topic with NUL": { payload: reading, ends: [], topic: "metercast/dev/{case}\0/meter/electricity" },
  "a topic with a wildcard": { payload: reading, ends: [], topic: "metercast/dev/{case}/meter/+" },
  "a topic with an empty level": { payload: reading, ends: stored, topic: "metercast/dev//meter/electricity" },
  "Basic Ingest": {
    payload: reading,
    ends: stored,
    topic: "$aws/rules/metercast_dev_electricity/metercast/dev/{case}/meter/electricity",
  },
  "a retained message": { payload: reading, ends: stored, retain: true },
  "a retained message without payload": { payload: () => "", ends: rejected("empty message"), retain: true },
  "what a filter drops": {
    payload: () => reading(1099, { meter: 2 }),
    ends: [{ dropped: "filter: building_id <> 1099" }],
    topic: "metercast/dev/{case}/meter/steam",
  },
  "an observation on a meter's topic": {
    payload: () => JSON.stringify({ site_id: 0, timestamp: stamp, air_temperature: 25 }),
    ends: rejected("missing building_id"),
  },
};

/** Taken, and by no rule: AWS keeps nothing of them. */
const unroutedTopics = [
  "metercast/dev/{case}/meter/electricity/a/b/c",
  "metercast/dev/{case}/meter/gas",
  "/metercast/dev/{case}/meter/electricity",
  "metercast/dev/{case}/meter/electricity/",
  "$other/dev/{case}/meter/electricity",
  "$aws/rules/metercast_dev_unknown/metercast/dev/{case}/meter/electricity",
  "/",
  " ",
  "unknown",
];

const transports = ["mqtt", "http"] as const;
type Transport = (typeof transports)[number];

/** A case as it is sent; the city of its topic tells its rows from others. */
interface Sent {
  name: string;
  transport: Transport;
  case: Case;
  building: number;
  topic: string;
  payload: Uint8Array;
}

const sent: Sent[] = Object.entries(cases).flatMap(([name, one], index) =>
  transports.map((transport, which) => {
    const building = 100_000 + 4000 * index + 2000 * which;
    return {
      name,
      transport,
      case: one,
      building,
      topic: (one.topic ?? "metercast/dev/{case}/meter/electricity").replace("{case}", `case-${index}-${transport}`),
      payload: Buffer.from(one.payload(building) as string),
    };
  }),
);

describe("hostile messages to the environment dev", function () {
  this.timeout(120_000);
  const data = mkdtempSync(join(tmpdir(), "metercast-"));
  const warnings: string[] = [];
  const answers = new Map<Sent, boolean>();
  const unroutedAnswers: boolean[] = [];
  let brokenAnswers: string[] = [];
  let leftOut: Row[];
  let rows: Row[];
  let accounting: Accounting;

  before(async () => {
    const simulator = await run({
      evaluation: await evaluate("dev"),
      data,
      mqttPort: 0,
      httpPort: 0,
      warn: (sentence) => warnings.push(sentence),
      onFailure: (error) => {
        throw error;
      },
    });
    for (const one of sent) answers.set(one, await send(simulator, one.transport, one.topic, one.payload, one.case));
    for (const topic of unroutedTopics) {
      for (const transport of transports) {
        unroutedAnswers.push(
          await send(simulator, transport, topic.replace("{case}", "none"), Buffer.from(reading(1))),
        );
      }
    }
    brokenAnswers = await breakConnections(simulator);
    await simulator.flush();
    await simulator.close();
    const kept = await openStored(data);
    leftOut = await kept.catalog.query('SELECT * FROM left_out ORDER BY record_id, "position"');
    rows = await kept.catalog.query('SELECT * FROM readings_landing ORDER BY record_id, "position"');
    accounting = await accountingOf(kept);
    kept.catalog.close();
  });

  after(() => rmSync(data, { recursive: true }));

  /** Whether the message was taken. */
  async function send(
    { mqttPort, http }: Simulator,
    transport: Transport,
    topic: string,
    payload: Uint8Array,
    { retain = false }: { retain?: boolean } = {},
  ): Promise<boolean> {
    if (transport === "http") {
      const url = `${http}/topics/${encodeURIComponent(topic)}?qos=1&retain=${retain}`;
      return (await fetch(url, { method: "POST", body: payload as Uint8Array<ArrayBuffer> })).ok;
    }
    const connection = await MqttConnection.open(mqttPort ?? 0, { clientId: "hostile" });
    const answer = await connection.publish(topic, payload, { retain });
    await connection.disconnect();
    return answer === "acknowledged";
  }

  /** Connections that break or are broken; gives what the last publish on each was answered. */
  async function breakConnections({ mqttPort = 0 }: Simulator): Promise<string[]> {
    const payload = Buffer.from(reading(1));
    const topic = "metercast/dev/broken/meter/electricity";
    const open = (clientId: string) => MqttConnection.open(mqttPort, { clientId });

    const middle = await open("in-the-middle-of-a-packet");
    middle.write(publishPacket(topic, payload, 1, {}).subarray(0, -10));
    await middle.break();

    const willed = await MqttConnection.open(mqttPort, {
      clientId: "with-a-will",
      will: { topic: "metercast/dev/will/meter/electricity", payload: Buffer.from("the last words") },
    });
    willed.write(publishPacket(topic, payload, 1, {}).subarray(0, 5));
    await willed.break();

    const garbage = await open("garbage");
    garbage.write(Buffer.from([0xf0, 0xff, 0xff, 0xff, 0xff, 0xff]));
    await garbage.closed;

    const noText = await open("topic-without-utf8");
    const answer = await noText.publish(Buffer.from("metercast/dev/\xff/meter/electricity", "latin1"), payload);
    const twice = await open("exactly-once");
    const qos2 = await twice.publish(topic, payload, { qos: 2 });
    const endless = await open("endless-packet");
    endless.write(Buffer.from([0x32, 0xff, 0xff, 0xff, 0x7f]));
    let megabytes = 0;
    for (; !endless.isClosed && megabytes < 100; megabytes++) {
      endless.write(Buffer.alloc(1024 * 1024));
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    const after = await open("after-all");
    const last = await after.publish("metercast/dev/after/meter/electricity", Buffer.from("still here"));
    await after.disconnect();
    return [answer, qos2, endless.isClosed ? "closed" : "open", last];
  }

  for (const one of sent) {
    const { name, transport, case: expected, building, topic, payload } = one;
    const [first] = expected.ends;
    const end =
      expected.ends.length === 0 ? "is refused" : expected.ends.length > 1 ? "ends element by element" : first;
    it(`${name}, over ${transport}: ${typeof end === "object" ? JSON.stringify(end) : end}`, () => {
      expect(answers.get(one)).to.equal(expected.ends.length > 0);
      const its = leftOut.filter((row) => row["topic"] === topic);
      expect(its.map(({ position, reason, by }) => ({ position, reason, by }))).to.deep.equal(
        expected.ends.flatMap((end, position) => {
          if (end === "stored") return [];
          return [
            "rejected" in end
              ? { position, reason: end.rejected, by: null }
              : { position, reason: null, by: end.dropped },
          ];
        }),
      );
      const its1 = rows.filter((row) => within(Number(row["building_id"]), building));
      const positions = expected.ends.flatMap((end, position) => (end === "stored" ? [position] : []));
      expect(its1.map(({ position }) => position)).to.deep.equal(positions);
      expect(its1.map(({ building_id }) => building_id)).to.deep.equal(
        positions.length === 0 ? [] : (expected.buildings?.(building) ?? [building]),
      );
      if (expected.ends.length === 1 && first !== "stored") {
        expect(its[0]?.["payload"]).to.equal(originalOf(payload));
        expect(its[0]?.["client"]).to.equal(transport === "mqtt" ? "hostile" : "n/a");
      }
    });
  }

  it("leaves out the bad element of an envelope with its own bytes", () => {
    const [bad] = leftOut.filter((row) => row["reason"] === "meter is not 0, 1, 2 or 3" && row["position"] === 1);
    const its = sent.find(({ name }) => name === "an envelope with one bad element");
    expect(Buffer.from(bad?.["payload"] as string, "base64").toString()).to.equal(
      reading(its?.building ?? 0, { meter: 9 }),
    );
  });

  it("takes a message for which there is no rule, and counts it apart", () => {
    expect(unroutedAnswers).to.deep.equal(unroutedAnswers.map(() => true));
    expect(accounting.unrouted).to.equal(unroutedAnswers.length);
  });

  it("takes nothing of a message whose connection broke, publishes the client's will, and goes on", () => {
    expect(brokenAnswers).to.deep.equal(["closed", "closed", "closed", "acknowledged"]);
    const of = (city: string) => leftOut.filter((row) => (row["topic"] as string).includes(`/${city}/`));
    expect(of("broken")).to.have.length(0);
    expect(of("will").map(({ payload }) => payload)).to.deep.equal([btoa("the last words")]);
    expect(of("after").map(({ payload }) => payload)).to.deep.equal([btoa("still here")]);
    expect(rows.filter(({ building_id }) => building_id === 1)).to.have.length(0);
  });

  it("says of each refused message why", () => {
    // a wildcard is refused by the protocol itself
    const refused = sent.filter(
      ({ transport, topic, case: { ends } }) => transport === "mqtt" && ends.length === 0 && !topic.includes("+"),
    );
    for (const { topic, name } of refused) {
      expect(
        warnings.some((sentence) => sentence.includes(topic.slice(0, 100))),
        name,
      ).to.equal(true);
    }
  });

  it("accounts for every element that was taken", () => {
    const ends = sent.flatMap(({ case: { ends } }) => ends);
    const count = (kind: string) => ends.filter((end) => typeof end === "object" && kind in end).length;
    const sum = (counts: Record<string, number>) => Object.values(counts).reduce((total, one) => total + one, 0);
    expect(accounting.readings.stored).to.equal(ends.filter((end) => end === "stored").length);
    expect(sum(accounting.readings.dropped)).to.equal(count("dropped"));
    // the will, and the message after the broken connections
    expect(sum(accounting.readings.rejected)).to.equal(count("rejected") + 2);
    expect(accounting.weather.accepted).to.equal(0);
  });
});

function within(building: number, from: number): boolean {
  return building >= from && building < from + 2000;
}

/** The bytes of a message, or of the only element of an envelope. */
function originalOf(payload: Uint8Array): string {
  const text = Buffer.from(payload).toString("latin1");
  const element = text.startsWith("[") && text !== "[]" ? text.slice(1, -1) : text;
  return Buffer.from(element, "latin1").toString("base64");
}
